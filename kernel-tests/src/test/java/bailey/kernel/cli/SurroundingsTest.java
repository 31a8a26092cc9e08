package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A start from where things are missing that every program expects. */
class SurroundingsTest {
  @TempDir Path folder;

  /** The output and exit status of a script, in which $BAILEY is the launcher. */
  private String shell(String script) throws IOException, InterruptedException {
    var output = folder.resolve("output");
    var builder = new ProcessBuilder("sh", "-c", script);
    builder.environment().put("BAILEY", Bailey.LAUNCHER.toString());
    builder.directory(folder.toFile());
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    var process = builder.start();
    process.getOutputStream().close();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output) + process.exitValue();
  }

  @Test
  void aDirectoryThatWasRemoved() throws Exception {
    String script = "mkdir gone; cd gone; rmdir ../gone; exec \"$BAILEY\" run -- pwd 2> ../errors";
    assertThat(shell(script)).isEqualTo("/\n0");
    // the shell's own complaint
    assertThat(Files.readString(folder.resolve("errors"))).doesNotContain("java");
  }

  @Test
  void noProc() throws Exception {
    assertThat(shell("unshare --mount sh -c 'umount -l /proc; \"$BAILEY\" run -- true'"))
        .startsWith("bailey: cannot start: /proc is not mounted")
        .endsWith("\n125")
        .hasLineCount(2);
  }

  @ParameterizedTest
  @CsvSource({"<&-,0", ">&-,1", "2>&-,2"})
  void aClosedStreamStaysClosed(String redirection, int closed) throws Exception {
    String look = "[ -e /proc/self/fd/" + closed + " ] && exit 9; exit 7";
    assertThat(shell("\"$BAILEY\" run -- sh -c '" + look + "' " + redirection)).isEqualTo("7");
  }

  /** The container's output once went to whichever file had the number of the closed one. */
  @Test
  void nothingElseHasTheNumberOfAClosedStream() throws Exception {
    assertThat(
            shell(
                "\"$BAILEY\" run --name closed-$$ -t -- sleep 2 >&- <&- & sleep 1.5;"
                    + " ls -l /proc/$!/fd/0 /proc/$!/fd/1 | sed 's/.*-> //'; wait $!"))
        .isEqualTo("/dev/null\n/dev/null\n0");
  }

  @Test
  void aRootThatIsNoDirectory() throws Exception {
    assertThat(shell("\"$BAILEY\" run --root /etc/passwd -- true"))
        .isEqualTo("bailey: --root: /etc/passwd is no directory; name one that is there\n125");
  }
}
