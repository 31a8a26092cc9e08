package bailey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The launcher with what this build has made. */
class LauncherIT {
  private static final Path HOME = Path.of(System.getProperty("bailey.home"));

  private final ProcessBuilder builder =
      new ProcessBuilder(HOME.resolve("bailey").toString(), "version");

  LauncherIT() {
    builder.environment().remove("JAVA_HOME");
  }

  @Test
  void startsWithoutBuilding() throws Exception {
    var built = HOME.resolve("cli/target/dist/lib/built");
    var before = Files.getLastModifiedTime(built);
    var outcome = Checkout.outcome(builder.start());
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.status()).isZero();
    assertThat(outcome.out()).isNotEmpty();
    assertThat(Files.getLastModifiedTime(built)).isEqualTo(before);
  }

  /** A cache that does not fit is otherwise ignored without a word, and the start is slower. */
  @Test
  void theCacheFits() throws Exception {
    builder.environment().put("JDK_JAVA_OPTIONS", "-XX:AOTMode=on");
    assertThat(Checkout.outcome(builder.start()).status()).isZero();
  }
}
