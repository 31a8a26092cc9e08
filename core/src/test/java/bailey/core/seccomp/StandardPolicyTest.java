package bailey.core.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.abi.SyscallTable;
import bailey.core.bpf.ClassicMachine;
import bailey.core.spec.Capability;
import bailey.core.spec.CapabilitySet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The default policy, rule by rule, through its compiled program. */
class StandardPolicyTest {
  private static final int ALLOWED = SeccompAction.ALLOW.code();
  private static final int EPERM = SeccompAction.errno(Errno.EPERM).code();
  private static final int ENOSYS = SeccompAction.errno(Errno.ENOSYS).code();
  private static final int KILLED = SeccompAction.KILL_PROCESS.code();

  private static final long CLONE_VM = 0x100;
  private static final long CLONE_FS = 0x200;
  private static final long SIGCHLD = 17;

  private static int verdict(Arch arch, CapabilitySet kept, String call, long... arguments) {
    var machine = new ClassicMachine(SeccompPolicy.standard(arch, kept).assemble());
    var six = Arrays.copyOf(arguments, 6);
    int number = SyscallTable.of(arch).number(call).orElseThrow();
    return machine.run(arch.auditArch(), number, six).value();
  }

  private static int verdict(String call, long... arguments) {
    int x86 = verdict(Arch.X86_64, CapabilitySet.CONTAINER_DEFAULT, call, arguments);
    int arm = verdict(Arch.AARCH64, CapabilitySet.CONTAINER_DEFAULT, call, arguments);
    assertThat(arm).as("the same on both architectures").isEqualTo(x86);
    return x86;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "read",
        "write",
        "futex",
        "openat",
        "execve",
        "mmap",
        "wait4",
        "getrandom",
        "statx",
        "setresuid",
        "prctl",
        "seccomp",
        "ptrace",
        "process_vm_readv",
        "mknodat",
        "chroot",
        "capset",
        "memfd_create",
        "pidfd_open",
        "landlock_restrict_self",
        "file_getattr",
        "mseal"
      })
  void ordinaryCallsAreAllowed(String call) {
    assertThat(verdict(call)).isEqualTo(ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "init_module",
        "finit_module",
        "delete_module",
        "kexec_load",
        "kexec_file_load",
        "bpf",
        "mount",
        "umount2",
        "pivot_root",
        "move_mount",
        "open_tree",
        "open_tree_attr",
        "fsopen",
        "fsmount",
        "fsconfig",
        "fspick",
        "mount_setattr",
        "setns",
        "keyctl",
        "add_key",
        "request_key",
        "userfaultfd",
        "perf_event_open",
        "reboot",
        "swapon",
        "swapoff",
        "acct",
        "settimeofday",
        "clock_settime",
        "sethostname",
        "setdomainname",
        "quotactl",
        "quotactl_fd",
        "open_by_handle_at",
        "syslog",
        "io_uring_setup",
        "io_uring_enter",
        "io_uring_register",
        "kcmp",
        "pidfd_getfd",
        "process_madvise",
        "vhangup",
        "mbind",
        "move_pages",
        "migrate_pages",
        "nfsservctl",
        "lookup_dcookie",
        "fanotify_init",
        "lsm_set_self_attr"
      })
  void dangerousCallsAreRefused(String call) {
    assertThat(verdict(call)).isEqualTo(EPERM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iopl", "ioperm", "uselib", "create_module", "query_module", "_sysctl"})
  void dangerousCallsThatOnlyX86HasAreRefused(String call) {
    assertThat(verdict(Arch.X86_64, CapabilitySet.CONTAINER_DEFAULT, call)).isEqualTo(EPERM);
  }

  @Test
  void newNamespacesAreRefused() {
    assertThat(verdict("clone", CLONE_VM | SIGCHLD)).isEqualTo(ALLOWED);
    // the lowest bits of clone's flags are a signal: 0x80 is no time namespace there
    assertThat(verdict("clone", 0x80 | SIGCHLD)).isEqualTo(ALLOWED);
    assertThat(verdict("unshare", CLONE_FS)).isEqualTo(ALLOWED);
    assertThat(verdict("unshare", 0x80)).isEqualTo(EPERM);
    for (int bit : new int[] {17, 25, 26, 27, 28, 29, 30}) {
      assertThat(verdict("clone", 1L << bit | SIGCHLD)).as("bit " + bit).isEqualTo(EPERM);
      assertThat(verdict("unshare", 1L << bit | CLONE_FS)).as("bit " + bit).isEqualTo(EPERM);
    }
    assertThat(verdict("clone3")).isEqualTo(ENOSYS);
  }

  @Test
  void typingIntoTheTerminalIsRefused() {
    assertThat(verdict("ioctl", 0, 0x5401)).isEqualTo(ALLOWED); // TCGETS
    assertThat(verdict("ioctl", 0, 0x5412)).isEqualTo(EPERM); // TIOCSTI
    assertThat(verdict("ioctl", 0, 0x541c)).isEqualTo(EPERM); // TIOCLINUX
    assertThat(verdict("ioctl", 0, 0x1_0000_5412L)).as("a bit above the int").isEqualTo(EPERM);
    assertThat(verdict("ioctl", 0, -1L << 32 | 0x541c)).as("bits above the int").isEqualTo(EPERM);
  }

  @Test
  void socketFamiliesAreThoseOfTheProfile() {
    var refused = List.of(12, 19, 20, 23, 25, 34, 37, 38, 40, 46, 47, 1000);
    for (int family = 0; family <= 46; family++) {
      assertThat(verdict("socket", family, 1, 0))
          .as("family " + family)
          .isEqualTo(refused.contains(family) ? EPERM : ALLOWED);
    }
    assertThat(verdict("socket", 0x1_0000_0026L))
        .as("ALG with a bit above the int")
        .isEqualTo(EPERM);
    assertThat(verdict("socket", -1)).isEqualTo(EPERM);
  }

  @Test
  void personalitiesThatUndoDefencesAreRefused() {
    for (long personality : new long[] {0, 8, 0x20000, 0x20008, 0xffffffffL, -1}) {
      assertThat(verdict("personality", personality)).isEqualTo(ALLOWED);
    }
    for (long personality : new long[] {0x40000, 0x400000, 0x40008, 1, 0xfffffffeL}) {
      assertThat(verdict("personality", personality)).isEqualTo(EPERM);
    }
  }

  @Test
  void capabilitiesOpenTheirCalls() {
    var opened = new HashMap<Capability, List<String>>();
    opened.put(
        Capability.SYS_ADMIN,
        List.of("mount", "umount2", "setns", "unshare", "clone3", "bpf", "pivot_root", "syslog"));
    opened.put(Capability.SYS_PTRACE, List.of("kcmp", "pidfd_getfd", "process_madvise"));
    opened.put(Capability.SYS_MODULE, List.of("init_module", "finit_module", "delete_module"));
    opened.put(Capability.SYS_BOOT, List.of("reboot"));
    opened.put(Capability.SYS_PACCT, List.of("acct"));
    opened.put(Capability.SYS_TIME, List.of("settimeofday", "clock_settime"));
    opened.put(Capability.SYS_TTY_CONFIG, List.of("vhangup"));
    opened.put(Capability.SYS_NICE, List.of("mbind", "set_mempolicy", "get_mempolicy"));
    opened.put(Capability.SYSLOG, List.of("syslog"));
    opened.put(Capability.BPF, List.of("bpf"));
    opened.put(Capability.PERFMON, List.of("perf_event_open"));
    opened.put(Capability.DAC_READ_SEARCH, List.of("open_by_handle_at"));
    opened.put(Capability.SYS_CHROOT, List.of("chroot"));
    opened.forEach(
        (capability, calls) -> {
          for (var call : calls) {
            for (var arch : Arch.values()) {
              assertThat(verdict(arch, CapabilitySet.of(capability), call, 0x20000))
                  .as(call + " with " + capability)
                  .isEqualTo(ALLOWED);
              assertThat(verdict(arch, CapabilitySet.NONE, call, 0x20000))
                  .as(call + " without " + capability)
                  .isIn(EPERM, ENOSYS);
            }
          }
        });
    var rawIo = CapabilitySet.of(Capability.SYS_RAWIO);
    assertThat(verdict(Arch.X86_64, rawIo, "iopl")).isEqualTo(ALLOWED);
    assertThat(verdict(Arch.X86_64, CapabilitySet.ALL, "clone", 0x10020000)).isEqualTo(ALLOWED);
  }

  @Test
  void someCallsNoCapabilityOpens() {
    for (var call : List.of("keyctl", "add_key", "kexec_load", "userfaultfd", "io_uring_setup")) {
      assertThat(verdict(Arch.X86_64, CapabilitySet.ALL, call)).as(call).isEqualTo(EPERM);
    }
    assertThat(verdict(Arch.X86_64, CapabilitySet.ALL, "ioctl", 0, 0x5412)).isEqualTo(EPERM);
  }

  @Test
  void tracingIsRefusedWhereOthersCanBeNamed() {
    for (var call : List.of("ptrace", "process_vm_readv", "process_vm_writev")) {
      int number = SyscallTable.of(Arch.X86_64).number(call).orElseThrow();
      assertThat(amongOthers(CapabilitySet.CONTAINER_DEFAULT, number)).isEqualTo(EPERM);
      assertThat(amongOthers(CapabilitySet.of(Capability.SYS_PTRACE), number)).isEqualTo(ALLOWED);
    }
  }

  private static int amongOthers(CapabilitySet kept, int number) {
    var program = SeccompPolicy.standardAmongOthers(Arch.X86_64, kept).assemble();
    return new ClassicMachine(program)
        .run(Arch.X86_64.auditArch(), number, 0, 0, 0, 0, 0, 0)
        .value();
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void callsNewerThanBaileyAreNotThere(Arch arch) {
    var machine = machine(arch);
    for (int number : new int[] {470, 471, 512, 547, 1000, 0x3fffffff}) {
      assertThat(run(machine, arch, number)).as("number " + number).isEqualTo(ENOSYS);
    }
    assertThat(run(machine, arch, 400)).as("in the gap").isEqualTo(ENOSYS);
    assertThat(run(machine, arch, -1)).isEqualTo(ENOSYS);
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void otherArchitecturesAreKilled(Arch arch) {
    var machine = machine(arch);
    for (var other : new int[] {0x40000003 /* i386 */, 0x40000028 /* arm */, 0, -1}) {
      assertThat(machine.run(other, 0, 0, 0, 0, 0, 0, 0).value()).isEqualTo(KILLED);
    }
  }

  @Test
  void x32IsNotThere() {
    var machine = machine(Arch.X86_64);
    for (int number : new int[] {0, 1, 39, 165, 512, 520, 547}) {
      assertThat(run(machine, Arch.X86_64, 0x40000000 | number)).isEqualTo(ENOSYS);
    }
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void programMeansWhatTheRulesSay(Arch arch) {
    var random = new Random(42);
    for (int i = 0; i < 20; i++) {
      var kept = new CapabilitySet(random.nextLong() & CapabilitySet.ALL.mask());
      var policy = SeccompPolicy.standard(arch, kept);
      var machine = new ClassicMachine(policy.assemble());
      for (int number = 0; number < 480; number++) {
        var arguments =
            new long[] {random.nextInt(50), random.nextLong(), 0x5412, random.nextLong(), 0, 0};
        assertThat(machine.run(arch.auditArch(), number, arguments).value())
            .as(number + " with " + kept)
            .isEqualTo(Meaning.of(policy, arch.auditArch(), number, arguments).code());
      }
    }
  }

  /** Linux 5.11 and later then does not run the filter for the call at all. */
  @ParameterizedTest
  @EnumSource(Arch.class)
  void kernelSeesAtLoadTimeWhatIsAlwaysAllowed(Arch arch) {
    var policy = SeccompPolicy.standard(arch, CapabilitySet.CONTAINER_DEFAULT);
    var machine = machine(arch);
    int seen = 0;
    for (var rule : policy.rules()) {
      for (var call : rule.calls()) {
        var number = SyscallTable.of(arch).number(call);
        if (rule.tests().isEmpty()
            && rule.action().equals(SeccompAction.ALLOW)
            && !call.equals("ioctl")
            && number.isPresent()) {
          assertThat(machine.allowsWithoutRunning(arch.auditArch(), number.getAsInt()))
              .as(call)
              .isTrue();
          seen++;
        }
      }
    }
    assertThat(seen).isGreaterThan(240);
    assertThat(
            machine.allowsWithoutRunning(
                arch.auditArch(), SyscallTable.of(arch).number("ioctl").orElseThrow()))
        .isFalse();
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void searchIsShort(Arch arch) {
    var machine = machine(arch);
    assertThat(machine.length()).isLessThan(250);
    var table = SyscallTable.of(arch);
    var longest = new ArrayList<Integer>();
    for (int number = 0; number <= table.highest(); number++) {
      longest.add(machine.run(arch.auditArch(), number, 0, 0, 0, 0, 0, 0).instructions());
    }
    assertThat(longest).allMatch(count -> count <= 24);
    for (var call : List.of("read", "write", "futex", "openat", "close", "epoll_pwait")) {
      int number = table.number(call).orElseThrow();
      assertThat(longest.get(number)).as(call).isLessThanOrEqualTo(10);
    }
  }

  @Test
  void everyNameIsACall() {
    var unknown = new ArrayList<String>();
    for (var rule : SeccompPolicy.standard(Arch.X86_64, CapabilitySet.ALL).rules()) {
      for (var call : rule.calls()) {
        if (Arrays.stream(Arch.values())
            .allMatch(arch -> SyscallTable.of(arch).number(call).isEmpty())) {
          unknown.add(call);
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void policyIsReadable() {
    assertThat(SeccompPolicy.standard(Arch.X86_64, CapabilitySet.CONTAINER_DEFAULT).toString())
        .contains("ERRNO EPERM (operation not permitted) ioctl where arg1 & 0xffffffff = 0x5412")
        .contains("ALLOW socket where arg0 >= 0x29 and arg0 <= 0x2d")
        .contains("ALLOW chroot  (CAP_SYS_CHROOT is kept)")
        .contains("ERRNO ENOSYS (function not implemented) clone3")
        .contains("KILL_PROCESS calls of other architectures");
  }

  private static ClassicMachine machine(Arch arch) {
    return new ClassicMachine(
        SeccompPolicy.standard(arch, CapabilitySet.CONTAINER_DEFAULT).assemble());
  }

  private static int run(ClassicMachine machine, Arch arch, int number) {
    return machine.run(arch.auditArch(), number, 0, 0, 0, 0, 0, 0).value();
  }
}
