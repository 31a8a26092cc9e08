package bailey.containerfs.tree;

import bailey.core.abi.Errno;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.ContainerException;
import bailey.core.error.NoSuchContainer;
import bailey.core.error.NotPossibleHere;
import bailey.core.error.StateDamaged;
import bailey.core.error.StepFailed;
import bailey.core.kernel.CgroupFiles;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An operation on a file that was refused: the number for the program, the sentence for people. */
public final class FileRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int errno;

  /** With the sentence that {@code container.last_error} shows. */
  public FileRefused(Errno errno, String sentence) {
    this(errno.number(), sentence, null);
  }

  private FileRefused(int errno, String sentence, @Nullable ContainerException cause) {
    super(sentence, cause, false, false);
    this.errno = errno;
  }

  /** What fits an operation that did not happen. */
  public static FileRefused of(ContainerException cause) {
    return new FileRefused(number(cause), String.valueOf(cause.getMessage()), cause);
  }

  /** The error number, positive. */
  public int errno() {
    return errno;
  }

  private static int number(ContainerException e) {
    return switch (e) {
      case StepFailed step -> step.errno();
      case BadRequest request ->
          ofKernel(request).orElse(request.isOutOfRange() ? Errno.ERANGE : Errno.EINVAL).number();
      case ContainerBusy busy -> ofKernel(busy).orElse(Errno.EBUSY).number();
      case NotPossibleHere impossible -> ofKernel(impossible).orElse(Errno.ENOTSUP).number();
      case NoSuchContainer _ -> Errno.ENOENT.number();
      case StateDamaged _ -> Errno.EIO.number();
    };
  }

  /** What the kernel said of a control group's file. */
  private static Optional<Errno> ofKernel(ContainerException e) {
    return e.getCause() instanceof CgroupFiles.Refused refused ? refused.errno() : Optional.empty();
  }
}
