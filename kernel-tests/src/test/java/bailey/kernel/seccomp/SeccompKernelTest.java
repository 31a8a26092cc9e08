package bailey.kernel.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.abi.Arch;
import bailey.core.abi.SyscallTable;
import bailey.core.seccomp.SeccompPolicy;
import bailey.core.spec.Capability;
import bailey.core.spec.CapabilitySet;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The default filter in the kernel's hands. */
class SeccompKernelTest {
  private static final Arch ARCH = Arch.of(System.getProperty("os.arch"));

  private static final String EPERM = "errno 1";
  private static final String EFAULT = "errno 14";
  private static final String ENOSYS = "errno 38";
  private static final String SIGSYS = "signal 31";

  @TempDir static Path folder;

  private static CProgram probe;
  private static String filter;

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    KernelAbility.require(
        Files.exists(Path.of("/proc/sys/kernel/seccomp/actions_avail")), "seccomp filters");
    probe = CProgram.build("filter-probe", folder);
    filter = write(SeccompPolicy.standard(ARCH, CapabilitySet.CONTAINER_DEFAULT));
  }

  private static String write(SeccompPolicy policy) throws IOException {
    return Files.write(Files.createTempFile(folder, "filter", ""), policy.assemble()).toString();
  }

  /** The outcomes of calls such as {@code socket,2,1,0}. */
  private static List<String> attempt(String filter, String... calls)
      throws IOException, InterruptedException {
    var arguments = new ArrayList<>(List.of(filter));
    Arrays.stream(calls).map(SeccompKernelTest::numbered).forEach(arguments::add);
    var outcome = probe.run(arguments.toArray(String[]::new));
    assertThat(outcome.exit()).isZero();
    return outcome.lines();
  }

  private static String numbered(String call) {
    int comma = call.indexOf(',');
    var name = comma < 0 ? call : call.substring(0, comma);
    var number = SyscallTable.of(ARCH).number(name);
    return number.isEmpty() ? call : number.getAsInt() + call.substring(name.length());
  }

  @Test
  void dangerousCallsAreRefused() throws IOException, InterruptedException {
    var calls =
        new String[] {
          "init_module",
          "finit_module,-1",
          "delete_module",
          "kexec_load",
          "kexec_file_load,-1,-1",
          "bpf,-1",
          "mount",
          "umount2",
          "pivot_root",
          "fsopen",
          "move_mount,-1,0,-1",
          "setns,-1",
          "unshare,0x10000000",
          "unshare,0x40000000",
          "clone,0x10000011",
          "keyctl,0,-3",
          "add_key",
          "request_key",
          "userfaultfd,1",
          "perf_event_open",
          "io_uring_setup",
          "open_by_handle_at,-1",
          "swapoff",
          "reboot",
          "acct,1",
          "settimeofday,1",
          "sethostname,1",
          "personality,0x40000",
          "socket,38,5,0",
          "socket,40,1,0",
          "socket,0x100000026,5,0",
          "tiocsti"
        };
    var outcomes = attempt(filter, calls);
    assertThat(outcomes).hasSameSizeAs(calls);
    for (int i = 0; i < calls.length; i++) {
      assertThat(outcomes.get(i)).as(calls[i]).isEqualTo(EPERM);
    }
  }

  /** That the filter, not the kernel, refuses: here no privilege is asked for. */
  @ParameterizedTest
  @ValueSource(strings = {"personality,0x40000", "add_key", "request_key", "keyctl,0,-3", "clone3"})
  void sameCallsAreOtherwiseMade(String call) throws IOException, InterruptedException {
    assertThat(attempt(filter, call)).isSubsetOf(EPERM, ENOSYS);
    assertThat(attempt("-", call)).doesNotContain(EPERM, ENOSYS);
  }

  @Test
  void ordinaryCallsAreMade() throws IOException, InterruptedException {
    assertThat(
            attempt(
                filter,
                "getppid",
                "socket,1,1,0",
                "unshare,0x200",
                "personality,0xffffffff",
                "memfd_create"))
        .satisfiesExactly(
            parent -> assertThat(parent).startsWith("return "),
            socket -> assertThat(socket).startsWith("return "),
            unshare -> assertThat(unshare).isEqualTo("return 0"),
            personality -> assertThat(personality).startsWith("return "),
            memfd -> assertThat(memfd).isEqualTo(EFAULT));
  }

  @Test
  void callsThatAreNotThereSayEnosys() throws IOException, InterruptedException {
    assertThat(attempt(filter, "clone3", "470", "600", "0x40000027"))
        .containsExactly(ENOSYS, ENOSYS, ENOSYS, ENOSYS);
  }

  @Test
  void callsOfThirtyTwoBitsKill() throws IOException, InterruptedException {
    var free = attempt("-", "int80").getFirst();
    var filtered = attempt(filter, "int80").getFirst();
    // a kernel without them kills by itself; on aarch64 the instruction does not exist
    assertThat(filtered).isEqualTo(free.startsWith("return") ? SIGSYS : free);
  }

  @Test
  void keptCapabilitiesOpenTheirCalls() throws IOException, InterruptedException {
    KernelAbility.require(isRoot(), "root");
    var admin = write(SeccompPolicy.standard(ARCH, CapabilitySet.of(Capability.SYS_ADMIN)));
    assertThat(attempt(admin, "mount")).containsExactly(attempt("-", "mount").getFirst());
    assertThat(attempt(admin, "mount")).isNotEqualTo(List.of(EPERM));
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  @Test
  void shellRunsUnderTheFilter() throws IOException, InterruptedException {
    var outcome =
        probe.run(
            filter,
            "exec",
            "sh",
            "-c",
            "ls / | head -n 1 | wc -l; grep Seccomp: /proc/self/status");
    assertThat(outcome.lines()).containsExactly("1", "Seccomp:\t2");
    assertThat(outcome.exit()).isZero();
  }

  /** Threads, sockets, memory; clone3 is not there, so the C library falls back on clone. */
  @Test
  void virtualMachineRunsUnderTheFilter() throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classes = System.getProperty("java.class.path");
    var outcome =
        probe.run(
            filter,
            "exec",
            java,
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classes,
            BusyProgram.class.getName());
    assertThat(outcome.lines()).containsExactly("4950 50");
    assertThat(outcome.exit()).isZero();
  }
}
