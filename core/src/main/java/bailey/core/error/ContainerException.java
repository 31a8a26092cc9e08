package bailey.core.error;

import bailey.core.abi.Errno;
import org.jspecify.annotations.Nullable;

/**
 * A container operation that did not happen. The message is one sentence that names the step, the
 * object, the value, the error number and the remedy, as far as each applies; it is fit to be shown
 * to a user as it is.
 */
public abstract sealed class ContainerException extends RuntimeException
    permits BadRequest, StepFailed, NoSuchContainer, ContainerBusy, StateDamaged, NotPossibleHere {
  private static final long serialVersionUID = 1;

  ContainerException(String sentence) {
    super(sentence);
  }

  ContainerException(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /** Joins the parts of a sentence: {@code what failed: errno. remedy}. */
  static String sentence(String what, int errno, @Nullable String remedy) {
    return what + " failed: " + Errno.sentence(errno) + (remedy == null ? "" : ". " + remedy);
  }
}
