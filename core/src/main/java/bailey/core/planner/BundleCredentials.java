package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.ProcessSpec;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.spec.Capability;
import bailey.core.spec.CapabilitySet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Who a process of a bundle's container is and what it may do, as its configuration says. */
final class BundleCredentials {
  private static final int PR_SET_KEEPCAPS = 8;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int PR_CAP_AMBIENT = 47;
  private static final int PR_CAP_AMBIENT_RAISE = 2;
  private static final int KEYCTL_JOIN_SESSION_KEYRING = 1;
  private static final int KEYCTL_SETPERM = 5;

  /** All to who has it; to its owner seeing, reading, searching and linking. */
  private static final long SEARCHABLE = 0x3f1b0000;

  private static final int IOPRIO_WHO_PROCESS = 1;
  private static final int SECCOMP_SET_MODE_FILTER = 1;

  private final ProcessSpec process;
  private final CapabilitySet attainable;
  private final CredentialSteps.Groups groups;

  /**
   * For one process.
   *
   * @param attainable what it can be given at all; the rest of what is asked for is left out
   * @param groups what it does about its groups
   */
  BundleCredentials(ProcessSpec process, CapabilitySet attainable, CredentialSteps.Groups groups) {
    this.process = process;
    this.attainable = attainable;
    this.groups = groups;
  }

  /** A session keyring of its own (keyrings(7)); a kernel may be built without. */
  static void keyring(Steps steps, String id) {
    steps.because("session keyring");
    var ring = steps.registers().number("keyring");
    steps.call(
        "joining a session keyring",
        ring,
        OnError.allow(Errno.ENOSYS, Errno.EPERM),
        Sys.KEYCTL,
        number(KEYCTL_JOIN_SESSION_KEYRING),
        Operand.text("_ses." + id));
    steps.when(
        "where there is one",
        number(0),
        Step.Test.LESS,
        result(ring),
        inner ->
            inner.call(
                "letting it be searched",
                OnError.IGNORE,
                Sys.KEYCTL,
                number(KEYCTL_SETPERM),
                result(ring),
                Operand.number(SEARCHABLE, Notation.HEX)));
  }

  /** How it is scheduled and executed; needs privileges that it may lose. */
  void schedule(Steps steps) {
    process
        .scheduling()
        .attributes()
        .ifPresent(
            attributes -> {
              steps.because("process.scheduler");
              steps.call(
                  "setting the scheduler",
                  Sys.SCHED_SETATTR,
                  number(0),
                  Operand.address(new Datum.Bytes("attributes", attributes)),
                  number(0));
            });
    process
        .scheduling()
        .io()
        .ifPresent(
            priority -> {
              steps.because("process.ioPriority");
              steps.call(
                  "setting the input and output priority",
                  Sys.IOPRIO_SET,
                  number(IOPRIO_WHO_PROCESS),
                  number(0),
                  Operand.number(priority, Notation.HEX));
            });
    process
        .scheduling()
        .memory()
        .ifPresent(
            memory -> {
              steps.because("linux.memoryPolicy");
              steps.call(
                  "setting the memory policy",
                  Sys.SET_MEMPOLICY,
                  number(memory.mode()),
                  memory.nodes() == 0
                      ? number(0)
                      : Operand.address(
                          new Datum.Words(
                              "nodes", List.of(Operand.number(memory.nodes(), Notation.HEX)))),
                  number(memory.nodes() == 0 ? 0 : 64));
            });
    process
        .personality()
        .ifPresent(
            number -> {
              steps.because("linux.personality");
              steps.call("setting the personality", Sys.PERSONALITY, number(number));
            });
  }

  /** Resource limits of the calling process. */
  void rlimits(Steps steps) {
    for (var limit : process.rlimits()) {
      steps.because("process.rlimits");
      rlimit(steps, number(0), limit);
    }
  }

  /** Resource limits of another process. */
  void rlimits(Steps steps, Register pid) {
    for (var limit : process.rlimits()) {
      steps.because("process.rlimits");
      rlimit(steps, result(pid), limit);
    }
  }

  private static void rlimit(Steps steps, Operand pid, bailey.core.spec.Rlimit limit) {
    steps.call(
        "setting the limit of " + limit.resource(),
        Sys.PRLIMIT64,
        pid,
        number(limit.resource().number()),
        Operand.address(
            new Datum.Words(
                limit.soft() + ":" + limit.hard(),
                List.of(
                    Operand.number(limit.soft(), Notation.HEX),
                    Operand.number(limit.hard(), Notation.HEX)))),
        number(0));
  }

  /** In who started it, whose right it takes: how likely memory that runs out ends it. */
  void oomScore(Steps steps, Register pid) {
    process
        .oomScore()
        .ifPresent(
            score -> {
              steps.because("process.oomScoreAdj");
              var path = StateSteps.ofProcess(steps, pid, "/oom_score_adj");
              var file = steps.registers().descriptor("score");
              steps.call(
                  "opening oom_score_adj",
                  file,
                  OnError.FAIL,
                  Sys.OPENAT,
                  Steps.cwd(),
                  Operand.address(path),
                  Operand.number(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC, Notation.OPEN),
                  number(0));
              String text = Integer.toString(score);
              steps.call(
                  "writing " + text + " to oom_score_adj",
                  Sys.WRITE,
                  result(file),
                  Operand.text(text),
                  number(text.length()));
              steps.close(file);
            });
  }

  /** Gives up all capabilities but those to be kept, and becomes the user. */
  void drop(Steps steps) {
    steps.because("process.capabilities");
    var bounding = attainable(process.capabilities().bounding());
    steps.add(
        new Step.DropBounding(
            note(steps, "dropping capabilities from the bounding set"),
            "all but " + bounding,
            CapabilitySet.ALL.without(bounding).mask()));
    become(steps);
    steps.because("process.capabilities");
    var permitted = attainable(process.capabilities().permitted());
    var effective = attainable(process.capabilities().effective());
    var inheritable = attainable(process.capabilities().inheritable());
    steps.call(
        "setting the capabilities",
        Sys.CAPSET,
        Operand.address(
            new Datum.Bytes("header", words(0x20080522, 0))), // _LINUX_CAPABILITY_VERSION_3
        Operand.address(
            new Datum.Bytes(
                "permitted " + permitted,
                words(
                    (int) effective.mask(),
                    (int) permitted.mask(),
                    (int) inheritable.mask(),
                    (int) (effective.mask() >>> 32),
                    (int) (permitted.mask() >>> 32),
                    (int) (inheritable.mask() >>> 32)))));
    var ambient = attainable(process.capabilities().ambient());
    for (var capability : Capability.values()) {
      if (ambient.contains(capability)) {
        steps.call(
            "raising the ambient " + capability.kernelName(),
            OnError.allow(Errno.EPERM), // not among those that are permitted and inheritable
            Sys.PRCTL,
            Operand.number(PR_CAP_AMBIENT, Notation.PRCTL),
            number(PR_CAP_AMBIENT_RAISE),
            number(capability.number()),
            number(0),
            number(0));
      }
    }
    if (process.noNewPrivileges()) {
      steps.because("process.noNewPrivileges");
      CredentialSteps.prctl(steps, "giving up new privileges", PR_SET_NO_NEW_PRIVS, 1);
    }
  }

  private CapabilitySet attainable(CapabilitySet asked) {
    return new CapabilitySet(asked.mask() & attainable.mask());
  }

  private static byte[] words(int... words) {
    var bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      bytes.putInt(word);
    }
    return bytes.array();
  }

  private void become(Steps steps) {
    steps.because("process.user");
    giveStreams(steps);
    if (process.uid() != 0) {
      CredentialSteps.prctl(steps, "keeping capabilities until they are set", PR_SET_KEEPCAPS, 1);
    }
    var list = process.groups().stream().mapToInt(Integer::intValue).toArray();
    if (groups != CredentialSteps.Groups.KEPT) {
      steps.call(
          "setting the groups",
          groups == CredentialSteps.Groups.SET ? OnError.FAIL : OnError.allow(Errno.EPERM),
          Sys.SETGROUPS,
          number(list.length),
          Operand.address(new Datum.Bytes("groups " + process.groups(), words(list))));
    }
    var gid = number(process.gid() & 0xffffffffL);
    var uid = number(process.uid() & 0xffffffffL);
    steps.call("becoming group " + gid, Sys.SETRESGID, gid, gid, gid);
    steps.call("becoming user " + uid, Sys.SETRESUID, uid, uid, uid);
  }

  /** Its streams are its own to open by /dev/stdout; not where one is a device of the machine. */
  private void giveStreams(Steps steps) {
    if (process.uid() == 0) {
      return;
    }
    for (int stream = 0; stream < 3; stream++) {
      int descriptor = stream;
      steps.when(
          "where it is no device",
          result(BundleDevices.deviceNumber(steps, stream)),
          Step.Test.EQUAL,
          number(0),
          inner ->
              inner.call(
                  "giving the stream to user " + process.uid(),
                  OnError.IGNORE,
                  Sys.FCHOWNAT,
                  number(descriptor),
                  Operand.text(""),
                  number(process.uid()),
                  number(-1),
                  Operand.number(Flags.AT_EMPTY_PATH, Notation.AT)));
    }
  }

  /**
   * Puts the system call filter in force: struct sock_fprog is a length and a pointer.
   *
   * @param listener its descriptor, where it has one
   */
  void filter(Steps steps, Register listener) {
    process
        .filter()
        .ifPresent(
            filter -> {
              steps.because("linux.seccomp");
              byte[] program = filter.program();
              steps.call(
                  "installing the system call filter",
                  listener,
                  OnError.FAIL,
                  Sys.SECCOMP,
                  number(SECCOMP_SET_MODE_FILTER),
                  Operand.number(filter.flags(), Notation.HEX),
                  Operand.address(
                      new Datum.Words(
                          "filter of " + program.length / 8 + " instructions",
                          List.of(
                              number(program.length / 8),
                              Operand.address(new Datum.Bytes("instructions", program))))));
            });
  }

  /**
   * Enters the working directory when nothing of the machine is open: no path leads to it, and a
   * link of /proc that would is not followed (CVE-2024-21626).
   */
  void directory(Steps steps) {
    steps.because("process.cwd");
    String path = process.directory();
    var place = steps.registers().number("directory");
    steps.call(
        "entering " + path,
        place,
        OnError.FAIL,
        Sys.OPENAT2,
        Steps.cwd(),
        Operand.text(path),
        Operand.address(
            new Datum.Words(
                "without the links of /proc",
                List.of(
                    Operand.number(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC, Notation.OPEN),
                    number(0),
                    Operand.number(Flags.RESOLVE_NO_MAGICLINKS, Notation.HEX)))),
        number(24));
    steps.call("entering " + path, Sys.FCHDIR, result(place));
    BundleRootSteps.close(steps, place);
  }
}
