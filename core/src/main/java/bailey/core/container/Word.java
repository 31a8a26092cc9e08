package bailey.core.container;

import bailey.core.spec.Malformed;
import java.nio.charset.StandardCharsets;

/**
 * A name without control characters.
 *
 * @param mostBytes the most bytes of UTF-8
 * @param example one for the help text
 */
public record Word(int mostBytes, String example) implements ValueFormat {
  @Override
  public String canonical(String control, String text) {
    boolean unprintable = text.chars().anyMatch(Character::isISOControl);
    if (text.isEmpty() || unprintable) {
      throw Malformed.value(control, text, "is no name", help());
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > mostBytes) {
      throw Malformed.value(control, text, "has more than " + mostBytes + " bytes", help());
    }
    return text;
  }

  @Override
  public String help() {
    return "a name of 1 to " + mostBytes + " bytes, for example " + example;
  }
}
