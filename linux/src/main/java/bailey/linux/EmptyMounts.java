package bailey.linux;

import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.Pipe;
import bailey.core.kernel.PlanExecutor;
import bailey.core.planner.EmptyMountsPlanner;
import bailey.linux.sys.OwnedFd;
import bailey.linux.sys.SystemCallRefused;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The mount namespace with nothing in it that new containers get a copy of. The descriptor here is
 * all that holds it: the process that made it has ended.
 */
final class EmptyMounts implements AutoCloseable {
  private final @Nullable OwnedFd namespace;

  private EmptyMounts(@Nullable OwnedFd namespace) {
    this.namespace = namespace;
  }

  /** Makes it; where that is not possible, or refused, there is none. */
  static EmptyMounts make(KernelFeatures features, PlanExecutor executor) {
    if (!EmptyMountsPlanner.isPossible(features)) {
      return new EmptyMounts(null);
    }
    var end = LinuxPipe.open(Pipe.Direction.TO_PROGRAM);
    @Nullable OwnedFd namespace;
    PlanExecutor.Execution execution;
    try {
      execution = executor.execute(EmptyMountsPlanner.plan(features), List.of(end.far()));
      var start = execution.start().join();
      namespace = start.failure() == null ? open(start.pid()) : null;
    } finally {
      end.close(); // ends the process
    }
    execution.end().join();
    return new EmptyMounts(namespace);
  }

  private static @Nullable OwnedFd open(long pid) {
    try {
      return OwnedFd.open("/proc/" + pid + "/ns/mnt");
    } catch (SystemCallRefused e) {
      return null; // containers start without it
    }
  }

  /** Its descriptor, if there is one. */
  OptionalInt number() {
    return namespace == null ? OptionalInt.empty() : OptionalInt.of(namespace.number());
  }

  @Override
  public void close() {
    if (namespace != null) {
      namespace.close();
    }
  }
}
