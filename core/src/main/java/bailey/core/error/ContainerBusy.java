package bailey.core.error;

/** The name is in use, or the container is in a state in which this cannot be done. */
public final class ContainerBusy extends ContainerException {
  private static final long serialVersionUID = 1;

  /** With the whole sentence. */
  public ContainerBusy(String sentence) {
    super(sentence);
  }

  /** With the whole sentence and what led to it. */
  public ContainerBusy(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
