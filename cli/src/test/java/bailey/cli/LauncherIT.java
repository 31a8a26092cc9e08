package bailey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with what this build has made. */
class LauncherIT {
  private static final Path HOME = Path.of(System.getProperty("bailey.home"));

  private final ProcessBuilder builder =
      new ProcessBuilder(HOME.resolve("bailey").toString(), "version");

  LauncherIT() {
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("BAILEY_SERVE", "off"); // nothing is left behind
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
    assertThat(withCacheOrNothing(HOME.resolve("cli/target/dist/lib"))).isZero();
  }

  @Test
  void aCopyAndALinkToItWorkToo(@TempDir Path folder) throws Exception {
    var copy = folder.resolve("opt");
    var cp = List.of("cp", "-a", HOME.resolve("cli/target/dist").toString(), copy.toString());
    assertThat(new ProcessBuilder(cp).start().waitFor()).isZero();
    var link = Files.createSymbolicLink(folder.resolve("bailey"), copy.resolve("bin/bailey"));
    var outcome = Checkout.outcome(builder.command(link.toString(), "version").start());
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).isNotEmpty();
  }

  /** The exit status of the JVM's command line with a cache that it must not do without. */
  private static int withCacheOrNothing(Path lib) throws Exception {
    var words = new ArrayList<String>();
    for (var word : Files.readAllLines(lib.resolve("launch"))) {
      words.add(word.replace("%", lib.toString()));
    }
    words.add(1, "-XX:AOTMode=on");
    words.add("version");
    return Checkout.outcome(new ProcessBuilder(words).start()).status();
  }
}
