package bailey.engine.operation;

import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.Membership;
import bailey.core.kernel.TaskInfo;

/**
 * The processes that a user may move in containers that are delegated to him: his own, of those
 * that are there. The rule of cgroup v2 (cgroup_procs_write_permission(): whoever moves must be
 * allowed to write in what both groups are in), which v1 has not.
 *
 * @param within the outermost container that is his
 */
public record OwnProcesses(Machine machine, int uid, ContainerPath within) {
  AttachOperation.Candidates checked(String attempt, AttachOperation.Candidates candidates) {
    for (var process : candidates.processes()) {
      check(attempt, process);
    }
    return candidates;
  }

  private void check(String attempt, Membership process) {
    boolean his =
        machine
            .kernel()
            .processes()
            .find(process.pid())
            .filter(task -> task.startTicks() == process.startTicks())
            .map(TaskInfo::uid)
            .filter(owner -> owner == uid)
            .isPresent();
    if (!his) {
      throw refused(attempt, process, "is not of user " + Integer.toUnsignedString(uid));
    }
    boolean there =
        process.threads().stream()
            .allMatch(
                thread ->
                    MoveWays.container(machine, thread.groups())
                        .filter(name -> ContainerPath.parse("container", name).isWithin(within))
                        .isPresent());
    if (!there) {
      throw refused(attempt, process, "is not in " + within + ", so only root may put it there");
    }
  }

  private static BadRequest refused(String attempt, Membership process, String why) {
    return new BadRequest(
        attempt + ": process " + process.pid() + " (" + process.command() + ") " + why,
        new CgroupFiles.Refused(attempt, Errno.EACCES)); // as the kernel's own rule
  }
}
