package bailey.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTest {
  private static final long SEED = 42;

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "65536, 65536",
    "64M, 67108864",
    "64MiB, 67108864",
    "1K, 1024",
    "1.5G, 1610612736",
    "0.5K, 512",
    "0.0009765625K, 1",
    "2T, 2199023255552",
    "9223372036854775807, 9223372036854775807",
    "8388607T, 9223370937343148032",
    "1.0, 1"
  })
  void readsExactly(String text, long bytes) {
    assertThat(Size.parse("--memory", text)).isEqualTo(new Size(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "64Q", "64m", "64MB", "64 M", "-1", "+1", "1e3", "0x10", "1.G", ".5G", "1.5.5",
        "M", "64M\n", "٣", "1,5G", "01", "max", "64Mi", "NaN", "1_000"
      })
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> Size.parse("--memory", text))
        .isInstanceOf(BadRequest.class)
        .hasMessageMatching(
            "--memory: .* is not a size; write bytes or a number with K, M, G or T, for example"
                + " 64M");
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> Size.parse("--memory", "64Q"))
        .hasMessage(
            "--memory: 64Q is not a size; write bytes or a number with K, M, G or T, for example"
                + " 64M");
    assertThatThrownBy(() -> Size.parse("--memory", ""))
        .hasMessageStartingWith("--memory: an empty value is not a size");
    assertThatThrownBy(() -> Size.parse("--memory", "0.1K"))
        .hasMessage(
            "--memory: 0.1K is not a whole number of bytes; write a size such as 1.5G or 64M");
    assertThatThrownBy(() -> Size.parse("--memory", "a\nb\u0007"))
        .hasMessageStartingWith("--memory: a?b? is not");
    assertThatThrownBy(() -> Size.parse("--memory", "x".repeat(500)))
        .message()
        .hasSizeLessThan(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "8388608T", "99999999999999999999999999T"})
  void refusesWhatDoesNotFit(String text) {
    assertThatThrownBy(() -> Size.parse("--memory", text))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("is too large");
  }

  @Test
  void refusesToBeNegative() {
    assertThatThrownBy(() -> new Size(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "1024, 1K", "67108864, 64M", "1610612736, 1536M", "1048577, 1048577"})
  void isWrittenShortAndExact(long bytes, String text) {
    assertThat(new Size(bytes)).hasToString(text);
  }

  @Test
  void whatIsWrittenIsReadBack() {
    var random = new Random(SEED);
    for (int i = 0; i < 10_000; i++) {
      var size = new Size(random.nextLong() >>> (1 + random.nextInt(63)));
      assertThat(Size.parse("size", size.toString())).as("seed %s", SEED).isEqualTo(size);
    }
  }

  /** Against arithmetic of another kind: a decimal fraction of a unit is whole bytes or refused. */
  @Test
  void fractionsAreExactOrRefused() {
    var random = new Random(SEED);
    for (int i = 0; i < 10_000; i++) {
      var number = new BigDecimal(random.nextInt(1_000_000)).movePointLeft(random.nextInt(6));
      int unit = random.nextInt(4);
      var text = number.toPlainString() + "KMGT".charAt(unit);
      var exact = number.multiply(BigDecimal.valueOf(1024).pow(unit + 1));
      try {
        assertThat(BigDecimal.valueOf(Size.parse("size", text).bytes()))
            .as(text)
            .isEqualByComparingTo(exact);
      } catch (BadRequest e) {
        assertThat(exact.stripTrailingZeros().scale())
            .as("%s: %s", text, e.getMessage())
            .isPositive();
      }
    }
  }

  @Test
  void ordersByBytes() {
    assertThat(Size.parse("a", "1M")).isLessThan(Size.parse("b", "1.5M"));
  }
}
