package bailey.core.error;

/**
 * A request that is wrong in itself, refused before the first step: names the option or control,
 * its value and an example of a good one.
 */
public final class BadRequest extends ContainerException {
  private static final long serialVersionUID = 1;

  private final boolean outOfRange;

  /** With the whole sentence. */
  public BadRequest(String sentence) {
    this(sentence, false);
  }

  /** A value of the right form that is beyond what there may be, with the whole sentence. */
  public static BadRequest outOfRange(String sentence) {
    return new BadRequest(sentence, true);
  }

  private BadRequest(String sentence, boolean outOfRange) {
    super(sentence);
    this.outOfRange = outOfRange;
  }

  /** Whether the value has the right form, but is too large or too small. */
  public boolean isOutOfRange() {
    return outOfRange;
  }

  /** With the whole sentence and what led to it. */
  public BadRequest(String sentence, Throwable cause) {
    super(sentence, cause);
    this.outOfRange = false;
  }
}
