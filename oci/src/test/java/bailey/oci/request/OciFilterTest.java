package bailey.oci.request;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.abi.SyscallAbi;
import bailey.core.abi.SyscallTable;
import bailey.core.seccomp.SeccompAction;
import bailey.core.seccomp.SeccompAction.Verdict;
import bailey.core.seccomp.SeccompFilter.Section;
import bailey.core.seccomp.SeccompRule;
import bailey.oci.config.OciReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class OciFilterTest {
  private static final SeccompAction ENOSYS = SeccompAction.errno(Errno.ENOSYS);

  private static OciFilter filter(Arch machine, String seccomp) {
    var document =
        "{\"ociVersion\": \"1.3.0\", \"root\": {\"path\": \"r\"}, \"linux\": {\"seccomp\": {%s}}}"
            .replace("%s", seccomp);
    var config = OciReader.config(document.getBytes(StandardCharsets.UTF_8));
    return OciFilter.of(Objects.requireNonNull(config.linux().seccomp()), machine);
  }

  private static List<SeccompRule> about(Section section, String call) {
    return section.rules().stream().filter(rule -> rule.calls().contains(call)).toList();
  }

  @Test
  void aRuleWithoutArgumentsComesFirst() {
    var filter =
        filter(
            Arch.X86_64,
            """
            "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
            "syscalls": [
              {"names": ["ioctl"], "action": "SCMP_ACT_KILL", "args":
                [{"index": 1, "value": 21522, "op": "SCMP_CMP_EQ"}]},
              {"names": ["ioctl", "read"], "action": "SCMP_ACT_ALLOW"}]
            """);

    var section = filter.filter().sections().getFirst();
    assertThat(section.abi()).isEqualTo(SyscallAbi.X86_64);
    assertThat(section.otherwise()).isEqualTo(ENOSYS);
    assertThat(about(section, "ioctl"))
        .extracting(SeccompRule::action)
        .containsExactly(SeccompAction.ALLOW, new SeccompAction(Verdict.KILL_THREAD, 0));
    assertThat(filter.flags()).isZero();
    assertThat(filter.notifies()).isFalse();
  }

  @Test
  void twoTestsOfOneArgumentAreAlternatives() {
    var filter =
        filter(
            Arch.X86_64,
            """
            "defaultAction": "SCMP_ACT_ERRNO",
            "syscalls": [
              {"names": ["personality"], "action": "SCMP_ACT_ALLOW", "args": [
                {"index": 0, "value": 0, "op": "SCMP_CMP_EQ"},
                {"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]},
              {"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [
                {"index": 0, "value": 2114060288, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ"},
                {"index": 1, "value": 8, "op": "SCMP_CMP_NE"}]}]
            """);

    var section = filter.filter().sections().getFirst();
    assertThat(about(section, "personality"))
        .extracting(rule -> rule.tests().toString())
        .containsExactly("[arg0 = 0x0]", "[arg0 = 0x8]");
    assertThat(about(section, "clone"))
        .extracting(rule -> rule.tests().toString())
        .containsExactly("[arg0 & 0x7e020000 = 0x0, arg1 != 0x8]");
  }

  @Test
  void callsNewerThanThoseThatAreNamedAreNotThereWhereTheRestIsRefused() {
    var rules = "\"syscalls\": [{\"names\": [\"statx\"], \"action\": \"SCMP_ACT_ALLOW\"}]";
    var refusing =
        filter(Arch.X86_64, "\"defaultAction\": \"SCMP_ACT_ERRNO\", " + rules).filter().sections();
    assertThat(refusing.getFirst().newest()).isEqualTo(332);
    assertThat(refusing.getFirst().unknown()).isEqualTo(ENOSYS);
    var letting =
        filter(Arch.X86_64, "\"defaultAction\": \"SCMP_ACT_LOG\", " + rules).filter().sections();
    assertThat(letting.getFirst().newest()).isEqualTo(SyscallTable.of(SyscallAbi.X86_64).highest());
    assertThat(letting.getFirst().unknown()).isEqualTo(new SeccompAction(Verdict.LOG, 0));
    var none = filter(Arch.X86_64, "\"defaultAction\": \"SCMP_ACT_KILL_PROCESS\"");
    assertThat(none.filter().sections().getFirst().unknown()).isEqualTo(SeccompAction.KILL_PROCESS);
  }

  @Test
  void listedInterfacesAreAddedToTheMachinesOwn() {
    var architectures =
        "\"architectures\": [\"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\", \"SCMP_ARCH_ARM\","
            + " \"SCMP_ARCH_S390X\", \"SCMP_ARCH_X86\"],";
    var rule =
        """
        "defaultAction": "SCMP_ACT_ERRNO",
        "syscalls": [{"names": ["socket", "semop", "read"], "action": "SCMP_ACT_ALLOW"},
          {"names": ["bind"], "action": "SCMP_ACT_ALLOW", "args":
            [{"index": 2, "value": 1099511627778, "op": "SCMP_CMP_LT"}]}]
        """;
    var x86 = filter(Arch.X86_64, architectures + rule).filter().sections();
    assertThat(x86)
        .extracting(Section::abi)
        .containsExactly(SyscallAbi.X86_64, SyscallAbi.X86, SyscallAbi.X32);
    assertThat(about(x86.get(1), "socketcall"))
        .as("bind is allowed for some arguments only, which are not seen there")
        .extracting(one -> one.tests().toString())
        .containsExactly("[arg0 = 0x1]");
    assertThat(about(x86.get(1), "ipc"))
        .extracting(one -> one.tests().toString())
        .containsExactly("[arg0 & 0xffff = 0x1]");
    assertThat(about(x86.get(1), "bind"))
        .as("has 32 bits there")
        .extracting(one -> one.tests().toString())
        .containsExactly("[arg2 < 0x2]");
    assertThat(about(x86.getFirst(), "socketcall")).isEmpty();
    var arm = filter(Arch.AARCH64, architectures + rule).filter().sections();
    assertThat(arm).extracting(Section::abi).containsExactly(SyscallAbi.AARCH64, SyscallAbi.ARM);
    assertThat(filter(Arch.X86_64, rule).filter().sections())
        .extracting(Section::abi)
        .containsExactly(SyscallAbi.X86_64);
  }

  @Test
  void flagsAreThoseThatAProcessOfOneThreadCanHave() {
    var flags =
        """
        "flags": ["SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG",
          "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"],
        "defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/run/agent.sock"
        """;
    assertThat(filter(Arch.X86_64, flags).flags()).isEqualTo(2 | 4);
    var notify = ", \"syscalls\": [{\"names\": [\"mount\"], \"action\": \"SCMP_ACT_NOTIFY\"}]";
    assertThat(filter(Arch.X86_64, flags + notify).flags()).isEqualTo(2 | 4 | 8 | 32);
    assertThat(filter(Arch.X86_64, flags + notify).notifies()).isTrue();
  }

  @Test
  void namesThatAreNoCallsAreToldOnce() {
    var filter =
        filter(
            Arch.X86_64,
            """
            "defaultAction": "SCMP_ACT_ALLOW",
            "syscalls": [{"names": ["nonsense", "set_tls", "read"], "action": "SCMP_ACT_LOG"},
              {"names": ["nonsense"], "action": "SCMP_ACT_TRAP"}]
            """);
    assertThat(filter.warnings())
        .containsExactly("linux.seccomp.syscalls: nonsense is ignored: bailey knows no such call");
  }
}
