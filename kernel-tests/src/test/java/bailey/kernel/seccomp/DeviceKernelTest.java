package bailey.kernel.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.bpf.DeviceProgram;
import bailey.core.bpf.StandardDevices;
import bailey.core.subsystem.DevicePolicy;
import bailey.core.subsystem.DeviceRule;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Device programs on a cgroup of their own. */
class DeviceKernelTest {
  private static final String OK = "ok";
  private static final String EPERM = "errno 1";

  /** {@code r0 = 1; exit}: what any kernel takes that takes device programs. */
  private static final byte[] SMALLEST = {
    (byte) 0xb4, 0, 0, 0, 1, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0
  };

  @TempDir static Path folder;

  private static CProgram probe;
  private static @Nullable Path cgroup;

  @BeforeAll
  static void make() throws IOException, InterruptedException {
    probe = CProgram.build("device-probe", folder);
    var mount = cgroup2();
    KernelAbility.require(mount.isPresent(), "a cgroup v2 hierarchy that can be written");
    cgroup =
        Files.createDirectory(
            mount.orElseThrow().resolve("bailey-device-test-" + ProcessHandle.current().pid()));
    KernelAbility.require(attempts(SMALLEST).exit() == 0, "device programs for cgroups");
  }

  @AfterAll
  static void remove() throws IOException {
    if (cgroup != null) {
      Files.delete(cgroup);
    }
  }

  private static Optional<Path> cgroup2() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .filter(line -> line.contains(" - cgroup2 "))
        .map(line -> Path.of(line.split(" ", -1)[4]))
        .filter(Files::isWritable)
        .findFirst();
  }

  private static CProgram.Outcome attempts(byte[] program, String... attempts)
      throws IOException, InterruptedException {
    var file = Files.write(Files.createTempFile(folder, "program", ""), program);
    var arguments = new ArrayList<>(List.of(file.toString(), String.valueOf(cgroup)));
    arguments.addAll(List.of(attempts));
    return probe.run(arguments.toArray(String[]::new));
  }

  private static List<String> attempt(DevicePolicy policy, String... attempts)
      throws IOException, InterruptedException {
    var outcome = attempts(DeviceProgram.assemble(policy), attempts);
    assertThat(outcome.exit()).as(String.join("\n", outcome.lines())).isZero();
    return outcome.lines();
  }

  private static DeviceRule rule(String text) {
    return DeviceRule.parse("test", text);
  }

  @Test
  void everythingAndNothing() throws IOException, InterruptedException {
    assertThat(attempt(DevicePolicy.ALLOW_ALL, "r:/dev/zero", "b:/dev/null")).containsOnly(OK);
    assertThat(attempt(DevicePolicy.DENY_ALL, "r:/dev/zero", "b:/dev/null")).containsOnly(EPERM);
  }

  @Test
  void standardDevicesAreAllowedAndNoOthers() throws IOException, InterruptedException {
    var others = new String[] {"r:/dev/kmsg", node(1, 1), node(10, 229)};
    assertThat(attempt(DevicePolicy.ALLOW_ALL, others)).containsOnly(OK);
    assertThat(attempt(StandardDevices.POLICY, others)).containsOnly(EPERM);
    assertThat(
            attempt(
                StandardDevices.POLICY,
                "b:/dev/null",
                "b:/dev/zero",
                "b:/dev/full",
                "r:/dev/random",
                "r:/dev/urandom",
                "b:/dev/ptmx",
                node(1, 3)))
        .containsOnly(OK);
  }

  private static String node(int major, int minor) {
    return "m:" + folder.resolve("node") + "," + major + "," + minor;
  }

  @Test
  void usesAreToldApart() throws IOException, InterruptedException {
    var policy =
        DevicePolicy.DENY_ALL.allow(rule("c 1:5 r")).allow(rule("c 1:3 w")).allow(rule("c 1:7 m"));
    assertThat(
            attempt(
                policy,
                "r:/dev/zero",
                "w:/dev/zero",
                "b:/dev/zero",
                "r:/dev/null",
                "w:/dev/null",
                "b:/dev/null",
                node(1, 7),
                node(1, 5)))
        .containsExactly(OK, EPERM, EPERM, EPERM, OK, EPERM, OK, EPERM);
  }

  @Test
  void exceptionsFromEverythingRefuseAnyOfTheirUses() throws IOException, InterruptedException {
    var policy = DevicePolicy.ALLOW_ALL.deny(rule("c 1:5 w"));
    assertThat(attempt(policy, "r:/dev/zero", "w:/dev/zero", "b:/dev/zero", "b:/dev/null"))
        .containsExactly(OK, EPERM, EPERM, OK);
  }

  /** The verifier's work must not grow with the square of the rules: see DeviceProgram. */
  @Test
  void aThousandRulesAreTaken() throws IOException, InterruptedException {
    var policy = DevicePolicy.DENY_ALL;
    for (int i = 0; i < 1000; i++) {
      policy = policy.allow(rule("c " + (200 + i % 500) + ":" + i + (i % 2 == 0 ? " rw" : " m")));
    }
    policy = policy.allow(rule("c 1:5 r"));
    assertThat(attempt(policy, "r:/dev/zero", "r:/dev/null")).containsExactly(OK, EPERM);
  }

  @Test
  void aThousandRefusalsAreTaken() throws IOException, InterruptedException {
    var policy = DevicePolicy.ALLOW_ALL;
    for (int i = 0; i < 1000; i++) {
      policy = policy.deny(rule("c " + (200 + i % 500) + ":" + i + (i % 2 == 0 ? " rw" : " m")));
    }
    policy = policy.deny(rule("c 1:3 r"));
    assertThat(attempt(policy, "r:/dev/zero", "r:/dev/null")).containsExactly(OK, EPERM);
  }
}
