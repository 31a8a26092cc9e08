package bailey.core.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.abi.SyscallAbi;
import bailey.core.abi.SyscallTable;
import bailey.core.bpf.ClassicMachine;
import bailey.core.error.BadRequest;
import bailey.core.seccomp.ArgTest.Comparison;
import bailey.core.seccomp.SeccompAction.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled programs run in an interpreter against the plain evaluation of their rules. */
class SeccompProgramTest {
  private static final SeccompAction REFUSE = SeccompAction.errno(Errno.EPERM);
  private static final SeccompAction NO_CALL = SeccompAction.errno(Errno.ENOSYS);

  private static final SeccompAction[] ACTIONS = {
    SeccompAction.ALLOW,
    SeccompAction.KILL_PROCESS,
    REFUSE,
    SeccompAction.errno(Errno.EACCES),
    new SeccompAction(Verdict.KILL_THREAD, 0),
    new SeccompAction(Verdict.TRACE, 0xffff),
    new SeccompAction(Verdict.LOG, 0),
    new SeccompAction(Verdict.TRAP, 0),
    new SeccompAction(Verdict.USER_NOTIF, 0)
  };

  private static final List<SyscallAbi> ABIS = List.of(SyscallAbi.values());

  private static final List<Comparison> COMPARISONS = List.of(Comparison.values());

  private static final long[] INTERESTING = {
    0, 1, 2, 0x7fffffffL, 0x80000000L, 0xffffffffL, 0x100000000L, 0x1ffffffffL, -1, Long.MIN_VALUE
  };

  private static SeccompPolicy policy(Arch arch, SeccompRule... rules) {
    return new SeccompPolicy(arch, List.of(rules), REFUSE, NO_CALL, SeccompAction.KILL_PROCESS);
  }

  private static SeccompRule rule(SeccompAction action, String call, ArgTest... tests) {
    return new SeccompRule(List.of(call), List.of(tests), action, "test");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void programsMeanWhatTheirRulesSay(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 25; i++) {
      var arch = random.nextBoolean() ? Arch.X86_64 : Arch.AARCH64;
      var policy = randomPolicy(random, arch, 1 + random.nextInt(60));
      var machine = new ClassicMachine(policy.assemble());
      for (int call = 0; call < 400; call++) {
        compare(policy, machine, random);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void programsOfSeveralInterfacesMeanWhatTheirRulesSay(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 20; i++) {
      int round = i;
      var filter = randomFilter(random);
      var machine = new ClassicMachine(filter.assemble());
      for (int call = 0; call < 600; call++) {
        var abi = ABIS.get(random.nextInt(ABIS.size()));
        int auditArch = random.nextInt(40) == 0 ? random.nextInt() : abi.auditArch();
        int number =
            switch (random.nextInt(6)) {
              case 0 -> random.nextInt();
              case 1 -> 0x0f0000 + random.nextInt(9);
              default -> abi.firstNumber() + random.nextInt(560);
            };
        var arguments = new long[6];
        for (int j = 0; j < 6; j++) {
          arguments[j] = randomValue(random);
        }
        assertThat(machine.run(auditArch, number, arguments).value())
            .as("seed " + seed + ", filter " + round + ": " + number + " of " + auditArch)
            .isEqualTo(Meaning.of(filter, auditArch, number, arguments).code());
      }
    }
  }

  private static SeccompFilter randomFilter(Random random) {
    var sections = new ArrayList<SeccompFilter.Section>();
    for (var abi : SyscallAbi.values()) {
      if (random.nextInt(3) != 0) {
        var rules = new ArrayList<SeccompRule>();
        for (int i = random.nextInt(12); i >= 0; i--) {
          rules.add(randomRule(random));
        }
        int newest = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(560);
        sections.add(new SeccompFilter.Section(abi, rules, any(random), any(random), newest));
      }
    }
    return new SeccompFilter(sections, any(random));
  }

  @Test
  void fourHundredRulesAboutTheirOwnCallsAreQuickAndShort() {
    var rules = new ArrayList<SeccompRule>();
    var table = SyscallTable.of(Arch.X86_64);
    for (int number = 0; number <= 334; number++) {
      var action = new SeccompAction(Verdict.TRACE, number);
      rules.add(rule(action, table.name(number).orElseThrow()));
    }
    for (int value = 0; value < 65; value++) {
      rules.add(
          rule(
              new SeccompAction(Verdict.TRACE, value),
              "clone3",
              ArgTest.of(0, Comparison.EQ, value)));
    }
    var machine =
        new ClassicMachine(policy(Arch.X86_64, rules.toArray(SeccompRule[]::new)).assemble());
    assertThat(machine.length()).isLessThan(1200);
    for (int number = 0; number <= 334; number++) {
      var outcome = machine.run(Arch.X86_64.auditArch(), number, 0, 0, 0, 0, 0, 0);
      assertThat(outcome.value()).isEqualTo(0x7ff00000 | number);
      assertThat(outcome.instructions()).isLessThan(20);
    }
  }

  private static void compare(SeccompPolicy policy, ClassicMachine machine, Random random) {
    int auditArch = random.nextInt(40) == 0 ? random.nextInt() : policy.arch().auditArch();
    int number = randomNumber(random, policy);
    var arguments = new long[6];
    for (int i = 0; i < 6; i++) {
      arguments[i] = randomArgument(random, policy);
    }
    assertThat(machine.run(auditArch, number, arguments).value())
        .as(
            () ->
                "call "
                    + number
                    + " of "
                    + auditArch
                    + " with "
                    + Arrays.toString(arguments)
                    + policy)
        .isEqualTo(Meaning.of(policy, auditArch, number, arguments).code());
  }

  private static int randomNumber(Random random, SeccompPolicy policy) {
    var table = SyscallTable.of(policy.arch());
    return switch (random.nextInt(8)) {
      case 0 -> random.nextInt(600);
      case 1 -> random.nextInt();
      case 2 -> 0x40000000 | random.nextInt(600);
      default -> {
        var calls = policy.rules().get(random.nextInt(policy.rules().size())).calls();
        yield table.number(calls.get(random.nextInt(calls.size()))).orElse(0);
      }
    };
  }

  /** Often a value that some test compares with, or one beside it. */
  private static long randomArgument(Random random, SeccompPolicy policy) {
    var tests = policy.rules().get(random.nextInt(policy.rules().size())).tests();
    if (!tests.isEmpty() && random.nextInt(4) != 0) {
      var test = tests.get(random.nextInt(tests.size()));
      long free = random.nextBoolean() ? 0 : random.nextLong() & ~test.mask();
      return (test.value() | free) + random.nextInt(3) - 1;
    }
    return randomValue(random);
  }

  private static long randomValue(Random random) {
    return random.nextBoolean()
        ? INTERESTING[random.nextInt(INTERESTING.length)]
        : random.nextLong() >>> random.nextInt(64);
  }

  private static SeccompPolicy randomPolicy(Random random, Arch arch, int rules) {
    var list = new ArrayList<SeccompRule>();
    for (int i = 0; i < rules; i++) {
      list.add(randomRule(random));
    }
    return new SeccompPolicy(arch, list, any(random), any(random), any(random));
  }

  private static SeccompAction any(Random random) {
    return ACTIONS[random.nextInt(ACTIONS.length)];
  }

  /** Names of x86-64 also for aarch64, which lacks some: these are passed over. */
  private static SeccompRule randomRule(Random random) {
    var table = SyscallTable.of(Arch.X86_64);
    var calls = new ArrayList<String>();
    for (int i = 0, count = 1 + random.nextInt(12); i < count; i++) {
      table.name(random.nextInt(table.highest() + 1)).ifPresent(calls::add);
    }
    calls.add("read");
    var tests = new ArrayList<ArgTest>();
    for (int i = 0, count = random.nextInt(4); i < count; i++) {
      tests.add(randomTest(random));
    }
    return new SeccompRule(calls, tests, any(random), "random");
  }

  private static ArgTest randomTest(Random random) {
    var comparison = COMPARISONS.get(random.nextInt(COMPARISONS.size()));
    int index = random.nextInt(6);
    long value = randomValue(random);
    if (comparison == Comparison.MASKED_EQ) {
      long mask = randomValue(random);
      return ArgTest.masked(index, mask, value & mask);
    }
    return ArgTest.of(index, comparison, value);
  }

  @Test
  void everyComparisonHasBothHalvesOfAnArgument() {
    for (var comparison : Comparison.values()) {
      var test =
          ArgTest.of(
              3, comparison == Comparison.MASKED_EQ ? Comparison.EQ : comparison, 0x500000007L);
      var policy = policy(Arch.X86_64, rule(SeccompAction.ALLOW, "getpid", test));
      var machine = new ClassicMachine(policy.assemble());
      for (long high = 4; high <= 6; high++) {
        for (long low = 6; low <= 8; low++) {
          var arguments = new long[] {0, 0, 0, high << 32 | low, 0, 0};
          int arch = Arch.X86_64.auditArch();
          assertThat(machine.run(arch, 39, arguments).value())
              .as(test + " of " + high + ":" + low)
              .isEqualTo(Meaning.of(policy, arch, 39, arguments).code());
        }
      }
    }
  }

  @Test
  void firstRuleThatAppliesDecides() {
    var machine =
        new ClassicMachine(
            policy(
                    Arch.X86_64,
                    rule(NO_CALL, "ioctl", ArgTest.ofInt(1, 7)),
                    rule(SeccompAction.ALLOW, "ioctl"),
                    rule(SeccompAction.KILL_PROCESS, "ioctl"))
                .assemble());
    int arch = Arch.X86_64.auditArch();
    assertThat(machine.run(arch, 16, 0, 7, 0, 0, 0, 0).value()).isEqualTo(NO_CALL.code());
    assertThat(machine.run(arch, 16, 0, 0x900000007L, 0, 0, 0, 0).value())
        .as("an int has no upper half")
        .isEqualTo(NO_CALL.code());
    assertThat(machine.run(arch, 16, 0, 8, 0, 0, 0, 0).value())
        .isEqualTo(SeccompAction.ALLOW.code());
  }

  @Test
  void jumpsOverMoreThan255InstructionsAreTaken() {
    var rules = new ArrayList<SeccompRule>();
    for (int value = 0; value < 200; value++) {
      var action = new SeccompAction(Verdict.TRACE, value);
      rules.add(rule(action, "read", ArgTest.of(0, Comparison.EQ, value)));
      rules.add(rule(action, "file_setattr", ArgTest.of(0, Comparison.EQ, value)));
    }
    var policy = policy(Arch.AARCH64, rules.toArray(SeccompRule[]::new));
    var machine = new ClassicMachine(policy.assemble());
    int arch = Arch.AARCH64.auditArch();
    assertThat(machine.length()).isGreaterThan(1000);
    for (int value = 0; value <= 200; value++) {
      var expected = value < 200 ? 0x7ff00000 | value : REFUSE.code();
      assertThat(machine.run(arch, 63, value, 0, 0, 0, 0, 0).value()).isEqualTo(expected);
      assertThat(machine.run(arch, 469, value, 0, 0, 0, 0, 0).value()).isEqualTo(expected);
    }
  }

  @Test
  void moreThanTheKernelTakesIsRefused() {
    var rules =
        IntStream.range(0, 1000)
            .mapToObj(
                value ->
                    rule(
                        new SeccompAction(Verdict.TRACE, value),
                        "read",
                        ArgTest.of(0, Comparison.EQ, value)))
            .toArray(SeccompRule[]::new);
    var policy = policy(Arch.X86_64, rules);
    assertThatThrownBy(policy::assemble)
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("the kernel takes 4096");
  }

  @Test
  void partsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> ArgTest.of(6, Comparison.EQ, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ArgTest.masked(0, 0xf0, 0x11))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0x11");
    assertThatThrownBy(() -> new SeccompAction(Verdict.ERRNO, 4096))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4095");
    assertThatThrownBy(() -> new SeccompAction(Verdict.ALLOW, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void actionsHaveTheKernelsValues() {
    assertThat(SeccompAction.ALLOW.code()).isEqualTo(0x7fff0000);
    assertThat(SeccompAction.KILL_PROCESS.code()).isEqualTo(0x80000000);
    assertThat(REFUSE.code()).isEqualTo(0x00050001);
    assertThat(new SeccompAction(Verdict.KILL_THREAD, 0).code()).isZero();
    assertThat(new SeccompAction(Verdict.TRAP, 0).code()).isEqualTo(0x00030000);
    assertThat(new SeccompAction(Verdict.USER_NOTIF, 0).code()).isEqualTo(0x7fc00000);
    assertThat(new SeccompAction(Verdict.TRACE, 5).code()).isEqualTo(0x7ff00005);
    assertThat(new SeccompAction(Verdict.LOG, 0).code()).isEqualTo(0x7ffc0000);
  }
}
