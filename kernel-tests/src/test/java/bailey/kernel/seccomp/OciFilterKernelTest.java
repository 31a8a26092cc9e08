package bailey.kernel.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.abi.Arch;
import bailey.core.abi.SyscallTable;
import bailey.oci.config.OciReader;
import bailey.oci.request.OciFilter;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filters from configurations of OCI in the kernel's hands. */
class OciFilterKernelTest {
  private static final Arch ARCH = Arch.of(System.getProperty("os.arch"));

  @TempDir static Path folder;

  private static CProgram probe;

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    KernelAbility.require(
        Files.exists(Path.of("/proc/sys/kernel/seccomp/actions_avail")), "seccomp filters");
    probe = CProgram.build("filter-probe", folder);
  }

  private static List<String> attempt(String seccomp, String... calls)
      throws IOException, InterruptedException {
    var document =
        "{\"ociVersion\": \"1.3.0\", \"root\": {\"path\": \"r\"}, \"linux\": {\"seccomp\": {"
            + seccomp
            + "}}}";
    var config = OciReader.config(document.getBytes(StandardCharsets.UTF_8));
    var filter =
        OciFilter.of(Objects.requireNonNull(config.linux().seccomp()), ARCH).filter().assemble();
    var file = Files.write(Files.createTempFile(folder, "filter", ""), filter);
    var arguments = new ArrayList<>(List.of(file.toString()));
    for (var call : calls) {
      var name = call.split(",", 2)[0];
      var number = SyscallTable.of(ARCH).number(name);
      arguments.add(number.isEmpty() ? call : number.getAsInt() + call.substring(name.length()));
    }
    var outcome = probe.run(arguments.toArray(String[]::new));
    assertThat(outcome.exit()).isZero();
    return outcome.lines();
  }

  @Test
  void actionsAndErrorNumbersAreTheKernels() throws IOException, InterruptedException {
    var outcomes =
        attempt(
            """
            "defaultAction": "SCMP_ACT_ALLOW",
            "syscalls": [
              {"names": ["getppid"], "action": "SCMP_ACT_ERRNO"},
              {"names": ["getuid"], "action": "SCMP_ACT_ERRNO", "errnoRet": 99},
              {"names": ["getgid"], "action": "SCMP_ACT_KILL_PROCESS"},
              {"names": ["geteuid"], "action": "SCMP_ACT_KILL"},
              {"names": ["getegid"], "action": "SCMP_ACT_TRAP"},
              {"names": ["getsid"], "action": "SCMP_ACT_TRACE"},
              {"names": ["umask"], "action": "SCMP_ACT_LOG"}]
            """,
            "getppid",
            "getuid",
            "getgid",
            "geteuid",
            "getegid",
            "getsid",
            "umask,18",
            "dup,-1");
    assertThat(outcomes)
        .containsExactly(
            "errno 1",
            "errno 99",
            "signal 31",
            "signal 31",
            "signal 31",
            "errno 38",
            outcomes.get(6),
            "errno 9");
    assertThat(outcomes.get(6)).startsWith("return ");
  }

  /** dup(2) says EBADF where it is allowed, ERRNO 77 where a rule holds. */
  @Test
  void eachOperatorComparesAll64Bits() throws IOException, InterruptedException {
    long value = 0x1_0000_0002L;
    for (var operator : List.of("EQ", "NE", "LT", "LE", "GT", "GE")) {
      var outcomes =
          attempt(
              """
              "defaultAction": "SCMP_ACT_ALLOW",
              "syscalls": [{"names": ["lseek"], "action": "SCMP_ACT_ERRNO", "errnoRet": 77,
                "args": [{"index": 1, "value": 4294967298, "op": "SCMP_CMP_%s"}]}]
              """
                  .replace("%s", operator),
              "lseek,-1," + (value - 1),
              "lseek,-1," + value,
              "lseek,-1," + (value + 1),
              "lseek,-1,2",
              "lseek,-1,0x200000002");
      var expected =
          switch (operator) {
            case "EQ" -> "ynyyy";
            case "NE" -> "nynnn";
            case "LT" -> "nyyny";
            case "LE" -> "nnyny";
            case "GT" -> "yynyn";
            default -> "ynnyn";
          };
      for (int i = 0; i < outcomes.size(); i++) {
        assertThat(outcomes.get(i))
            .as(operator + " " + i)
            .isEqualTo(expected.charAt(i) == 'y' ? "errno 9" : "errno 77");
      }
    }
  }

  @Test
  void maskedArgumentsAndAlternativesHold() throws IOException, InterruptedException {
    assertThat(
            attempt(
                """
                "defaultAction": "SCMP_ACT_ALLOW",
                "syscalls": [{"names": ["lseek"], "action": "SCMP_ACT_ERRNO", "errnoRet": 77,
                  "args": [{"index": 1, "value": 240, "valueTwo": 32, "op": "SCMP_CMP_MASKED_EQ"},
                           {"index": 2, "value": 1, "op": "SCMP_CMP_EQ"}]},
                  {"names": ["dup"], "action": "SCMP_ACT_ERRNO", "errnoRet": 78, "args": [
                    {"index": 0, "value": 4000, "op": "SCMP_CMP_EQ"},
                    {"index": 0, "value": 5000, "op": "SCMP_CMP_EQ"}]}]
                """,
                "lseek,-1,0xf2f,1",
                "lseek,-1,0xf2f,0",
                "lseek,-1,0xf3f,1",
                "dup,4000",
                "dup,5000",
                "dup,4500"))
        .containsExactly("errno 77", "errno 9", "errno 9", "errno 78", "errno 78", "errno 9");
  }

  /** The calls that the probe itself needs are allowed, all others refused. */
  @Test
  void newerCallsAreNotThereAndOthersAreRefused() throws IOException, InterruptedException {
    var allowed =
        """
        "defaultAction": "SCMP_ACT_ERRNO",
        "syscalls": [{"names": ["exit_group", "exit", "write", "fork", "clone", "wait4", "rseq",
          "set_robust_list", "newfstatat", "fstat", "prctl", "brk", "mmap", "getpid", "gettid",
          "rt_sigprocmask", "rt_sigaction", "seccomp"], "action": "SCMP_ACT_ALLOW"}]
        """;
    assertThat(attempt(allowed, "getppid", "clone3", "openat2", "470", "dup,-1"))
        .containsExactly("errno 1", "errno 38", "errno 38", "errno 38", "errno 1");
  }

  @Test
  void thirtyTwoBitCallsAreFilteredWhereTheyAreListed() throws IOException, InterruptedException {
    KernelAbility.require(ARCH == Arch.X86_64, "x86-64");
    var free = probe.run("-", "int80").lines().getFirst();
    KernelAbility.require(free.startsWith("return"), "32-bit calls");
    var rule = "\"defaultAction\": \"SCMP_ACT_ALLOW\"";
    assertThat(attempt(rule, "int80")).as("not listed").containsExactly("signal 31");
    var listed = rule + ", \"architectures\": [\"SCMP_ARCH_X86\"]";
    assertThat(attempt(listed, "int80").getFirst()).startsWith("return ");
    var refused = ", \"syscalls\": [{\"names\": [\"getpid\"], \"action\": \"SCMP_ACT_ERRNO\"}]";
    assertThat(attempt(listed + refused, "int80").getFirst()).doesNotStartWith("return 0");
    assertThat(attempt(listed + refused, "int80").getFirst()).isIn("return -1", "errno 1");
  }
}
