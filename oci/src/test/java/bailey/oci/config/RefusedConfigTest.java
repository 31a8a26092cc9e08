package bailey.oci.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import bailey.core.spec.Capability;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, and what is not. */
class RefusedConfigTest {
  /** {@code fields} beside the two that are required, with ' for ". */
  private static OciConfig config(String fields) {
    var text = "{'ociVersion': '1.3.0', 'root': {'path': 'rootfs'}" + fields + "}";
    return OciReader.config(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRefused(String fields, String sentence) {
    assertThatThrownBy(() -> config(fields))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith(sentence.strip())
        .hasMessageContaining("; line 1, column ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '`',
      textBlock =
          """
          'root': {'path': ''} @ root: this name is given twice
          'process': [] @ process: a list is not an object; write an object in braces
          'process': {'cwd': '/'} @ process: args is missing, which must be given
          'process': {'args': ['x']} @ process: cwd is missing
          'process': {'args': []} @ process.args: no program is named
          'process': {'args': ['']} @ process.args: no program is named
          'process': {'args': 'sh'} @ process.args: "sh" is not a list; write a list of strings, such as
          'process': {'args': [1]} @ process.args[0]: 1 is not a string
          'process': {'args': ['a\\u0000b']} @ process.args[0]: "a?b" has a NUL in it
          'process': {'cwd': 'x'} @ process.cwd: "x" is not an absolute path; write one that begins with /
          'process': {'env': ['X']} @ process.env[0]: "X" does not name a variable; write NAME=value
          'process': {'env': ['=X']} @ process.env[0]: "=X" does not name a variable
          'process': {'user': {'gid': 0}} @ process.user: uid is missing
          'process': {'user': {'uid': -1}} @ process.user.uid: -1 is below 0
          'process': {'user': {'uid': 4294967295}} @ process.user.uid: 4294967295 is above 4294967294
          'process': {'user': {'umask': 512}} @ process.user.umask: 512 is above 511
          'process': {'terminal': 'yes'} @ process.terminal: "yes" is not a boolean; write true or false
          'process': {'consoleSize': {'height': 1}} @ process.consoleSize: width is missing
          'process': {'oomScoreAdj': 1001} @ process.oomScoreAdj: 1001 is above 1000
          'process': {'rlimits': [{'type': 'RLIMIT_X'}]} @ process.rlimits[0].type: "RLIMIT_X" is not known; write one of RLIMIT_CPU,
          'process': {'rlimits': [{'type': 'RLIMIT_CPU', 'soft': 2, 'hard': 1}]} @ process.rlimits[0]: the soft limit 2 is above the hard one, 1
          'process': {'rlimits': [{'type': 'RLIMIT_CPU', 'soft': 1, 'hard': 1}, {'type': 'RLIMIT_CPU', 'soft': 1, 'hard': 1}]} @ process.rlimits[1]: RLIMIT_CPU is given twice
          'process': {'scheduler': {'policy': 'SCHED_ISO'}} @ process.scheduler.policy: "SCHED_ISO" is a policy that Linux does not have
          'process': {'scheduler': {'policy': 'SCHED_FIFO'}} @ process.scheduler: SCHED_FIFO needs a priority
          'process': {'scheduler': {'policy': 'SCHED_OTHER', 'priority': 3}} @ process.scheduler: priority 3 is only for
          'process': {'scheduler': {'policy': 'SCHED_DEADLINE'}} @ process.scheduler: SCHED_DEADLINE needs a runtime
          'process': {'scheduler': {'policy': 'SCHED_OTHER', 'period': 3}} @ process.scheduler: runtime, deadline and period
          'process': {'ioPriority': {'class': 'IOPRIO_CLASS_BE', 'priority': 8}} @ process.ioPriority.priority: 8 is above 7
          'process': {'execCPUAffinity': {'final': '3-1'}} @ process.execCPUAffinity.final: "3-1" is not a list of CPUs
          'mounts': [{}] @ mounts[0]: destination is missing
          'mounts': [{'destination': '/x', 'options': ['bind']}] @ mounts[0]: source is missing
          'mounts': [{'destination': '/x', 'uidMappings': [{'containerID': 0, 'hostID': 0, 'size': 1}]}] @ mounts[0]: uidMappings and gidMappings go together
          'hooks': {'poststop': [{'path': 'h'}]} @ hooks.poststop[0].path: "h" is not an absolute path
          'hooks': {'prestart': [{'path': '/h', 'timeout': 0}]} @ hooks.prestart[0].timeout: 0 is below 1
          'hostname': 'x' @ hostname: the name would be the machine's
          'domainname': 'x' @ domainname: the name would be the machine's
          'vm': {} @ vm: this asks for a virtual machine
          'annotations': {'': 'x'} @ annotations[""]: a name must not be empty
          'annotations': {'a': 1} @ annotations.a: 1 is not a string
          'linux': {'intelRdt': {}} @ linux.intelRdt: bailey does not set up Intel RDT
          'linux': {'namespaces': [{'type': 'net'}]} @ linux.namespaces[0].type: "net" is not known; write one of pid, network,
          'linux': {'namespaces': [{'type': 'pid'}, {'type': 'pid'}]} @ linux.namespaces[1]: pid is given twice
          'linux': {'namespaces': [{'type': 'pid', 'path': 'x'}]} @ linux.namespaces[0].path: "x" is not an absolute path
          'linux': {'namespaces': [{'type': 'user'}]} @ linux.namespaces: a new user namespace needs uidMappings
          'linux': {'uidMappings': [{'containerID': 0, 'hostID': 0, 'size': 1}]} @ linux.uidMappings: there is nothing to map without a user namespace
          'linux': {'uidMappings': [{'containerID': 0, 'hostID': 0, 'size': 0}]} @ linux.uidMappings[0].size: 0 is below 1
          'linux': {'uidMappings': [{'containerID': 5, 'hostID': 0, 'size': 4294967295}]} @ linux.uidMappings[0]: 4294967295 ids from 5 on are more than there are; write a size of at most 4294967290
          'linux': {'namespaces': [{'type': 'user', 'path': '/x'}], 'gidMappings': [{'containerID': 0, 'hostID': 10, 'size': 5}, {'containerID': 9, 'hostID': 14, 'size': 1}]} @ linux.gidMappings: the ranges [0] and [1] have ids in common
          'linux': {'timeOffsets': {'monotonic': {'secs': 1}}} @ linux.timeOffsets: only a new time namespace can get offsets
          'linux': {'timeOffsets': {'realtime': {}}} @ linux.timeOffsets: "realtime" is not a clock of a time namespace; write monotonic or boottime
          'linux': {'devices': [{'path': '/dev/x', 'type': 'c', 'major': 1}]} @ linux.devices[0]: minor is missing
          'linux': {'devices': [{'path': '/dev/x', 'type': 'd'}]} @ linux.devices[0].type: "d" is not known; write one of c, b, u, p
          'linux': {'devices': [{'path': '/dev/x', 'type': 'c', 'major': 4096}]} @ linux.devices[0].major: 4096 is above 4095
          'linux': {'netDevices': {'eth0': {}}} @ linux.netDevices: there is nowhere to move them without a network namespace
          'linux': {'namespaces': [{'type': 'network'}], 'netDevices': {'eth0': {'name': 'a/b'}}} @ linux.netDevices: "a/b" is not the name of a network device
          'linux': {'namespaces': [{'type': 'network'}], 'netDevices': {'a': {'name': 'x'}, 'b': {'name': 'x'}}} @ linux.netDevices: two devices get the same name
          'linux': {'rootfsPropagation': 'x'} @ linux.rootfsPropagation: "x" is not known; write one of private,
          'linux': {'maskedPaths': ['x']} @ linux.maskedPaths[0]: "x" is not an absolute path
          'linux': {'sysctl': {'net.ipv4.ip_forward': '1'}} @ linux.sysctl["net.ipv4.ip_forward"]: this would set it for the machine, as the container has no network namespace
          'linux': {'sysctl': {'vm.swappiness': '1'}} @ linux.sysctl["vm.swappiness"]: this setting is the whole machine's
          'linux': {'sysctl': {'kernel/hostname': 'x'}} @ linux.sysctl["kernel/hostname"]: the host name is given by hostname
          'linux': {'sysctl': {'net.../x': '1'}} @ linux.sysctl["net.../x"]: this is not the name of a setting
          'linux': {'personality': {'domain': 'LINUX', 'flags': ['X']}} @ linux.personality.flags[0]: the specification defines no flags
          'linux': {'memoryPolicy': {'mode': 'X'}} @ linux.memoryPolicy.mode: "X" is not known
          'linux': {'resources': {'memory': {'limit': '64M'}}} @ linux.resources.memory.limit: "64M" is not a number; write a number of bytes
          'linux': {'resources': {'cpu': {'quota': 999}}} @ linux.resources.cpu.quota: 999 is below 1000
          'linux': {'resources': {'cpu': {'period': 999}}} @ linux.resources.cpu.period: 999 is below 1000
          'linux': {'resources': {'cpu': {'quota': 1000, 'burst': 1001}}} @ linux.resources.cpu: burst, 1001, is above quota, 1000
          'linux': {'resources': {'cpu': {'cpus': '0-x'}}} @ linux.resources.cpu.cpus: "0-x" is not a list of CPUs
          'linux': {'resources': {'blockIO': {'weight': 9}}} @ linux.resources.blockIO.weight: 9 is below 10
          'linux': {'resources': {'blockIO': {'weightDevice': [{'major': 1, 'minor': 1}]}}} @ linux.resources.blockIO.weightDevice[0]: weight is missing
          'linux': {'resources': {'hugepageLimits': [{'pageSize': '2M', 'limit': 1}]}} @ linux.resources.hugepageLimits[0].pageSize: "2M" is not the size of a huge page
          'linux': {'resources': {'rdma': {'x': {}}}} @ linux.resources.rdma.x: hcaHandles or hcaObjects must be given
          'linux': {'resources': {'devices': [{}]}} @ linux.resources.devices[0]: allow is missing
          'linux': {'resources': {'devices': [{'allow': true, 'access': 'rr'}]}} @ linux.resources.devices[0].access: "rr" is not an access to a device
          'linux': {'resources': {'unified': {'../x': '1'}}} @ linux.resources.unified: "../x" is not a file of a control group
          'linux': {'seccomp': {}} @ linux.seccomp: defaultAction is missing
          'linux': {'seccomp': {'defaultAction': 'SCMP_ACT_NOTIFY'}} @ linux.seccomp: SCMP_ACT_NOTIFY as defaultAction
          'linux': {'seccomp': {'defaultAction': 'SCMP_ACT_ALLOW', 'defaultErrnoRet': 1}} @ linux.seccomp.defaultErrnoRet: only SCMP_ACT_ERRNO and SCMP_ACT_TRACE have
          'linux': {'seccomp': {'defaultAction': 'SCMP_ACT_ERRNO', 'defaultErrnoRet': 4096}} @ linux.seccomp.defaultErrnoRet: 4096 is above 4095
          'linux': {'seccomp': {'defaultAction': 'SCMP_ACT_ALLOW', 'architectures': ['x86']}} @ linux.seccomp.architectures[0]: "x86" is not known; write one of SCMP_ARCH_X86,
          'linux': {'seccomp': {'defaultAction': 'SCMP_ACT_ALLOW', 'flags': ['X']}} @ linux.seccomp.flags[0]: "X" is not known
          'linux': {'seccomp': {'defaultAction': 'SCMP_ACT_ALLOW', 'listenerMetadata': 'X'}} @ linux.seccomp: listenerMetadata is for nobody
          'linux': {'seccomp': {'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['mount'], 'action': 'SCMP_ACT_NOTIFY'}]}} @ linux.seccomp: SCMP_ACT_NOTIFY needs a listenerPath
          'linux': {'seccomp': {'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['write'], 'action': 'SCMP_ACT_NOTIFY'}]}} @ linux.seccomp: SCMP_ACT_NOTIFY for write
          'linux': {'seccomp': {'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': [], 'action': 'SCMP_ACT_LOG'}]}} @ linux.seccomp.syscalls[0]: names has no system call
          'linux': {'seccomp': {'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['x'], 'action': 'SCMP_ACT_LOG', 'args': [{'index': 6}]}]}} @ linux.seccomp.syscalls[0].args[0].index: 6 is above 5
          """)
  void aWrongValueIsRefusedByItsPath(String fields, String sentence) {
    assertRefused(", " + fields, sentence);
  }

  @Test
  void versionsOfTheSpecificationAreThoseFrom1() {
    for (var version : new String[] {"1.0.0", "1.0.2-dev", "1.2.0+dev", "1.10.3", "1.0.0-rc5"}) {
      var text = "{\"ociVersion\": \"" + version + "\", \"root\": {\"path\": \"r\"}}";
      assertThat(OciReader.config(text.getBytes(StandardCharsets.UTF_8)).ociVersion())
          .isEqualTo(version);
    }
    for (var version : new String[] {"0.5.0", "2.0.0", "1", "1.0", "1.0.", "1.x.0", "1.0.0-", ""}) {
      var text = "{\"ociVersion\": \"" + version + "\", \"root\": {\"path\": \"r\"}}";
      assertThatThrownBy(() -> OciReader.config(text.getBytes(StandardCharsets.UTF_8)))
          .as(version)
          .isInstanceOf(BadRequest.class)
          .hasMessageStartingWith("ociVersion: ");
    }
  }

  @Test
  void whatIsMissingAtTheTopIsTold() {
    assertThatThrownBy(() -> OciReader.config("{}".getBytes(StandardCharsets.UTF_8)))
        .hasMessage("ociVersion is missing, which must be given; line 1, column 1");
  }

  @Test
  void whatIsOnlyWarnedOfIsRead() {
    var config =
        config(
            ", 'process': {'args': ['x'], 'cwd': '/', 'capabilities': {'bounding': ['CAP_KILL',"
                + " 'CAP_NEW', 'kill']}}, 'windows': {'x': 1}, 'unknown': {'y': [null]},"
                + " 'mounts': [{'destination': 'tmp', 'type': 'tmpfs'}]");

    var process = Objects.requireNonNull(config.process());
    assertThat(Objects.requireNonNull(process.capabilities()).bounding().capabilities())
        .containsExactly(Capability.KILL);
    assertThat(config.mounts().getFirst().destination()).isEqualTo("/tmp");
    assertThat(config.warnings())
        .containsExactly(
            "process.capabilities.bounding[1]: CAP_NEW is ignored: bailey knows no such capability",
            "process.capabilities.bounding[2]: kill is ignored: bailey knows no such capability",
            "windows is ignored: it is for another system than Linux",
            "mounts[0].destination: tmp is taken as /tmp: write an absolute path");
  }

  @Test
  void whatGoWritesForNothingIsNothing() {
    var config =
        config(
            ", 'hostname': '', 'hooks': null, 'process': {'args': ['x'], 'cwd': '/', 'env': null,"
                + " 'apparmorProfile': '', 'consoleSize': {'height': 1, 'width': 2}}, 'linux':"
                + " {'rootfsPropagation': '', 'cgroupsPath': '', 'namespaces': [{'type': 'pid',"
                + " 'path': ''}], 'resources': {'cpu': {'cpus': ''}, 'devices': [{'allow': true,"
                + " 'type': '', 'access': ''}]}}");

    assertThat(config.hostname()).isNull();
    assertThat(config.hooks().isEmpty()).isTrue();
    var process = Objects.requireNonNull(config.process());
    assertThat(process.apparmorProfile()).isNull();
    assertThat(process.env()).isEmpty();
    assertThat(process.consoleSize()).as("without a terminal").isNull();
    assertThat(config.linux().rootfsPropagation()).isNull();
    assertThat(config.linux().cgroupsPath()).isNull();
    assertThat(config.linux().namespaces().getFirst().path()).isNull();
    var resources = Objects.requireNonNull(config.linux().resources());
    assertThat(resources.devices().getFirst().type()).isEqualTo('a');
    assertThat(resources.devices().getFirst().access()).isEqualTo("rwm");
  }

  @Test
  void theOtherDocumentsAreReadAlone() {
    var process = "{\"args\": [\"ps\"], \"cwd\": \"/\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(OciReader.process(process).user().uid()).isZero();
    var resources = "{\"pids\": {\"limit\": 7}}".getBytes(StandardCharsets.UTF_8);
    assertThat(Objects.requireNonNull(OciReader.resources(resources).pids()).limit()).isEqualTo(7);
    var wrong = "{\"pids\": {\"limit\": 7}} x".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> OciReader.resources(wrong)).isInstanceOf(BadRequest.class);
  }
}
