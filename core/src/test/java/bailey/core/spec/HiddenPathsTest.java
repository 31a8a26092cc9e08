package bailey.core.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The lists of paths are data: what can go wrong in them is their form. */
class HiddenPathsTest {
  @Test
  void kernelPathsAreAbsoluteAndNamedOnce() {
    var paths =
        Stream.concat(KernelPaths.MASKED.stream(), KernelPaths.READ_ONLY.stream())
            .map(KernelPaths.KernelPath::path)
            .toList();
    assertForm(paths, "/");
    assertThat(paths).allMatch(path -> path.startsWith("/proc/") || path.startsWith("/sys/"));
  }

  @Test
  void secretsOfTheHostAreAbsoluteAndNamedOnce() {
    assertForm(HostSecrets.OF_HOST.stream().map(HostSecrets.Secret::path).toList(), "/");
  }

  @Test
  void secretsOfHomesAreRelativeAndNamedOnce() {
    assertForm(HostSecrets.IN_OWN_HOME.stream().map(HostSecrets.Secret::path).toList(), ".");
  }

  @Test
  void noSecretIsInsideAnother() {
    // what is below a hidden directory is gone with it: a second mount there could only fail
    for (var outer : HostSecrets.OF_HOST) {
      assertThat(HostSecrets.OF_HOST)
          .noneMatch(inner -> inner.path().startsWith(outer.path() + "/"));
    }
  }

  @Test
  void everyEntryHasAReason() {
    assertThat(HostSecrets.OF_HOST).noneMatch(secret -> secret.reason().isBlank());
    assertThat(HostSecrets.IN_OWN_HOME).noneMatch(secret -> secret.reason().isBlank());
    assertThat(KernelPaths.MASKED).noneMatch(path -> path.reason().isBlank());
    assertThat(KernelPaths.READ_ONLY).noneMatch(path -> path.reason().isBlank());
  }

  private static void assertForm(List<String> paths, String start) {
    assertThat(paths).doesNotHaveDuplicates().allMatch(path -> path.startsWith(start));
    assertThat(paths).noneMatch(path -> path.endsWith("/") || path.contains("//"));
    assertThat(paths).noneMatch(path -> path.contains("*") || path.contains(".."));
  }
}
