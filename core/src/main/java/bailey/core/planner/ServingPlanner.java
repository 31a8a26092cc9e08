package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Register;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.CloneArguments;
import bailey.core.planner.LaunchPlanner.Pipe;
import java.util.List;

/**
 * Plans a mount of a file system that a program serves (fuse(4)), and the process that holds it: an
 * executor of its own that keeps the descriptor, and starts the program again when that dies, so
 * that nobody who waits for an answer waits for ever. When the program ends well, or has died too
 * often, the mount goes. Any thread.
 */
public final class ServingPlanner {
  /** The type of the file system, as /proc/self/mountinfo shows it. */
  public static final String TYPE = "fuse.bailey";

  /** Where the program finds the open /dev/fuse. */
  public static final int DESCRIPTOR = 9;

  /** How often the program is started: one that always dies is to be seen, not hidden. */
  static final int TRIES = 16;

  private static final int S_IFDIR = 0040000;
  private static final int F_SETFD = 2;
  private static final int AT_STATX_FORCE_SYNC = 0x2000;
  private static final int STATX_SIZE = 256;

  private final KernelFeatures features;

  /** A planner for a machine. */
  public ServingPlanner(KernelFeatures features) {
    this.features = features;
  }

  /** The plan. */
  public Plan plan(ServingRequest request) {
    var steps = new Steps(new Registers());
    steps.because("serving " + request.directory());
    var ready = new Pipe(steps, "ready");
    KeeperPlanner.orphan(steps, "holder", inner -> hold(inner, request, ready));
    steps.close(ready.write());
    steps.add(new Step.Await(note(steps, "waiting until it is mounted"), result(ready.read())));
    steps.add(new Step.Handshake(note(steps, "waiting until it is mounted"), result(ready.read())));
    steps.close(ready.read());
    return PlanVerifier.verify(
        new Plan("serve " + request.directory(), features.arch(), List.of(), steps.list()));
  }

  private static void hold(Steps steps, ServingRequest request, Pipe ready) {
    LaunchPlanner.leave(steps, ready);
    var lock = LockSteps.prepare(steps, file(request, ServingRequest.LOCK), "lock");
    lock.takeIfFree(steps, LockSteps.Kind.EXCLUSIVE, true);
    mount(steps, request);
    steps.call("telling that it is mounted", Sys.CLOSE, number(3));
    steps.add(new Step.ReportTo(note(steps, "nobody listens any more"), number(-1)));
    var status = steps.registers().number("status of the server");
    steps.add(new Step.Assign(note(steps, "it has not ended well yet"), status, number(-1)));
    for (int i = 0; i < TRIES; i++) {
      steps.when(
          "where the one before died",
          result(status),
          Step.Test.DIFFERENT,
          number(0),
          inner -> serve(inner, request, status));
    }
    unmount(steps, request);
    for (var name :
        List.of(
            ServingRequest.REQUESTS,
            ServingRequest.LOG,
            ServingRequest.DIRECTORY,
            ServingRequest.LOCK)) {
      StateSteps.unlink(steps, file(request, name), 0);
    }
    StateSteps.unlink(steps, request.record(), Flags.AT_REMOVEDIR);
    steps.add(new Step.End(note(steps, "ending"), number(0)));
  }

  private static String file(ServingRequest request, String name) {
    return request.record() + "/" + name;
  }

  private static void mount(Steps steps, ServingRequest request) {
    var device =
        steps.open("opening /dev/fuse", Steps.cwd(), "/dev/fuse", OpenFlags.O_RDWR, "device");
    steps.call(
        "making it descriptor " + DESCRIPTOR,
        Sys.DUP3,
        result(device),
        number(DESCRIPTOR),
        Operand.number(OpenFlags.O_CLOEXEC, Notation.OPEN));
    steps.close(device);
    steps.mount(
        "mounting at " + request.directory(),
        request.source(),
        request.directory(),
        TYPE,
        Flags.MS_NOSUID | Flags.MS_NODEV | Flags.MS_NOEXEC,
        "fd="
            + DESCRIPTOR
            + ",rootmode="
            + Integer.toOctalString(S_IFDIR)
            + ",user_id=0,group_id=0,allow_other,default_permissions");
    steps.undo("unmounting it", undo -> unmount(undo, request));
  }

  /**
   * Gone already where it was unmounted, which is how the server ends well; then something else may
   * be mounted there by now, that answers.
   */
  private static void unmount(Steps steps, ServingRequest request) {
    steps.call("no more answers", OnError.IGNORE, Sys.CLOSE, number(DESCRIPTOR));
    var answer = steps.registers().number("what is there");
    steps.call(
        "looking whether it is mounted still",
        answer,
        OnError.IGNORE,
        Sys.STATX,
        Steps.cwd(),
        Operand.text(request.directory()),
        number(AT_STATX_FORCE_SYNC),
        number(0),
        Operand.address(new Datum.Space("status", STATX_SIZE)));
    steps.when(
        "where nobody answers",
        result(answer),
        Step.Test.EQUAL,
        number(-Errno.ENOTCONN.number()),
        inner ->
            inner.call(
                "unmounting " + request.directory(),
                OnError.IGNORE,
                Sys.UMOUNT2,
                Operand.text(request.directory()),
                number(Flags.MNT_DETACH)));
  }

  private static void serve(Steps steps, ServingRequest request, Register status) {
    var space = new Datum.Space("pidfd of the server", 4);
    steps.add(
        new Step.Spawn(
            note(steps, "starting the server"),
            "server",
            CloneArguments.of(0, space),
            null,
            steps.inside(inner -> execute(inner, request))));
    var pidfd = steps.registers().descriptor("server");
    steps.load("its pidfd", space, 0, 4, pidfd);
    steps.add(new Step.Reap(note(steps, "waiting for its end"), result(pidfd), status));
    steps.close(pidfd);
  }

  private static void execute(Steps steps, ServingRequest request) {
    var log = steps.registers().descriptor("log");
    steps.call(
        "opening its log",
        log,
        OnError.FAIL,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text(file(request, ServingRequest.LOG)),
        Operand.number(
            OpenFlags.O_CREAT | OpenFlags.O_APPEND | OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC,
            Notation.OPEN),
        Operand.number(0600, Notation.OCTAL));
    LaunchPlanner.dup(steps, log, 1);
    LaunchPlanner.dup(steps, log, 2);
    steps.call(
        "handing the descriptor on", Sys.FCNTL, number(DESCRIPTOR), number(F_SETFD), number(0));
    steps.call(
        "executing " + request.program().getFirst(),
        OnError.IGNORE,
        Sys.EXECVE,
        Operand.text(request.program().getFirst()),
        Operand.address(KeeperPlanner.words(request.program())),
        Operand.address(KeeperPlanner.words(request.environment())));
    steps.add(new Step.End(note(steps, "it cannot be executed"), number(126)));
  }
}
