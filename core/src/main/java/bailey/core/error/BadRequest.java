package bailey.core.error;

/**
 * A request that is wrong in itself, refused before the first step: names the option or control,
 * its value and an example of a good one.
 */
public final class BadRequest extends ContainerException {
  private static final long serialVersionUID = 1;

  /** With the whole sentence. */
  public BadRequest(String sentence) {
    super(sentence);
  }

  /** With the whole sentence and what led to it. */
  public BadRequest(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
