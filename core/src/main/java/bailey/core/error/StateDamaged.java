package bailey.core.error;

/** Bailey's own record of a container cannot be read or may not be trusted. */
public final class StateDamaged extends ContainerException {
  private static final long serialVersionUID = 1;

  /** With the whole sentence. */
  public StateDamaged(String sentence) {
    super(sentence);
  }

  /** With the whole sentence and what led to it. */
  public StateDamaged(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
