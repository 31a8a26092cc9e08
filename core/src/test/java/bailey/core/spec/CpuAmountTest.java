package bailey.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuAmountTest {
  private static final long SEED = 7;

  @ParameterizedTest
  @CsvSource({
    "0.5, 50000 100000",
    "1, 100000 100000",
    "1.5, 150000 100000",
    "2, 200000 100000",
    "0.01, 1000 100000",
    "0.005, 5000 1000000",
    "0.001, 1000 1000000",
    "0.00001, none",
    "1.000001, 1000001 1000000",
    "0.50, 50000 100000",
    "175921860.44415, 17592186044415 100000",
    "max, max 100000"
  })
  void isQuotaAndPeriodExactly(String text, String control) {
    if (control.equals("none")) {
      assertThatThrownBy(() -> CpuAmount.parse("--cpus", text)).isInstanceOf(BadRequest.class);
    } else {
      assertThat(CpuAmount.parse("--cpus", text).controlText()).isEqualTo(control);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "50%", "-1", "+1", ".5", "1.", "1e1", "two", "0,5", "01", " 1", "NaN"})
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> CpuAmount.parse("--cpus", text))
        .isInstanceOf(BadRequest.class)
        .hasMessageMatching(
            "--cpus: .* is not an amount of CPU; write a number of CPUs, for example 0.5 or 2, or"
                + " max");
  }

  @Test
  void refusesWhatTheKernelCannotHave() {
    assertThatThrownBy(() -> CpuAmount.parse("--cpus", "0.0009"))
        .hasMessageStartingWith("--cpus: 0.0009 is less than 0.001, the least the kernel allows");
    assertThatThrownBy(() -> CpuAmount.parse("--cpus", "0"))
        .hasMessageStartingWith("--cpus: 0 is less than 0.001");
    assertThatThrownBy(() -> CpuAmount.parse("--cpus", "0.1234567"))
        .hasMessageStartingWith("--cpus: 0.1234567 is finer than a millionth of a CPU");
    assertThatThrownBy(() -> CpuAmount.parse("--cpus", "175921860.44416"))
        .hasMessageStartingWith("--cpus: 175921860.44416 is more CPUs than the kernel can count");
    assertThatThrownBy(() -> new CpuAmount(OptionalLong.of(999), 100_000))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CpuAmount(OptionalLong.of(1000), 999))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CpuAmount(OptionalLong.empty(), 1_000_001))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void quotaOverPeriodIsTheAmountAndItReadsBack() {
    var random = new Random(SEED);
    for (int i = 0; i < 10_000; i++) {
      int scale = random.nextInt(7);
      var cpus = BigDecimal.valueOf(1 + random.nextInt(100_000_000), scale);
      if (cpus.compareTo(new BigDecimal("0.001")) < 0) {
        continue;
      }
      var amount = CpuAmount.parse("--cpus", cpus.toPlainString());
      assertThat(BigDecimal.valueOf(amount.quotaMicros().orElseThrow()))
          .as("%s (seed %s)", cpus, SEED)
          .isEqualByComparingTo(cpus.multiply(BigDecimal.valueOf(amount.periodMicros())));
      assertThat(CpuAmount.parse("--cpus", amount.toString())).isEqualTo(amount);
    }
  }
}
