package bailey.core.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.subsystem.DevicePolicy;
import bailey.core.subsystem.DeviceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Device programs in an interpreter against the v1 controller as the kernel has it. */
class DeviceProgramTest {
  private static final int BLOCK = 1;
  private static final int CHARACTER = 2;

  private static final int MKNOD = 1;
  private static final int READ = 2;
  private static final int WRITE = 4;

  private static boolean allows(EbpfMachine machine, int type, int major, int minor, int uses) {
    long result = machine.run(uses << 16 | type, major, minor);
    assertThat(result).isIn(0L, 1L);
    return result == 1;
  }

  private static EbpfMachine machine(DevicePolicy policy) {
    return new EbpfMachine(DeviceProgram.assemble(policy));
  }

  private static DeviceRule rule(String text) {
    return DeviceRule.parse("test", text);
  }

  @Test
  void everythingAndNothing() {
    assertThat(allows(machine(DevicePolicy.ALLOW_ALL), BLOCK, 8, 0, READ | WRITE | MKNOD)).isTrue();
    assertThat(allows(machine(DevicePolicy.DENY_ALL), CHARACTER, 1, 3, READ)).isFalse();
    assertThat(machine(DevicePolicy.DENY_ALL).length()).isEqualTo(8);
  }

  @Test
  void defaultPolicyIsTheStandardDevices() {
    var machine = machine(StandardDevices.POLICY);
    for (int minor : new int[] {3, 5, 7, 8, 9}) {
      assertThat(allows(machine, CHARACTER, 1, minor, READ | WRITE)).as("1:" + minor).isTrue();
      assertThat(allows(machine, BLOCK, 1, minor, READ)).as("block 1:" + minor).isFalse();
    }
    for (int minor : new int[] {0, 1, 2}) {
      assertThat(allows(machine, CHARACTER, 5, minor, READ | WRITE)).as("5:" + minor).isTrue();
    }
    assertThat(allows(machine, CHARACTER, 136, 1_000_000, READ | WRITE)).isTrue();
    assertThat(allows(machine, CHARACTER, 1, 1, READ)).as("/dev/mem").isFalse();
    assertThat(allows(machine, CHARACTER, 1, 11, READ)).as("/dev/kmsg").isFalse();
    assertThat(allows(machine, CHARACTER, 10, 229, READ)).as("/dev/fuse").isFalse();
    assertThat(allows(machine, BLOCK, 8, 0, READ)).as("/dev/sda").isFalse();
    assertThat(allows(machine, BLOCK, 8, 0, MKNOD)).as("a node of /dev/sda").isFalse();
  }

  @Test
  void allUsesAskedForMustBeGivenAtOnce() {
    var policy = DevicePolicy.DENY_ALL.allow(rule("c 1:3 r")).allow(rule("c 1:* w"));
    assertThat(allows(machine(policy), CHARACTER, 1, 3, READ)).isTrue();
    assertThat(allows(machine(policy), CHARACTER, 1, 3, WRITE)).isTrue();
    assertThat(allows(machine(policy), CHARACTER, 1, 3, READ | WRITE)).isFalse();
    var joined = policy.allow(rule("c 1:3 w"));
    assertThat(allows(machine(joined), CHARACTER, 1, 3, READ | WRITE)).isTrue();
  }

  @Test
  void anyUseThatIsDeniedRefuses() {
    var policy = DevicePolicy.ALLOW_ALL.deny(rule("b 8:0 w"));
    assertThat(allows(machine(policy), BLOCK, 8, 0, READ)).isTrue();
    assertThat(allows(machine(policy), BLOCK, 8, 0, READ | WRITE)).isFalse();
    assertThat(allows(machine(policy), BLOCK, 8, 1, READ | WRITE)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void programsDoWhatTheV1ControllerDoes(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      var policy = DevicePolicy.ALLOW_ALL;
      var kernel = new V1Controller();
      for (int rules = random.nextInt(12); rules > 0; rules--) {
        var rule = randomRule(random);
        boolean allow = random.nextBoolean();
        policy = allow ? policy.allow(rule) : policy.deny(rule);
        kernel.write(rule, allow);
      }
      compare(machine(policy), kernel);
    }
  }

  private static void compare(EbpfMachine machine, V1Controller kernel) {
    for (int type : new int[] {BLOCK, CHARACTER}) {
      for (int major = 0; major < 3; major++) {
        for (int minor = 0; minor < 3; minor++) {
          for (int uses = 1; uses < 8; uses++) {
            assertThat(allows(machine, type, major, minor, uses))
                .as(type + " " + major + ":" + minor + " " + uses)
                .isEqualTo(kernel.allows(type, major, minor, uses));
          }
        }
      }
    }
  }

  private static DeviceRule randomRule(Random random) {
    if (random.nextInt(6) == 0) {
      return DeviceRule.ALL;
    }
    int uses = 1 + random.nextInt(7);
    return rule(
        (random.nextBoolean() ? "b " : "c ")
            + randomNumber(random)
            + ":"
            + randomNumber(random)
            + " "
            + ((uses & READ) != 0 ? "r" : "")
            + ((uses & WRITE) != 0 ? "w" : "")
            + ((uses & MKNOD) != 0 ? "m" : ""));
  }

  private static String randomNumber(Random random) {
    return random.nextInt(4) == 0 ? "*" : Integer.toString(random.nextInt(3));
  }

  /** security/device_cgroup.c: behavior, exceptions, and its two ways of matching. */
  private static final class V1Controller {
    private boolean defaultAllow = true;
    private final List<int[]> exceptions = new ArrayList<>();

    void write(DeviceRule rule, boolean allow) {
      if (rule.type() == DeviceRule.Type.ALL) {
        exceptions.clear();
        defaultAllow = allow;
        return;
      }
      int uses = (rule.read() ? READ : 0) | (rule.write() ? WRITE : 0) | (rule.mknod() ? MKNOD : 0);
      int type = rule.type() == DeviceRule.Type.BLOCK ? BLOCK : CHARACTER;
      var written = new int[] {type, rule.major().orElse(-1), rule.minor().orElse(-1), uses};
      if (allow == defaultAllow) {
        remove(written);
      } else {
        add(written);
      }
    }

    private void add(int[] written) {
      for (var exception : exceptions) {
        if (same(exception, written)) {
          exception[3] |= written[3];
          return;
        }
      }
      exceptions.add(written);
    }

    private void remove(int[] written) {
      exceptions.stream()
          .filter(exception -> same(exception, written))
          .forEach(exception -> exception[3] &= ~written[3]);
      exceptions.removeIf(exception -> exception[3] == 0);
    }

    private static boolean same(int[] one, int[] other) {
      return one[0] == other[0] && one[1] == other[1] && one[2] == other[2];
    }

    boolean allows(int type, int major, int minor, int uses) {
      for (var exception : exceptions) {
        boolean about =
            exception[0] == type
                && (exception[1] == -1 || exception[1] == major)
                && (exception[2] == -1 || exception[2] == minor);
        if (about && defaultAllow && (uses & exception[3]) != 0) {
          return false;
        }
        if (about && !defaultAllow && (uses & ~exception[3]) == 0) {
          return true;
        }
      }
      return defaultAllow;
    }
  }
}
