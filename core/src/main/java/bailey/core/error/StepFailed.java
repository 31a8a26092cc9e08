package bailey.core.error;

import org.jspecify.annotations.Nullable;

/** A step of a plan that the kernel refused; all steps before it were undone. */
public final class StepFailed extends ContainerException {
  private static final long serialVersionUID = 1;

  private final int step;
  private final int errno;
  private final boolean execution;

  /**
   * A refused step.
   *
   * @param what what was attempted for whom, such as {@code cannot start job-42: mounting proc on
   *     /proc (step 17 of 31)}
   * @param step its number, from 1
   * @param errno the kernel's answer, positive
   * @param remedy what to do, or null where nothing is known
   * @param execution whether the step was the execution of the command itself
   */
  public StepFailed(String what, int step, int errno, @Nullable String remedy, boolean execution) {
    super(sentence(what, errno, remedy));
    this.step = step;
    this.errno = errno;
    this.execution = execution;
  }

  /** The number of the step in its plan, from 1. */
  public int step() {
    return step;
  }

  /** The kernel's error number, positive. */
  public int errno() {
    return errno;
  }

  /** Whether the step was the execution of the command: exit status 126 or 127, not 125. */
  public boolean execution() {
    return execution;
  }
}
