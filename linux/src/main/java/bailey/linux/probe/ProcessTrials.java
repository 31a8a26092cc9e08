package bailey.linux.probe;

import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.List;

/** Trials of what bailey does with processes, descriptors, filters and terminals. */
final class ProcessTrials {
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int BPF_PROG_LOAD = 5;
  private static final int BPF_PROG_TYPE_CGROUP_DEVICE = 15;
  private static final int RESOLVE_NO_MAGICLINKS = 2;
  private static final int TIOCSPTLCK = 0x40045431;
  private static final int TIOCGPTPEER = 0x5441;
  private static final int BEYOND = 1000; // descriptors that no child of an executor has

  private final TrialPlans plans;

  ProcessTrials(TrialPlans plans) {
    this.plans = plans;
  }

  List<Trial> all() {
    return List.of(
        pidfd(
            "pidfd_open",
            "naming processes without mistaking one for another",
            "Linux 5.3",
            (_, _) -> {}),
        pidfd(
            "pidfd_send_signal",
            "signals that reach the process meant or none",
            "Linux 5.1",
            (steps, self) ->
                steps.call(
                    "signalling by a pidfd",
                    Sys.PIDFD_SEND_SIGNAL,
                    Operand.result(self),
                    Operand.number(0),
                    Operand.number(0),
                    Operand.number(0))),
        pidfd("pidfd_getfd", "seccomp notifications of OCI runtimes", "Linux 5.6", this::getfd),
        closeRange(),
        openat2(),
        seccomp(),
        deviceProgram(),
        terminal());
  }

  private interface WithPidfd {
    void add(Steps steps, Register self);
  }

  private Trial pidfd(String name, String use, String since, WithPidfd body) {
    return new Trial(
        name,
        use,
        since,
        plans.inside(
            name,
            0,
            steps -> {
              var pid = steps.registers().number("pid");
              var self = steps.registers().descriptor("self");
              steps.call("asking for its pid", pid, OnError.FAIL, Sys.GETPID);
              steps.call(
                  "opening a pidfd",
                  self,
                  OnError.FAIL,
                  Sys.PIDFD_OPEN,
                  Operand.result(pid),
                  Operand.number(0));
              body.add(steps, self);
              steps.close(self);
            }));
  }

  private void getfd(Steps steps, Register self) {
    var copy = steps.registers().descriptor("copy");
    steps.call(
        "taking a descriptor of a process",
        copy,
        OnError.FAIL,
        Sys.PIDFD_GETFD,
        Operand.result(self),
        Operand.result(self),
        Operand.number(0));
    steps.close(copy);
  }

  private Trial closeRange() {
    return new Trial(
        "close_range",
        "no descriptor but 0 to 2 gets into a container",
        "Linux 5.11",
        plans.inside(
            "close_range",
            0,
            steps ->
                steps.call(
                    "closing a range of descriptors",
                    Sys.CLOSE_RANGE,
                    Operand.number(BEYOND),
                    Operand.number(BEYOND),
                    Operand.number(Flags.CLOSE_RANGE_CLOEXEC))));
  }

  private Trial openat2() {
    var how =
        new Datum.Words(
            "how",
            List.of(
                Operand.number(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC, Notation.OPEN),
                Operand.number(0),
                Operand.number(RESOLVE_NO_MAGICLINKS)));
    return new Trial(
        "openat2",
        "working directories that cannot lead out of the container",
        "Linux 5.6",
        plans.here(
            "openat2",
            steps -> {
              var root = steps.registers().descriptor("root");
              steps.call(
                  "opening a directory",
                  root,
                  OnError.FAIL,
                  Sys.OPENAT2,
                  Steps.cwd(),
                  Operand.text("/"),
                  Operand.address(how),
                  Operand.number(24));
              steps.close(root);
            }));
  }

  private Trial seccomp() {
    // one instruction: return SECCOMP_RET_ALLOW
    var filter = new Datum.Bytes("filter", new byte[] {6, 0, 0, 0, 0, 0, (byte) 0xff, 0x7f});
    var program = new Datum.Words("program", List.of(Operand.number(1), Operand.address(filter)));
    return new Trial(
        "seccomp filter",
        "keeping containers from system calls that they have no need for",
        "a kernel with CONFIG_SECCOMP_FILTER",
        plans.inside(
            "seccomp filter",
            0,
            steps -> {
              steps.call(
                  "giving up new privileges",
                  Sys.PRCTL,
                  Operand.number(PR_SET_NO_NEW_PRIVS),
                  Operand.number(1),
                  Operand.number(0),
                  Operand.number(0),
                  Operand.number(0));
              steps.call(
                  "setting a filter",
                  Sys.SECCOMP,
                  Operand.number(SECCOMP_SET_MODE_FILTER),
                  Operand.number(0),
                  Operand.address(program));
            }));
  }

  private Trial deviceProgram() {
    // r0 = 1; exit
    var instructions =
        new Datum.Bytes(
            "instructions",
            new byte[] {(byte) 0xb7, 0, 0, 0, 1, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0});
    long head = BPF_PROG_TYPE_CGROUP_DEVICE | (2L << 32); // prog_type, insn_cnt
    var attributes =
        new Datum.Words(
            "attributes",
            List.of(
                Operand.number(head, Notation.HEX),
                Operand.address(instructions),
                Operand.text("Apache-2.0"),
                Operand.number(0),
                Operand.number(0),
                Operand.number(0)));
    return new Trial(
        "BPF cgroup device program",
        "which devices a container may use, on cgroup v2",
        "a kernel with CONFIG_CGROUP_BPF",
        plans.here(
            "BPF cgroup device program",
            steps -> {
              var program = steps.registers().descriptor("program");
              steps.call(
                  "loading a program",
                  program,
                  OnError.FAIL,
                  Sys.BPF,
                  Operand.number(BPF_PROG_LOAD),
                  Operand.address(attributes),
                  Operand.number(48));
              steps.close(program);
            }));
  }

  private Trial terminal() {
    var unlock = new Datum.Bytes("unlock", new byte[4]);
    return new Trial(
        "TIOCGPTPEER",
        "run -t: opening the container's terminal without trusting a path",
        "Linux 4.13 and a /dev/ptmx",
        plans.here(
            "TIOCGPTPEER",
            steps -> {
              long flags = OpenFlags.O_RDWR | OpenFlags.O_NOCTTY;
              var master = steps.open("opening a terminal", Steps.cwd(), "/dev/ptmx", flags, "pty");
              steps.undo("closing the terminal", undo -> undo.close(master));
              steps.call(
                  "unlocking its other side",
                  Sys.IOCTL,
                  Operand.result(master),
                  Operand.number(TIOCSPTLCK, Notation.HEX),
                  Operand.address(unlock));
              var peer = steps.registers().descriptor("peer");
              steps.call(
                  "opening its other side",
                  peer,
                  OnError.FAIL,
                  Sys.IOCTL,
                  Operand.result(master),
                  Operand.number(TIOCGPTPEER, Notation.HEX),
                  Operand.number(flags | OpenFlags.O_CLOEXEC, Notation.OPEN));
              steps.close(peer);
              steps.add(new Step.Unwind(TrialPlans.note("ending"), Operand.number(0)));
            }));
  }
}
