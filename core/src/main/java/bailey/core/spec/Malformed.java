package bailey.core.spec;

import bailey.core.error.BadRequest;

/** The one form of sentence in which a value that a user wrote is refused. */
public final class Malformed {
  private static final int SHOWN = 60;

  private Malformed() {}

  /**
   * Such as {@code --memory: 64Q is not a size; write bytes or ..., for example 64M}.
   *
   * @param option the option or control file that the value was given to
   * @param text the value as it was given
   * @param fault what is wrong with it: {@code is not a size}
   * @param remedy what to write instead, with an example
   */
  public static BadRequest value(String option, String text, String fault, String remedy) {
    return new BadRequest(sentence(option, text, fault, remedy));
  }

  /** As {@link #value}, for one that has the right form and is too large or too small. */
  public static BadRequest range(String option, String text, String fault, String remedy) {
    return BadRequest.outOfRange(sentence(option, text, fault, remedy));
  }

  private static String sentence(String option, String text, String fault, String remedy) {
    return option + ": " + shown(text) + " " + fault + "; write " + remedy;
  }

  /** Text on one line and not endless: what was given may be anything. */
  private static String shown(String text) {
    if (text.isEmpty()) {
      return "an empty value";
    }
    var line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }
}
