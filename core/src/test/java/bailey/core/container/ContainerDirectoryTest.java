package bailey.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerDirectoryTest {
  private static ContainerPath path(String text) {
    return ContainerPath.parse("--name", text);
  }

  @Test
  void asciiIsReadable() {
    assertThat(path("ci/job 42~\u0001").directory()).isEqualTo("c-ci/c-job 42~\u0001");
  }

  @Test
  void theRestIsEncodedForAnyLocale() {
    assertThat(path("ci/f\u00fcnf").directory()).isEqualTo("c-ci/b-ZsO8bmY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "a/b/c", "b-ZsO8bmY", "f\u00fcnf", "\uD83C\uDFF0/\u00e9", "c-c-"})
  void thereAndBack(String name) {
    var there = path(name);
    assertThat(ContainerPath.ofDirectory(there.directory())).contains(there);
  }

  @Test
  void theLongestStaysBelowPathMax() {
    var longest = "\u00e9".repeat(50) + ("/" + "\u00e9".repeat(10)).repeat(127);
    assertThat(path(longest).directory().length()).isLessThan(4096 - 100);
  }

  /** d29yZA is "word", which would not have been encoded; YS9i is "a/b". */
  @ParameterizedTest
  @ValueSource(strings = {"web", "c-web/x", "b-d29yZA", "b-YS9i", "b-!", "c-.", "c-a//c-b"})
  void othersAreNobodys(String directory) {
    assertThat(ContainerPath.ofDirectory(directory)).isEqualTo(Optional.empty());
  }
}
