package bailey.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import org.junit.jupiter.api.Test;

class LimitTest {
  @Test
  void isASizeOrMax() {
    assertThat(Limit.parse("--memory", "64M")).isEqualTo(Limit.ofBytes(67_108_864));
    assertThat(Limit.parse("--memory", "max")).isEqualTo(Limit.max());
  }

  @Test
  void nothingElseMeansMax() {
    assertThatThrownBy(() -> Limit.parse("--memory", "MAX")).isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> Limit.parse("--memory", "-1")).isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> Limit.parse("--memory", "unlimited"))
        .hasMessageStartingWith("--memory: unlimited is not a size; write");
  }

  @Test
  void tellsItsBytes() {
    assertThat(Limit.ofBytes(5).bytes()).hasValue(5);
    assertThat(Limit.max().bytes()).isEmpty();
  }

  @Test
  void isWrittenForControlFilesInBytesAndForPeopleShort() {
    assertThat(Limit.parse("--memory", "1.5G").controlText()).isEqualTo("1610612736");
    assertThat(Limit.parse("--memory", "64M")).hasToString("64M");
    assertThat(Limit.max().controlText()).isEqualTo("max");
    assertThat(Limit.max()).hasToString("max");
  }
}
