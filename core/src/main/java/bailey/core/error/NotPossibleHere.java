package bailey.core.error;

/**
 * This kernel, or this user, lacks an ability that the request needs: names it and how to get it.
 */
public final class NotPossibleHere extends ContainerException {
  private static final long serialVersionUID = 1;

  /** With the whole sentence. */
  public NotPossibleHere(String sentence) {
    super(sentence);
  }

  /** With the whole sentence and what led to it. */
  public NotPossibleHere(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
