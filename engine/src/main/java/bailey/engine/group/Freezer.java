package bailey.engine.group;

import bailey.core.container.ControlFile;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.Subsystems;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Stops all tasks of a container at once and lets them go on: by cgroup2 (cgroup.freeze, Linux 5.2)
 * where that is mounted, else by the freezer of v1. What cannot be frozen whole is thawed again: it
 * is never left half frozen.
 */
public final class Freezer {
  private static final String STATE = "freezer.state";
  private static final String FROZEN = "FROZEN";
  private static final String THAWED = "THAWED";

  private final Groups groups;
  private final Controller controller;
  private final ControlFile state;

  /** For the tasks of {@code groups}. */
  public Freezer(Groups groups) {
    this.groups = groups;
    var found = Subsystems.standard().find(STATE);
    this.controller = (Controller) found.subsystem();
    this.state = found.file();
  }

  /** Whether all tasks are stopped; false where there is no group to stop them by. */
  public boolean frozen() {
    try {
      return Groups.ifThere(() -> groups.controls().get(controller, state))
          .filter(FROZEN::equals)
          .isPresent();
    } catch (NotPossibleHere _) {
      return false;
    }
  }

  /**
   * Stops all tasks.
   *
   * @param container its name, for errors
   * @param patience how long to wait until the last one has stopped
   * @throws ContainerBusy if one did not, as a task that waits for a device or, on v1, for memory
   *     does not; then all go on
   */
  public void freeze(String container, Duration patience) {
    set(container, FROZEN);
    boolean complete = false;
    try {
      complete = waitUntilFrozen(patience);
    } finally {
      if (!complete) {
        set(container, THAWED);
      }
    }
    if (!complete) {
      throw new ContainerBusy(
          "freezing "
              + container
              + " failed: after "
              + patience.toMillis()
              + " ms a task of it still did not stop, so all go on; bailey ps "
              + container
              + " shows it in state D, waiting for a device or for memory");
    }
  }

  /** On v1 the state has to be asked for, to be brought up to date (freezer-subsystem.rst). */
  private boolean waitUntilFrozen(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!frozen()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(200_000);
    }
    return true;
  }

  /** Lets all tasks go on. */
  public void thaw(String container) {
    set(container, THAWED);
  }

  private void set(String container, String value) {
    try {
      groups.controls().set(controller, Map.of(STATE, value));
    } catch (CgroupFiles.Refused refused) {
      throw new NotPossibleHere(
          "setting "
              + STATE
              + " of "
              + container
              + " to "
              + value
              + " failed: "
              + refused.getMessage()
              + "; it has no control group that can freeze it",
          refused);
    }
  }
}
