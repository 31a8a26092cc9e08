package bailey.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerPathTest {
  private static final long SEED = 11;

  private static ContainerPath path(String text) {
    return ContainerPath.parse("--name", text);
  }

  @Test
  void hasComponents() {
    var path = path("ci/build/job-42");
    assertThat(path.components()).containsExactly("ci", "build", "job-42");
    assertThat(path.depth()).isEqualTo(3);
    assertThat(path.name()).isEqualTo("job-42");
    assertThat(path.parent()).contains(path("ci/build"));
    assertThat(path("ci/build").child("job-42")).isEqualTo(path).hasSameHashCodeAs(path);
    assertThat(path).hasToString("ci/build/job-42");
  }

  @Test
  void endsAtTheRoot() {
    assertThat(path("a").parent()).contains(ContainerPath.ROOT);
    assertThat(ContainerPath.ROOT.parent()).isEmpty();
    assertThat(ContainerPath.ROOT.isRoot()).isTrue();
    assertThat(ContainerPath.ROOT.directory()).isEmpty();
    assertThat(ContainerPath.ROOT).hasToString("");
    assertThat(ContainerPath.ROOT.child("a")).isEqualTo(path("a"));
  }

  @Test
  void isWithinItselfAndThoseAbove() {
    assertThat(path("a/b").isWithin(path("a"))).isTrue();
    assertThat(path("a/b").isWithin(path("a/b"))).isTrue();
    assertThat(path("a/b").isWithin(ContainerPath.ROOT)).isTrue();
    assertThat(path("ab").isWithin(path("a"))).isFalse();
    assertThat(path("a").isWithin(path("a/b"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "/a", "a/", "a//b", ".", "..", "a/..", "a/./b", "a\nb", "a\0b", "\n"})
  void refusesWhatIsNoName(String text) {
    assertThatThrownBy(() -> path(text))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("--name: ")
        .hasMessageContaining("; write ")
        .hasMessageContaining("for example web or ci/job-42");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "-x",
        "...",
        "c-",
        "cgroup.procs",
        "tasks",
        "ü",
        "日本",
        "\\",
        "\t",
        "a:b",
        "*",
        "\u0001"
      })
  void takesEveryOtherByte(String text) {
    assertThat(path(text).name()).isEqualTo(text);
    assertThat(ContainerPath.ofDirectory(path(text).directory())).contains(path(text));
  }

  @Test
  void countsBytesNotLetters() {
    assertThat(path("ü".repeat(50)).depth()).isEqualTo(1);
    assertThatThrownBy(() -> path("ü".repeat(51)))
        .hasMessageContaining("has a part of more than 100 bytes");
    assertThatThrownBy(() -> path("a".repeat(101))).isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> path("\ud800")).hasMessageContaining("is not valid UTF-8");
  }

  @Test
  void isAtMost128Deep() {
    var deep = Stream.generate(() -> "a").limit(128).collect(Collectors.joining("/"));
    assertThat(path(deep).depth()).isEqualTo(128);
    assertThatThrownBy(() -> path(deep + "/a"))
        .hasMessageContaining("is 129 containers deep, the most is 128");
    assertThatThrownBy(() -> path(deep).child("a")).isInstanceOf(BadRequest.class);
  }

  @Test
  void isAtMost2800BytesLongSoThatItsDirectoryFitsAPath() {
    var part = "a".repeat(99);
    var long28 = Stream.generate(() -> part).limit(28).collect(Collectors.joining("/"));
    assertThat(path(long28).toString()).hasSize(2799);
    assertThatThrownBy(() -> path(long28 + "/a")).hasMessageContaining("more than 2800 bytes");
    assertThat(path(long28).directory().length()).isLessThan(4096 - 256);
  }

  @Test
  void aChildIsOneComponent() {
    assertThatThrownBy(() -> path("a").child("b/c")).isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> path("a").child("..")).isInstanceOf(BadRequest.class);
  }

  @Test
  void itsDirectoryIsNeverNamedLikeAFileOfTheKernel() {
    assertThat(path("a/b").directory()).isEqualTo("c-a/c-b");
    assertThat(path("cgroup.procs").directory()).isEqualTo("c-cgroup.procs");
  }

  @Test
  void directoriesOfOthersAreNoContainers() {
    assertThat(ContainerPath.ofDirectory("c-a/tasks")).isEmpty();
    assertThat(ContainerPath.ofDirectory("a")).isEmpty();
    assertThat(ContainerPath.ofDirectory("c-")).isEmpty();
    assertThat(ContainerPath.ofDirectory("c-..")).isEmpty();
    assertThat(ContainerPath.ofDirectory("")).contains(ContainerPath.ROOT);
  }

  @Test
  void parentsComeBeforeTheirChildren() {
    assertThat(Stream.of("b", "a/b", "a", "a b", "a/a").map(ContainerPathTest::path).sorted())
        .containsExactly(path("a"), path("a/a"), path("a/b"), path("a b"), path("b"));
  }

  @Test
  void randomNamesReadBackFromTheirDirectories() {
    var random = new Random(SEED);
    for (int i = 0; i < 2_000; i++) {
      var text =
          IntStream.rangeClosed(0, random.nextInt(5))
              .mapToObj(_ -> randomPart(random))
              .collect(Collectors.joining("/"));
      var path = path(text);
      assertThat(path).as("seed %s", SEED).hasToString(text);
      assertThat(ContainerPath.ofDirectory(path.directory())).contains(path);
      assertThat(path.parent().orElseThrow().child(path.name())).isEqualTo(path);
    }
  }

  private static String randomPart(Random random) {
    var part =
        random
            .ints(1 + random.nextInt(20), 1, 0x3000)
            .filter(c -> c != '/' && c != '\n')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return part.isEmpty() || part.matches("\\.\\.?") ? "x" : part;
  }
}
