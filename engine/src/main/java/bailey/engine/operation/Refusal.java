package bailey.engine.operation;

import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import bailey.core.error.ContainerException;
import bailey.core.error.StepFailed;
import bailey.core.kernel.CgroupVersion;
import bailey.core.kernel.PlanExecutor.Failure;
import bailey.core.plan.Plan;
import bailey.core.plan.Step;
import bailey.core.planner.NamespaceFilePlanner;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.Subsystems;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A refused step as one sentence: what was attempted for whom, the step, the errno, the remedy. */
final class Refusal {
  private static final String EXECUTING = "executing ";

  /** Begins the reason of a step that sets a limit; then the kernel's name of the controller. */
  private static final String CONTROL = "control ";

  private static final String VALUE =
      "The kernel does not take this value: give one in its range, see bailey subsystems";
  private static final String NOT_MOUNTED =
      "Nothing is mounted there: bailey get NAME mnt.mounts shows what is";
  private static final String NOT_ITS_OWN =
      "The kernel lets only the machine change this, not a namespace, or a mount was made"
          + " read-only by somebody with more rights";

  /** Begins the note of what is done first with a process whose namespaces are to be entered. */
  private static final String LOOKING = "looking for process ";

  private Refusal() {}

  /**
   * The error for a refused step of {@code plan}.
   *
   * @param attempt such as {@code cannot start job-42}
   */
  static ContainerException of(String attempt, Plan plan, Failure failure) {
    var step = failure.step();
    String what =
        attempt
            + ": "
            + step.note().what()
            + " (step "
            + failure.number()
            + " of "
            + plan.flattened().size()
            + ")";
    return new StepFailed(
        what, failure.number(), failure.errno(), remedy(step, failure.errno()), executes(step));
  }

  /** Whether the step is the execution of the command itself, or the end of the search for it. */
  static boolean executes(Step step) {
    boolean last =
        step instanceof Step.Fail || (step instanceof Step.Call call && call.call() == Sys.EXECVE);
    return last && step.note().what().startsWith(EXECUTING);
  }

  private static @Nullable String remedy(Step step, int number) {
    var errno = errno(number);
    if (errno.isEmpty()) {
      return null;
    }
    if (executes(step)) {
      return execution(errno.get());
    }
    var controller = ofController(step, errno.get());
    if (controller.isPresent()) {
      return controller.get().replaceFirst("\\.$", "");
    }
    if (step.note().what().startsWith(LOOKING)) {
      return "The container has ended meanwhile";
    }
    return switch (errno.get()) {
      case ENOSPC ->
          call(step, Sys.CLONE3) || call(step, Sys.UNSHARE)
              ? "The limit of namespaces is reached: raise user.max_*_namespaces by sysctl"
              : "Free space, or name another state directory by BAILEY_STATE";
      case EDQUOT -> "Free space within your quota";
      case EROFS ->
          ofControl(step)
              ? "Inside of a boundary the kernel's settings are those of outside: set it there"
              : "Name a state directory that can be written by BAILEY_STATE";
      case EMFILE -> "Raise the limit of open files: ulimit -n";
      case ENFILE -> "Raise the machine's limit of open files: sysctl fs.file-max";
      case EAGAIN ->
          call(step, Sys.CLONE3)
              ? "The limit of processes is reached: raise pids.max of the container, or ulimit -u"
              : null;
      case ENOMEM ->
          call(step, Sys.CLONE3)
              ? "Free memory, or raise memory.max of the container; in a pid namespace that it"
                  + " joins nothing starts any more once process 1 of that has ended"
              : "Free memory, or raise memory.max of the container";
      case EBUSY -> busy(step);
      case EPERM, EACCES -> ofControl(step) ? NOT_ITS_OWN : permission(step);
      case EEXIST ->
          call(step, Sys.MKDIRAT) && step.note().what().contains("cgroup")
              ? "Groups of an earlier container of this name are left: bailey gc removes them"
              : null;
      case ENODEV, ENOSYS, ENOTSUP ->
          "This kernel lacks it: bailey doctor shows what is there and how to get the rest";
      case EINVAL ->
          call(step, Sys.SETNS)
              ? "It is no namespace of that kind: name a file such as /proc/PID/ns/net for net"
              : ofControl(step)
                  ? control(step)
                  : "This kernel may lack it: bailey doctor shows what is there";
      case ENOENT, ENOTDIR ->
          call(step, Sys.CHDIR)
              ? "Give a directory that is there inside by --workdir"
              : ofMount(step) ? NOT_MOUNTED : null;
      case ELOOP ->
          ofMount(step) ? "Links inside are not followed: name the mount point itself" : null;
      default -> null;
    };
  }

  /** What the controller knows whose kernel file is written, as {@code bailey set} says it. */
  private static Optional<String> ofController(Step step, Errno errno) {
    var note = step.note();
    if (!note.because().startsWith(CONTROL) || !note.what().startsWith("writing ")) {
      return Optional.empty();
    }
    var name = note.because().substring(CONTROL.length());
    var file = note.what().substring(note.what().lastIndexOf('/') + 1);
    return Subsystems.standard().controllers().stream()
        .filter(controller -> isCalled(controller, name))
        .map(controller -> controller.remedy(file, errno))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static boolean isCalled(Controller controller, String name) {
    return Arrays.stream(CgroupVersion.values())
        .anyMatch(version -> controller.kernelController(version).equals(name));
  }

  /** Whether it reads or writes a control file of a namespace. */
  private static boolean ofControl(Step step) {
    String because = step.note().because();
    return because.equals(NamespaceFilePlanner.CONTROL_FILES) || because.startsWith("--set ");
  }

  private static String control(Step step) {
    return call(step, Sys.MOUNT_SETATTR) ? NOT_MOUNTED : VALUE;
  }

  /** Whether it looks for a mount whose control file is set. */
  private static boolean ofMount(Step step) {
    return ofControl(step) && call(step, Sys.OPENAT2);
  }

  private static @Nullable String busy(Step step) {
    return step.note().because().startsWith(CONTROL)
        ? "More is in use already than the limit allows: take a higher limit"
        : null;
  }

  private static String permission(Step step) {
    if (call(step, Sys.CLONE3) || call(step, Sys.UNSHARE)) {
      return "This user may make no namespaces: run bailey as root, or allow user namespaces"
          + " (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces)";
    }
    if (call(step, Sys.MOUNT) || call(step, Sys.MOVE_MOUNT) || call(step, Sys.MOUNT_SETATTR)) {
      return "The kernel allows this only where nothing of it is covered and the user has"
          + " CAP_SYS_ADMIN: run bailey as root, outside of another container";
    }
    return "Run bailey as root, or as the user who owns it";
  }

  private static @Nullable String execution(Errno errno) {
    return switch (errno) {
      case ENOENT ->
          "It is not in the container, or the interpreter that it names is not: give a path that"
              + " exists inside, or put it there by --bind";
      case EACCES -> "It may not be executed inside: check its mode, and that of its directories";
      case ENOEXEC ->
          "It is no program of this machine: a script needs a first line such as #!/bin/sh";
      case E2BIG -> "Arguments and environment are longer than the kernel takes: pass fewer";
      case ENOMEM -> "Raise memory.max of the container";
      case ETXTBSY -> "It is being written: try again when that is done";
      default -> null;
    };
  }

  private static boolean call(Step step, Sys call) {
    return switch (step) {
      case Step.Call c -> c.call() == call;
      case Step.Attempt attempt -> attempt.call().call() == call;
      case Step.Spawn _ -> call == Sys.CLONE3;
      default -> false;
    };
  }

  private static Optional<Errno> errno(int number) {
    for (var errno : Errno.values()) {
      if (errno.number() == number) {
        return Optional.of(errno);
      }
    }
    return Optional.empty();
  }
}
