package bailey.core.container;

import bailey.core.error.BadRequest;
import java.util.Optional;

/**
 * What the value of a control file looks like. A format is total: each text is either its canonical
 * form or refused with a sentence.
 */
public interface ValueFormat {
  /**
   * Checks a value as a user wrote it.
   *
   * @param control the full name of the control file: it begins the error
   * @return the value as the control file would show it
   * @throws BadRequest naming {@code control}, the text and an example
   */
  String canonical(String control, String text);

  /**
   * The stricter of two canonical values, where one may be stricter than the other: of two numbers
   * the lower, of two sets what is in both. Empty where values cannot be compared.
   */
  default Optional<String> lower(String a, String b) {
    return Optional.empty();
  }

  /**
   * What to write, with an example, fit to follow "write": {@code bytes or max, for example 64M}.
   */
  String help();
}
