package bailey.linux.probe;

import bailey.core.abi.Errno;
import bailey.core.kernel.Ability;
import bailey.core.kernel.PlanExecutor;
import bailey.core.plan.Plan;
import java.util.List;

/**
 * An ability and a plan that uses it: it is there if the plan succeeds. Plans change nothing that
 * outlives them.
 *
 * @param name the kernel's word for the ability
 * @param use what bailey needs it for
 * @param since what has it: {@code Linux 5.12}, or a kernel option and how to load it
 * @param plan to be executed
 */
record Trial(String name, String use, String since, Plan plan) {
  /** Tries it. */
  Ability run(PlanExecutor executor, boolean privileged) {
    var failure = executor.execute(plan, List.of()).end().join().failure();
    return failure == null
        ? new Ability(name, true, use, "")
        : new Ability(name, false, use, remedy(failure, privileged));
  }

  private String remedy(PlanExecutor.Failure failure, boolean privileged) {
    return failure.step().note().what()
        + " failed: "
        + Errno.sentence(failure.errno())
        + ". "
        + remedy(failure.errno(), privileged);
  }

  private String remedy(int errno, boolean privileged) {
    if (errno == Errno.EPERM.number() || errno == Errno.EACCES.number()) {
      return privileged
          ? "Run bailey outside of the container or sandbox that it is in"
          : "Run bailey as root, or allow it to users where the system restricts them";
    }
    if (errno == Errno.ENOSPC.number() || errno == Errno.EUSERS.number()) {
      return "Raise the limits in /proc/sys/user, or end what uses them up";
    }
    return "It needs " + since;
  }
}
