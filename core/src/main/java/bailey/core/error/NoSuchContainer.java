package bailey.core.error;

/** The container, or the hierarchy, that was named does not exist. */
public final class NoSuchContainer extends ContainerException {
  private static final long serialVersionUID = 1;

  /** With the whole sentence. */
  public NoSuchContainer(String sentence) {
    super(sentence);
  }

  /** With the whole sentence and what led to it. */
  public NoSuchContainer(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
