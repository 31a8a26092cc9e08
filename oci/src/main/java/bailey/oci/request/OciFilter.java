package bailey.oci.request;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.abi.SyscallAbi;
import bailey.core.abi.SyscallTable;
import bailey.core.seccomp.ArgTest;
import bailey.core.seccomp.ArgTest.Comparison;
import bailey.core.seccomp.Multiplexed;
import bailey.core.seccomp.SeccompAction;
import bailey.core.seccomp.SeccompAction.Verdict;
import bailey.core.seccomp.SeccompFilter;
import bailey.core.seccomp.SeccompFilter.Section;
import bailey.core.seccomp.SeccompFlag;
import bailey.core.seccomp.SeccompRule;
import bailey.oci.config.OciSeccomp;
import bailey.oci.config.OciSeccomp.Syscall;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The filter that {@code linux.seccomp} asks for, with the meaning that runc and libseccomp give
 * it:
 *
 * <ul>
 *   <li>a rule without arguments about a call holds over all rules with some (db_rule_add() of
 *       libseccomp's db.c); else the first one whose arguments fit decides;
 *   <li>the machine's own interface is always filtered; a call of one that is not listed kills the
 *       process; interfaces that this machine cannot have are passed over;
 *   <li>a call newer than all that are named gets ENOSYS where the default refuses, for the C
 *       library takes EPERM for an answer (runc's libcontainer/seccomp/patchbpf).
 * </ul>
 *
 * @param filter to be assembled
 * @param flags for seccomp(2), {@link SeccompFlag#NEW_LISTENER} among them if a listener is asked
 * @param warnings a sentence for each name that is no call
 */
public record OciFilter(SeccompFilter filter, int flags, List<String> warnings) {
  private static final SeccompAction NO_SUCH_CALL = SeccompAction.errno(Errno.ENOSYS);

  /** The low half: what a 32-bit interface has of an argument. */
  private static final long NARROW = 0xffff_ffffL;

  /** Whether calls are put before a listener. */
  public boolean notifies() {
    return (flags & SeccompFlag.NEW_LISTENER) != 0;
  }

  /** The filter on {@code machine}. */
  public static OciFilter of(OciSeccomp seccomp, Arch machine) {
    var rules = rules(seccomp.syscalls());
    var sections = new ArrayList<Section>();
    for (var abi : abis(seccomp.architectures(), machine)) {
      sections.add(section(abi, rules, seccomp.defaultAction()));
    }
    var filter = new SeccompFilter(sections, SeccompAction.KILL_PROCESS);
    return new OciFilter(filter, flags(seccomp), unknownNames(seccomp.syscalls()));
  }

  private static List<SyscallAbi> abis(List<String> names, Arch machine) {
    var abis = new ArrayList<SyscallAbi>();
    abis.add(SyscallAbi.of(machine));
    for (var name : names) {
      var abi = SyscallAbi.named(name);
      if (abi != null && abi.machine() == machine && !abis.contains(abi)) {
        abis.add(abi);
      }
    }
    return abis;
  }

  /** Those without arguments first, as they hold over the others. */
  private static List<SeccompRule> rules(List<Syscall> syscalls) {
    var always = new ArrayList<SeccompRule>();
    var tested = new ArrayList<SeccompRule>();
    for (var syscall : syscalls) {
      if (syscall.args().isEmpty()) {
        always.add(rule(syscall, List.of()));
      } else if (hasOneTwice(syscall.args())) {
        for (var test : syscall.args()) {
          tested.add(rule(syscall, List.of(test)));
        }
      } else {
        tested.add(rule(syscall, syscall.args()));
      }
    }
    always.addAll(tested);
    return always;
  }

  private static boolean hasOneTwice(List<ArgTest> tests) {
    int seen = 0;
    for (var test : tests) {
      int bit = 1 << test.index();
      if ((seen & bit) != 0) {
        return true;
      }
      seen |= bit;
    }
    return false;
  }

  private static SeccompRule rule(Syscall syscall, List<ArgTest> tests) {
    return new SeccompRule(syscall.names(), tests, syscall.action(), "linux.seccomp.syscalls");
  }

  private static Section section(SyscallAbi abi, List<SeccompRule> rules, SeccompAction otherwise) {
    var own = abi.wide() ? rules : narrowed(rules);
    if (abi == SyscallAbi.X86) {
      own = Multiplexed.added(own);
    }
    int newest = newest(SyscallTable.of(abi), rules);
    if (newest < 0 || lets(otherwise.verdict())) {
      return new Section(abi, own, otherwise, otherwise, SyscallTable.of(abi).highest());
    }
    return new Section(abi, own, otherwise, NO_SUCH_CALL, newest);
  }

  /** The highest number of a call that is named; -1 if none is. */
  private static int newest(SyscallTable table, List<SeccompRule> rules) {
    int newest = -1;
    for (var rule : rules) {
      for (var call : rule.calls()) {
        int number = table.number(call).orElse(-1);
        if (number <= table.highest()) {
          newest = Math.max(newest, number);
        }
      }
    }
    return newest;
  }

  private static boolean lets(Verdict verdict) {
    return switch (verdict) {
      case ALLOW, LOG, TRACE -> true;
      case KILL_PROCESS, KILL_THREAD, TRAP, ERRNO, USER_NOTIF -> false;
    };
  }

  private static List<SeccompRule> narrowed(List<SeccompRule> rules) {
    var narrow = new ArrayList<SeccompRule>();
    for (var rule : rules) {
      var tests = new ArrayList<ArgTest>();
      for (var test : rule.tests()) {
        long value = test.value() & NARROW;
        tests.add(
            test.comparison() == Comparison.MASKED_EQ
                ? ArgTest.masked(test.index(), test.mask() & NARROW, value)
                : ArgTest.of(test.index(), test.comparison(), value));
      }
      narrow.add(new SeccompRule(rule.calls(), tests, rule.action(), rule.reason()));
    }
    return narrow;
  }

  /**
   * TSYNC is left out: the process has one thread, and the kernel refuses it beside a listener. So
   * is WAIT_KILLABLE_RECV where there is none (seccomp_set_mode_filter() in kernel/seccomp.c).
   */
  private static int flags(OciSeccomp seccomp) {
    boolean notifies = false;
    for (var syscall : seccomp.syscalls()) {
      notifies |= syscall.action().verdict() == Verdict.USER_NOTIF;
    }
    int flags = notifies ? SeccompFlag.NEW_LISTENER : 0;
    for (var name : seccomp.flags()) {
      var flag = SeccompFlag.named(name);
      boolean fits = flag != SeccompFlag.WAIT_KILLABLE_RECV || notifies;
      if (flag != null && flag != SeccompFlag.TSYNC && fits) {
        flags |= flag.bit();
      }
    }
    return flags;
  }

  private static List<String> unknownNames(List<Syscall> syscalls) {
    var unknown = new LinkedHashSet<String>();
    for (var syscall : syscalls) {
      for (var name : syscall.names()) {
        if (SyscallTable.of(SyscallAbi.X86_64).number(name).isEmpty() && !isElsewhere(name)) {
          unknown.add(name);
        }
      }
    }
    var warnings = new ArrayList<String>();
    for (var name : unknown) {
      warnings.add("linux.seccomp.syscalls: " + name + " is ignored: bailey knows no such call");
    }
    return List.copyOf(warnings);
  }

  private static boolean isElsewhere(String name) {
    for (var abi : SyscallAbi.values()) {
      if (SyscallTable.of(abi).number(name).isPresent()) {
        return true;
      }
    }
    return false;
  }
}
