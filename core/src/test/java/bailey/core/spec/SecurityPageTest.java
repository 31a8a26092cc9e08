package bailey.core.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** docs/security.md says what the lists say. */
class SecurityPageTest {
  private static String page = "";

  @BeforeAll
  static void read() throws IOException {
    page = Files.readString(Path.of(System.getProperty("bailey.home"), "docs", "security.md"));
  }

  @Test
  void everyKeptCapabilityIsThere() {
    var kept = page.substring(page.indexOf("| kept |"), page.indexOf("| not kept"));
    for (var capability : Capability.values()) {
      assertThat(kept.contains("`" + capability.kernelName() + "`"))
          .as(capability.kernelName())
          .isEqualTo(CapabilitySet.CONTAINER_DEFAULT.contains(capability));
    }
  }

  @Test
  void everyKernelPathIsThereWithItsReason() {
    for (var path : KernelPaths.MASKED) {
      assertThat(page).contains("| `" + path.path() + "` | " + path.reason() + " |");
    }
    for (var path : KernelPaths.READ_ONLY) {
      assertThat(page).contains("| `" + path.path() + "` | " + path.reason() + " |");
    }
  }

  @Test
  void everySecretIsThereWithItsReason() {
    for (var secret : HostSecrets.OF_HOST) {
      assertThat(page).contains("`" + secret.path() + "`").contains(secret.reason());
    }
    for (var secret : HostSecrets.IN_OWN_HOME) {
      assertThat(page).contains("`~/" + secret.path() + "`").contains(secret.reason());
    }
  }
}
