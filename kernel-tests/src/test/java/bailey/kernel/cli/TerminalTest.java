package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.testkit.KernelAbility;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** bailey at a real terminal: python3 has the other side of it. */
class TerminalTest {
  private static final Path DRIVER =
      Path.of(
          System.getProperty("bailey.home"),
          "kernel-tests/src/test/java/bailey/kernel/cli/terminal.py");

  private static Bailey.Result terminal(String script, String... command) {
    KernelAbility.require(Files.isExecutable(Path.of("/usr/bin/python3")), "python3");
    var words = new ArrayList<>(List.of("/usr/bin/python3", DRIVER.toString(), "30", "100"));
    words.addAll(List.of(command));
    return Bailey.program(script, words, Map.of("BAILEY", Bailey.LAUNCHER.toString()));
  }

  @Test
  void aShellHasATerminalOfItsOwn() {
    var result =
        terminal(
            """
            expect '$'
            send 'tty; stty size\\n'
            expect '/dev/pts/0'
            expect '30 100'
            resize 40 120
            send 'stty size\\n'
            expect '40 120'
            send 'exit 6\\n'
            """,
            Bailey.LAUNCHER.toString(),
            "run",
            "-it",
            "-e",
            "PS1=$",
            "--",
            "sh");
    assertThat(result.status()).as(result.out() + result.err()).isEqualTo(6);
  }

  /**
   * The shell that is stopped forks nothing at that moment: where ^Z meets a child between vfork(2)
   * and execve(2), its parent waits for it, and neither is ever said to be stopped.
   */
  @Test
  void keysActInside() {
    var result =
        terminal(
            """
            expect '$'
            send 'sh -c "echo o""n; exec sleep 1000"\\n'
            expect 'on\\r'
            send '\\x03'
            expect '$'
            send 'sh -c "trap \\'echo aga\\'\\'in\\' CONT; sleep 1000 & echo u""p; while :; do wait; done"\\n'
            expect 'up\\r'
            send '\\x1a'
            expect 'Stopped'
            expect '$'
            send 'fg\\n'
            expect 'again\\r'
            send '\\x03'
            expect '$'
            send '\\x04'
            """,
            Bailey.LAUNCHER.toString(),
            "run",
            "-t",
            "-e",
            "PS1=$",
            "--",
            "bash",
            "--norc",
            "-i");
    assertThat(result.status()).as(result.out() + result.err()).isEqualTo(130);
  }

  @Test
  void theShellOutsideControlsTheJob() {
    var result =
        terminal(
            """
            expect 'outside$'
            send '"$BAILEY" run -- sh -c "trap \\'echo aga\\'\\'in\\' CONT; sleep 1000 & echo begun; while :; do wait; done"\\n'
            expect 'begun\\r'
            send '\\x1a'
            expect 'Stopped'
            expect 'outside$'
            send 'fg\\n'
            expect 'again\\r'
            send '\\x03'
            expect 'outside$'
            send 'echo status $?\\n'
            expect 'status 130'
            send 'exit\\n'
            """,
            "env",
            "PS1=outside$",
            "bash",
            "--norc",
            "-i");
    assertThat(result.status()).as(result.out() + result.err()).isZero();
  }

  @Test
  void execHasATerminalToo() {
    String name = Bailey.name();
    assertThat(Bailey.run("run", "-d", "--name", name, "--", "sleep", "1000").status()).isZero();
    try {
      var result =
          terminal(
              """
              expect '30 100'
              """,
              Bailey.LAUNCHER.toString(),
              "exec",
              "-it",
              name,
              "stty",
              "size");
      assertThat(result.status()).as(result.out() + result.err()).isZero();
    } finally {
      Bailey.run("rm", "-f", name);
    }
  }

  @Test
  void colourIsForTerminals() {
    var coloured = terminal("", Bailey.LAUNCHER.toString(), "doctor");
    assertThat(coloured.out()).contains("\033[");
    var plain = terminal("", "env", "NO_COLOR=1", Bailey.LAUNCHER.toString(), "doctor");
    assertThat(plain.out()).doesNotContain("\033[").contains("ABILITY");
    assertThat(Bailey.run("doctor").out()).doesNotContain("\033[").contains("ABILITY");
  }
}
