package bailey.cli;

import bailey.cli.command.Environment;
import bailey.cli.output.Colour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether standard output is a terminal that shows colour. */
final class Terminal {
  private Terminal() {}

  /**
   * Colour where standard output is a terminal, unless NO_COLOR (no-color.org) or a dumb TERM says
   * otherwise. By the link in /proc: System.console() costs tens of milliseconds.
   */
  static Colour colour(Environment environment) {
    return environment.get("NO_COLOR", "").isEmpty()
            && !environment.get("TERM", "dumb").equals("dumb")
            && isTerminal()
        ? Colour.ON
        : Colour.OFF;
  }

  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException _) { // no /proc, or the descriptor is closed
      return false;
    }
  }
}
