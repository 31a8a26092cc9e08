package bailey.core.seccomp;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.abi.SyscallTable;

/** What a policy means, evaluated rule by rule as its Javadoc says it: the compiler's yardstick. */
final class Meaning {
  private static final int X32_BIT = 0x40000000;

  private Meaning() {}

  static SeccompAction of(SeccompPolicy policy, int auditArch, int number, long... arguments) {
    if (auditArch != policy.arch().auditArch()) {
      return policy.foreign();
    }
    if (policy.arch() == Arch.X86_64 && Integer.compareUnsigned(number, X32_BIT) >= 0) {
      return SeccompAction.errno(Errno.ENOSYS);
    }
    var name = SyscallTable.of(policy.arch()).name(number);
    if (name.isEmpty()) {
      return policy.unknown();
    }
    for (var rule : policy.rules()) {
      if (rule.calls().contains(name.get())
          && rule.tests().stream().allMatch(test -> holds(test, arguments[test.index()]))) {
        return rule.action();
      }
    }
    return policy.otherwise();
  }

  private static boolean holds(ArgTest test, long argument) {
    int order = Long.compareUnsigned(argument, test.value());
    return switch (test.comparison()) {
      case EQ -> order == 0;
      case NE -> order != 0;
      case LT -> order < 0;
      case LE -> order <= 0;
      case GT -> order > 0;
      case GE -> order >= 0;
      case MASKED_EQ -> (argument & test.mask()) == test.value();
    };
  }
}
