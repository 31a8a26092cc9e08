package bailey.engine.operation;

import bailey.Drift;
import bailey.ServedMount;
import bailey.core.container.ContainerPath;
import bailey.core.error.ContainerException;
import bailey.core.kernel.PlanExecutor.Failure;
import bailey.core.plan.Plan;
import bailey.core.planner.ServingPlanner;
import bailey.core.planner.ServingRequest;
import bailey.core.planner.UnmountPlanner;
import bailey.engine.journal.ServedMounts;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Mounts file systems that a program serves, whatever becomes of this process. */
public final class ServingOperation {
  private static final long PAUSE_NANOS = 1_000_000;

  private final Machine machine;
  private final ServedMounts mounts;

  /** On a machine. */
  public ServingOperation(Machine machine) {
    this.machine = machine;
    this.mounts = new ServedMounts(machine.state(), machine.kernel().locks());
  }

  /** Mounts one; returns when it is mounted and its holder is there. */
  public void mount(
      String source, String directory, List<String> program, List<String> environment) {
    mount(source, directory, program, environment, () -> true);
  }

  /** As that, if {@code wanted} still holds when nobody else mounts any. */
  void mount(
      String source,
      String directory,
      List<String> program,
      List<String> environment,
      BooleanSupplier wanted) {
    while (true) {
      try { // with the gate, so that nobody takes what is on its way for what was left
        machine
            .state()
            .withGate(
                () -> {
                  if (wanted.getAsBoolean()) {
                    make(source, directory, program, environment);
                  }
                });
        return;
      } catch (OverlappingFileLockException _) {
        LockSupport.parkNanos(PAUSE_NANOS); // another thread of this process has the gate
      }
    }
  }

  private void make(
      String source, String directory, List<String> program, List<String> environment) {
    var record = mounts.add(directory);
    var plan =
        new ServingPlanner(machine.features())
            .plan(new ServingRequest(source, directory, record, program, environment));
    boolean done = false;
    try {
      check("cannot serve files at " + directory, plan, run(plan));
      done = true;
    } finally {
      if (!done) {
        mounts.remove(record);
      }
    }
  }

  private @Nullable Failure run(Plan plan) {
    try {
      return new PlanRun(machine).execute(plan, List.of()).failure();
    } catch (CompletionException e) {
      throw StartOperation.lost("serve files for", ContainerPath.ROOT, e);
    }
  }

  private static void check(String what, Plan plan, @Nullable Failure failure) {
    if (failure != null) {
      throw Refusal.of(what, plan, failure);
    }
  }

  /** Those that are recorded. */
  public List<ServedMount> list() {
    return mounts.list().stream().map(ServedMounts.Entry::mount).toList();
  }

  /** Those that nobody holds any more. */
  public List<Drift> drift() {
    return list().stream()
        .filter(mount -> !mount.held())
        .map(
            mount ->
                new Drift(
                    "",
                    Drift.Kind.MOUNT_UNSERVED,
                    "what served the containers as files at "
                        + mount.directory()
                        + " was killed, and so was what would have started it again",
                    "bailey gc takes the mount away, bailey mount makes it anew",
                    true))
        .toList();
  }

  /**
   * Takes away what nobody holds any more.
   *
   * @return a sentence for each
   */
  List<String> collect() {
    var removed = new ArrayList<String>();
    machine.state().withGateIfFree(() -> collect(removed));
    return removed;
  }

  private void collect(List<String> removed) {
    for (var entry : mounts.list()) {
      if (!entry.mount().held()) {
        var directory = entry.mount().directory();
        if (machine.kernel().mounts().stream()
            .anyMatch(mount -> mount.point().equals(directory) && isOurs(mount.type()))) {
          var plan = new UnmountPlanner(machine.features()).plan(directory);
          try {
            check("cannot unmount " + directory, plan, run(plan));
          } catch (ContainerException _) {
            continue; // tried again the next time
          }
        }
        mounts.remove(entry.record());
        removed.add("removed the mount at " + directory + ", which nobody serves any more");
      }
    }
  }

  private static boolean isOurs(String type) {
    return type.startsWith("fuse");
  }
}
