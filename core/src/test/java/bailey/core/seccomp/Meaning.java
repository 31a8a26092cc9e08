package bailey.core.seccomp;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.abi.SyscallAbi;
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

  /** What a filter of several interfaces means. */
  static SeccompAction of(SeccompFilter filter, int auditArch, int number, long... arguments) {
    boolean x32 =
        auditArch == SyscallAbi.X32.auditArch() && Integer.compareUnsigned(number, X32_BIT) >= 0;
    for (var section : filter.sections()) {
      var abi = section.abi();
      if (abi.auditArch() == auditArch && (abi == SyscallAbi.X32) == x32) {
        return of(section, number - abi.firstNumber(), arguments);
      }
    }
    return x32 && anyX86(filter) ? SeccompAction.errno(Errno.ENOSYS) : filter.foreign();
  }

  private static boolean anyX86(SeccompFilter filter) {
    return filter.sections().stream()
        .anyMatch(section -> section.abi().auditArch() == SyscallAbi.X32.auditArch());
  }

  private static SeccompAction of(SeccompFilter.Section section, int number, long... arguments) {
    var table = SyscallTable.of(section.abi());
    var newest = Math.min(section.newest(), table.highest());
    if (Integer.compareUnsigned(number, newest) > 0 && !table.beyond().contains(number)) {
      return section.unknown();
    }
    for (var rule : section.rules()) {
      for (var call : rule.calls()) {
        if (table.number(call).orElse(-1) == number
            && rule.tests().stream().allMatch(test -> holds(test, arguments[test.index()]))) {
          return rule.action();
        }
      }
    }
    return table.name(number).isPresent() ? section.otherwise() : section.unknown();
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
