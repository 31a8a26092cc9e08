package bailey.cli.command;

import bailey.core.spec.Malformed;
import java.util.List;
import java.util.Locale;

/** Signals by name (signal(7)); the numbers of x86 and Arm, which are the same. */
public final class Signals {
  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private static final int RTMIN = 34; // as the C library counts: it keeps two for itself
  private static final int LARGEST = 64;

  private Signals() {}

  /** All names, by number. */
  static List<String> names() {
    return NAMES;
  }

  /** {@code KILL} for 9, {@code RTMIN+1} for 35, the number where it has no name. */
  static String name(int number) {
    if (number >= 1 && number <= NAMES.size()) {
      return NAMES.get(number - 1);
    }
    return number >= RTMIN && number <= LARGEST
        ? "RTMIN+" + (number - RTMIN)
        : Integer.toString(number);
  }

  /** Reads {@code KILL}, {@code SIGKILL}, {@code 9} or {@code RTMIN+1}. */
  public static int parse(String option, String text) {
    String name = text.toUpperCase(Locale.ROOT);
    name = name.startsWith("SIG") ? name.substring(3) : name;
    int at = NAMES.indexOf(name);
    int number =
        at >= 0
            ? at + 1
            : name.startsWith("RTMIN+") ? RTMIN + number(name.substring(6)) : number(name);
    if (number < 1 || number > LARGEST) {
      throw Malformed.value(
          option, text, "is no signal", "a name or a number, for example TERM, SIGUSR1 or 9");
    }
    return number;
  }

  private static int number(String text) {
    boolean plain =
        !text.isEmpty() && text.length() < 3 && text.chars().allMatch(Character::isDigit);
    return plain ? Integer.parseInt(text) : -LARGEST;
  }
}
