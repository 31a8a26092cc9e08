package bailey.core.planner;

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
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Plans the life of a container: from its record and its control groups through its first process
 * to the report of its end and the removal of all that was made. One plan, so that nothing but the
 * executor has to live as long as the container. Keeps assembled filters; safe for use by any
 * thread.
 */
public final class LaunchPlanner {
  private final KernelFeatures features;
  private final CredentialSteps.Filters filters;

  /** A planner for a machine. */
  public LaunchPlanner(KernelFeatures features) {
    this.features = features;
    this.filters = new CredentialSteps.Filters(features.arch());
  }

  /**
   * The plan of a launch.
   *
   * @throws bailey.core.error.BadRequest if the request is wrong in itself
   * @throws bailey.core.error.NotPossibleHere if this kernel or this user cannot have it
   */
  public Plan plan(LaunchRequest asked) {
    new RequestRules(features, asked.spec()).check();
    var request = asked.with(Boundary.of(features, asked.spec(), asked.userBase()));
    var registers = new Registers();
    var stdio = stdio(registers, request.attachment());
    var change = change(registers, request);
    var sent = new ArrayList<>(stdio);
    if (change instanceof EmptyRoot(var namespace)) {
      sent.add(namespace);
    }
    var steps = new Steps(registers);
    if (request.attachment() == Attachment.DETACHED) {
      detach(steps, request);
    } else {
      life(steps, request, stdio, change);
    }
    return PlanVerifier.verify(
        new Plan("run " + request.name(), features.arch(), sent, steps.list()));
  }

  /**
   * How the container gets to its root. What is taken from the machine by its path comes by handles
   * that are opened before, which is not enough for what is shared with it, nor for a user
   * namespace, that may not enter the empty mount namespace.
   */
  private RootChange change(Registers registers, LaunchRequest request) {
    var spec = request.spec();
    boolean empty =
        request.emptyMounts()
            && EmptyMountsPlanner.isPossible(features)
            && request.attachment() != Attachment.DETACHED // which lets go of all descriptors
            && !spec.boundary()
            && spec.namespace(NamespaceKind.MNT) instanceof NamespaceRequest.New
            && spec.namespace(NamespaceKind.NET) instanceof NamespaceRequest.New
            && JoinSteps.ofRequest(features, spec).isEmpty()
            && IdentityMap.of(features, spec, request.userBase()).isEmpty();
    return empty ? new EmptyRoot(registers.descriptor("empty mount namespace")) : new PivotRoot();
  }

  /** The command's three streams, where the plan is sent with them. */
  static List<Register> stdio(Registers registers, Attachment attachment) {
    return attachment == Attachment.RESIDENT
        ? List.of(
            registers.descriptor("stdin"),
            registers.descriptor("stdout"),
            registers.descriptor("stderr"))
        : List.of();
  }

  /**
   * What this user can have of what was asked for.
   *
   * @param spec without the limits that he may not set
   * @param missing a sentence that names them and says what to do; empty where there are none
   */
  public record Attainable(ContainerSpec spec, Optional<String> missing) {}

  /**
   * What this user can have of {@code spec}: an ordinary one sets limits only in control groups
   * that are delegated to him. For root it is all of it, whatever the kernel has.
   *
   * @throws bailey.core.error.BadRequest if a limit does not exist or its value is malformed
   */
  public Attainable attainable(ContainerSpec spec) {
    var missing = CgroupSteps.notDelegated(features, spec.controls());
    if (missing.isEmpty()) {
      return new Attainable(spec, Optional.empty());
    }
    return new Attainable(
        spec.withoutControls(missing),
        Optional.of(
            "going on without limits: setting "
                + String.join(", ", missing)
                + CgroupSteps.notDelegated(features)));
  }

  /**
   * Whether a container of {@code spec} gets 65,536 ids of the machine, of which its starter has to
   * choose the first.
   */
  public boolean takesIds(ContainerSpec spec) {
    return IdentityMap.takesIds(features, spec);
  }

  /**
   * The user outside whom root inside of a container is.
   *
   * @param base the first of the ids that it was given
   */
  public int rootOutside(ContainerSpec spec, int base) {
    return IdentityMap.of(features, spec, base)
        .map(ids -> IdentityMap.root(ids.users(), features.uid()).orElse(features.uid()))
        .orElse(features.uid());
  }

  /** A process of its own looks after the container; the plan ends when that reports the start. */
  private void detach(Steps steps, LaunchRequest request) {
    steps.because("--detach");
    var ends = new Pipe(steps, "ready");
    var arguments = CloneArguments.plain("supervisor");
    var supervisor = steps.inside(inner -> supervise(inner, request, ends));
    steps.add(
        new Step.Spawn(
            new Step.Note("starting the supervisor", steps.because()),
            "supervisor",
            arguments,
            null,
            supervisor));
    steps.close(ends.write());
    steps.add(new Step.Handshake(note(steps, "waiting for the start"), result(ends.read())));
    steps.close(ends.read());
    steps.add(new Step.Report(note(steps, "reporting the start"), Step.Signal.STARTED, number(0)));
    steps.add(new Step.End(note(steps, "leaving the container to itself"), number(0)));
  }

  private void supervise(Steps steps, LaunchRequest request, Pipe ready) {
    leave(steps, ready);
    request
        .spec()
        .log()
        .ifPresent(
            path -> {
              steps.because("--log");
              var log = steps.registers().descriptor("log");
              steps.call(
                  "opening the log " + path,
                  log,
                  OnError.FAIL,
                  Sys.OPENAT,
                  Steps.cwd(),
                  Operand.text(path),
                  Operand.number(
                      OpenFlags.O_CREAT
                          | OpenFlags.O_WRONLY
                          | OpenFlags.O_APPEND
                          | OpenFlags.O_CLOEXEC,
                      Notation.OPEN),
                  Operand.number(0640, Notation.OCTAL));
              dup(steps, log, 1);
              dup(steps, log, 2);
              steps.close(log);
            });
    life(steps, request, List.of(), new PivotRoot());
  }

  /** Lets go of everything of the starter's but the way to tell that it runs, at descriptor 3. */
  static void leave(Steps steps, Pipe ready) {
    steps.call("leaving the session", Sys.SETSID);
    steps.close(ready.read());
    steps.call(
        "keeping the way to report",
        Sys.DUP3,
        result(ready.write()),
        number(3),
        Operand.number(OpenFlags.O_CLOEXEC, Notation.OPEN));
    steps.call("closing what else is open", Sys.CLOSE_RANGE, number(4), number(-1), number(0));
    steps.add(new Step.ReportTo(note(steps, "reporting failures"), number(3)));
    steps.call("leaving the directory", Sys.CHDIR, Operand.text("/"));
    toNowhere(steps, 0, 1, 2);
  }

  private static void toNowhere(Steps steps, int... descriptors) {
    var nowhere =
        steps.open("opening /dev/null", Steps.cwd(), "/dev/null", OpenFlags.O_RDWR, "nowhere");
    for (int descriptor : descriptors) {
      dup(steps, nowhere, descriptor);
    }
    steps.close(nowhere);
  }

  static void dup(Steps steps, Register from, int to) {
    steps.call("making it descriptor " + to, Sys.DUP3, result(from), number(to), number(0));
  }

  /** From the first step to the last, in the process that looks after the container. */
  private void life(Steps steps, LaunchRequest request, List<Register> stdio, RootChange change) {
    var spec = request.spec();
    var cgroups =
        CgroupSteps.of(
            features,
            request.name(),
            spec,
            IdentityMap.of(features, spec, request.userBase()),
            CgroupSteps.Phase.START);
    var state = new StateSteps(request);
    var child = new FirstProcess(features, filters, request, cgroups, stdio, change);
    var end = new EndSteps(request, cgroups, child.ownsPids());

    end.prepare(steps);
    state.take(steps);
    if (!request.made()) {
      cgroups.make(steps);
    }
    child.spawn(steps);
    stdio.forEach(steps::close);
    if (change instanceof EmptyRoot(var namespace)) {
      steps.close(namespace);
    }
    state.recordFirst(steps, child.pid());
    child.awaitStart(steps);
    steps.because("the start");
    if (request.attachment() == Attachment.DETACHED) {
      steps.call("telling that it runs", Sys.CLOSE, number(3));
      steps.add(new Step.ReportTo(note(steps, "nobody listens any more"), number(-1)));
      if (spec.log().isPresent()) {
        toNowhere(steps, 1, 2);
      }
    } else {
      steps.add(
          new Step.Report(
              note(steps, "reporting the start"), Step.Signal.STARTED, result(child.pid())));
    }
    child.terminal(steps);
    end.await(steps, child);
    end.finish(steps, state);
  }

  static Step.Note note(Steps steps, String what) {
    return new Step.Note(what, steps.because());
  }

  static Operand number(long value) {
    return Operand.number(value);
  }

  static Operand result(Register register) {
    return Operand.result(register);
  }

  /** Two ends of a pipe, close-on-exec. */
  static final class Pipe {
    private final Register read;
    private final Register write;

    Pipe(Steps steps, String name) {
      var ends = new Datum.Space(name + " pipe", 8);
      steps.call(
          "making a pipe",
          Sys.PIPE2,
          Operand.address(ends),
          Operand.number(OpenFlags.O_CLOEXEC, Notation.OPEN));
      read = steps.registers().descriptor(name + ".read");
      write = steps.registers().descriptor(name + ".write");
      steps.load("its read end", ends, 0, 4, read);
      steps.load("its write end", ends, 4, 4, write);
    }

    Register read() {
      return read;
    }

    Register write() {
      return write;
    }
  }

  /** struct clone_args (linux/sched.h): eleven words of 8 bytes. */
  static final class CloneArguments {
    private static final int SIGCHLD = 17;

    private CloneArguments() {}

    /** A process with no namespaces of its own. */
    static Datum plain(String role) {
      return words(role + ": fork", 0, number(0));
    }

    /** With namespaces, and a descriptor of the process put into {@code pidfd}. */
    static Datum of(long flags, Datum pidfd) {
      long all = flags | Flags.CLONE_PIDFD;
      return words(Notation.CLONE.text(all), all, Operand.address(pidfd));
    }

    /** A child of the caller's parent; which signal tells of its end, that one inherits. */
    static Datum sibling(String role, long flags) {
      long all = flags | Flags.CLONE_PARENT;
      return words(role + ": " + Notation.CLONE.text(all), all, number(0), number(0));
    }

    private static Datum words(String note, long flags, Operand pidfd) {
      return words(note, flags, pidfd, number(SIGCHLD));
    }

    private static Datum words(String note, long flags, Operand pidfd, Operand signal) {
      var zero = number(0);
      return new Datum.Words(
          note,
          List.of(
              Operand.number(flags, Notation.CLONE),
              pidfd,
              zero,
              zero,
              signal,
              zero,
              zero,
              zero,
              zero,
              zero,
              zero));
    }
  }

  static OnError notThere() {
    return OnError.allow(Errno.ENOENT);
  }
}
