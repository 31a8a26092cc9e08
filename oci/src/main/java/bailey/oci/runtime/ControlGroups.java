package bailey.oci.runtime;

import bailey.core.abi.Errno;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.kept.Fact;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.Processes;
import bailey.core.subsystem.KernelWrite;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** The control groups of a container that is there. */
final class ControlGroups {
  private static final String FREEZER = "freezer";
  private static final String KILL = "cgroup.kill"; // Linux 5.14
  private static final int SIGKILL = 9;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CgroupFiles files;
  private final CgroupLayout layout;
  private final String path;

  ControlGroups(CgroupFiles files, CgroupLayout layout, String path) {
    this.files = files;
    this.layout = layout;
    this.path = path.substring(1);
  }

  /** Processes in it and in all groups in it. */
  Set<Long> tasks() {
    var tasks = new LinkedHashSet<Long>();
    for (var controller : hierarchies()) {
      collect(controller, path, tasks);
      if (!tasks.isEmpty()) {
        return tasks;
      }
    }
    return tasks;
  }

  private List<String> hierarchies() {
    var all = new ArrayList<String>();
    if (layout.unified().isPresent()) {
      all.add(CgroupFiles.CORE);
    }
    layout.mounts().keySet().stream().sorted().forEach(all::add);
    return all;
  }

  private void collect(String controller, String group, Set<Long> tasks) {
    try {
      files.read(controller, group, "cgroup.procs").lines().map(Long::valueOf).forEach(tasks::add);
      for (var child : files.children(controller, group)) {
        collect(controller, group + "/" + child, tasks);
      }
    } catch (CgroupFiles.Refused refused) {
      if (!isAbsence(refused)) {
        throw refused;
      }
    }
  }

  private static boolean isAbsence(CgroupFiles.Refused refused) {
    return refused
        .errno()
        .filter(errno -> errno == Errno.ENOENT || errno == Errno.ENODEV || errno == Errno.ENOTSUP)
        .isPresent();
  }

  /** The text of a file, where there is one. */
  Optional<String> read(String controller, String file) {
    try {
      return Optional.of(files.read(controller, path, file));
    } catch (CgroupFiles.Refused _) {
      return Optional.empty();
    }
  }

  /**
   * Writes limits. Some of one controller must not contradict each other at any moment (memory, and
   * memory with swap; quota, period and burst): what is refused is tried again after the others.
   */
  void write(List<KernelWrite> writes) {
    var late = new ArrayList<KernelWrite>();
    for (var write : writes) {
      if (!tryWrite(write)) {
        late.add(write);
      }
    }
    for (var write : late) {
      try {
        files.write(write.controller(), path, write.file(), write.text());
      } catch (CgroupFiles.Refused refused) {
        throw new NotPossibleHere(
            refused.getMessage()
                + "; the other limits are set, give it a value that the kernel takes",
            refused);
      }
    }
  }

  private boolean tryWrite(KernelWrite write) {
    try {
      files.write(write.controller(), path, write.file(), write.text());
      return true;
    } catch (CgroupFiles.Refused _) {
      return false; // tried again
    }
  }

  /** Sends a signal to all tasks; while they are stopped none can start another. */
  void signal(String id, Processes processes, int signal) {
    if (signal == SIGKILL && tryWrite(new KernelWrite(CgroupFiles.CORE, KILL, "1"))) {
      thawIfFrozen(id);
      return;
    }
    boolean paused = frozen();
    boolean stopped = paused || freezes(id);
    for (long pid : tasks()) {
      processes
          .find(pid)
          .ifPresent(
              task -> {
                var _ = processes.signal(pid, task.startTicks(), signal);
              });
    }
    if (stopped && (!paused || signal == SIGKILL)) {
      thaw(id);
    }
  }

  private boolean freezes(String id) {
    try {
      freeze(id);
      return true;
    } catch (NotPossibleHere | ContainerBusy _) {
      return false; // those that are there now get it all the same
    }
  }

  /** On v1 a signal acts only after the thaw. */
  void thawIfFrozen(String id) {
    if (frozen()) {
      thaw(id);
    }
  }

  /** Whether all tasks are stopped. */
  boolean frozen() {
    return frozen(new Ground());
  }

  /**
   * The same.
   *
   * @param ground by which is looked at what tells it
   */
  boolean frozen(Ground ground) {
    return text(ground, layout.unified(), "cgroup.events").contains("frozen 1")
        || text(ground, Optional.ofNullable(layout.mounts().get(FREEZER)), "freezer.state")
            .strip()
            .equals("FROZEN");
  }

  /** Of a file; empty where there is none. */
  private String text(Ground ground, Optional<String> mount, String name) {
    if (mount.isEmpty()) {
      return "";
    }
    var file = Path.of(mount.get(), path, name);
    return ground.behind(file) == Fact.Kind.ABSENT ? "" : ground.text(file);
  }

  /** Stops all tasks; all go on where one of them does not. */
  void freeze(String id) {
    set(id, true);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!frozen()) {
      if (System.nanoTime() - deadline > 0) {
        set(id, false);
        throw new ContainerBusy(
            "pausing "
                + id
                + " failed: after "
                + PATIENCE.toSeconds()
                + " s a task of it still did not stop, so all go on; try again");
      }
      LockSupport.parkNanos(200_000);
    }
  }

  /** Lets all tasks go on. */
  void thaw(String id) {
    set(id, false);
  }

  private void set(String id, boolean stop) {
    if (write(CgroupFiles.CORE, "cgroup.freeze", stop ? "1" : "0")
        || write(FREEZER, "freezer.state", stop ? "FROZEN" : "THAWED")) {
      return;
    }
    throw new NotPossibleHere(
        "pausing " + id + " is not possible: it has no control group that can freeze it");
  }

  private boolean write(String controller, String file, String text) {
    boolean there =
        controller.equals(CgroupFiles.CORE)
            ? layout.unified().isPresent()
            : layout.mounts().containsKey(controller);
    if (!there) {
      return false;
    }
    try {
      files.write(controller, path, file, text);
      return true;
    } catch (CgroupFiles.Refused refused) {
      if (isAbsence(refused)) {
        return false;
      }
      throw new NotPossibleHere(refused.getMessage() + "; it needs root", refused);
    }
  }
}
