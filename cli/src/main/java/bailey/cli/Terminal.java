package bailey.cli;

import bailey.cli.command.Environment;
import bailey.cli.output.Colour;

/** Whether standard output shows colour. */
final class Terminal {
  private Terminal() {}

  /**
   * Colour where standard output is a terminal, unless NO_COLOR (no-color.org) or a dumb TERM says
   * otherwise.
   */
  static Colour colour(Environment environment, boolean isTerminal) {
    return isTerminal
            && environment.get("NO_COLOR", "").isEmpty()
            && !environment.get("TERM", "dumb").equals("dumb")
        ? Colour.ON
        : Colour.OFF;
  }
}
