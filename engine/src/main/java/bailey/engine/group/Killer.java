package bailey.engine.group;

import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.Processes;
import bailey.core.kernel.TaskInfo;
import java.time.Duration;
import java.util.Optional;

/**
 * Kills everything in a container, so that nothing can fork its way out: by cgroup.kill of cgroup2
 * (Linux 5.14); else all are frozen, each gets its signal, and they thaw into it; where there is no
 * group at all, process 1 of its pid namespace takes all others with it.
 */
public final class Killer {
  private static final int SIGKILL = 9;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Groups groups;
  private final Processes processes;

  /** For the tasks of {@code groups}. */
  public Killer(Groups groups, Processes processes) {
    this.groups = groups;
    this.processes = processes;
  }

  /**
   * Kills all. They are dead, or dying, when this returns.
   *
   * @param container its name, for errors
   * @param first its first process, if there is one
   */
  public void kill(String container, Optional<TaskInfo> first) {
    if (!killByGroup()) {
      killFrozen(container);
      first.ifPresent(this::kill);
    }
    groups.thawAll();
  }

  private boolean killByGroup() {
    if (!groups.exists(CgroupFiles.CORE)) {
      return false;
    }
    return Groups.ifThere(
            () -> {
              groups.files().write(CgroupFiles.CORE, groups.path(), "cgroup.kill", "1");
              return true;
            })
        .isPresent();
  }

  /**
   * A frozen task cannot fork and cannot vanish, so one look at the list is enough. The signals act
   * after the thaw (v1), which happens whatever goes wrong before.
   */
  private void killFrozen(String container) {
    var freezer = new Freezer(groups);
    boolean frozen = false;
    try {
      frozen = freeze(freezer, container);
      killListed();
    } finally {
      if (frozen) {
        freezer.thaw(container);
      }
    }
    if (!frozen) {
      // Without a freezer: again until none is left that is not dying, so that none forks on.
      for (int round = 0; round < 1000 && killListed(); round++) {
        Thread.onSpinWait();
      }
    }
  }

  private static boolean freeze(Freezer freezer, String container) {
    try {
      freezer.freeze(container, PATIENCE);
      return true;
    } catch (NotPossibleHere | ContainerBusy _) {
      return false;
    }
  }

  /** Whether there was any that lives. */
  private boolean killListed() {
    boolean any = false;
    for (long pid : groups.allTasks()) {
      var task = processes.find(pid).filter(found -> found.state() != 'Z');
      any |= task.map(this::kill).orElse(false);
    }
    return any;
  }

  private boolean kill(TaskInfo task) {
    return processes.signal(task.pid(), task.startTicks(), SIGKILL);
  }
}
