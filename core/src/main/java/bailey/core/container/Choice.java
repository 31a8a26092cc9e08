package bailey.core.container;

import bailey.core.spec.Malformed;
import java.util.List;

/**
 * One of a few words.
 *
 * @param words those that may be written, in the order of the help text
 */
public record Choice(List<String> words) implements ValueFormat {
  /** A choice of one of {@code words}. */
  public static Choice of(String... words) {
    return new Choice(List.of(words));
  }

  @Override
  public String canonical(String control, String text) {
    if (!words.contains(text)) {
      throw Malformed.value(control, text, "is not one of its values", help());
    }
    return text;
  }

  @Override
  public String help() {
    return String.join(" or ", words);
  }
}
