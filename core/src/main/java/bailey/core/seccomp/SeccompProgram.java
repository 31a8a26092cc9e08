package bailey.core.seccomp;

import static bailey.core.bpf.ClassicAssembler.Comparison.EQUAL;
import static bailey.core.bpf.ClassicAssembler.Comparison.GREATER;
import static bailey.core.bpf.ClassicAssembler.Comparison.GREATER_OR_EQUAL;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.abi.SyscallTable;
import bailey.core.bpf.ClassicAssembler;
import bailey.core.error.BadRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compiles a policy. The program checks the architecture, then looks the call's number up in a
 * binary search over ranges of numbers with one outcome, weighted so that frequent calls come
 * early: libseccomp without its tree option compares with each allowed call in turn, some 300 of
 * them. Only a call that has rules with tests then looks at its arguments.
 *
 * <p>A cold command line compiles the policy once, so this class does without what is slow the
 * first time: lambdas, streams, and the generated equals and hashCode of records.
 *
 * <p>Offsets: {@code struct seccomp_data} of linux/seccomp.h is nr, arch, instruction_pointer,
 * args[6].
 */
final class SeccompProgram {
  private static final int NUMBER = 0;
  private static final int ARCH = 4;
  private static final int ARGUMENTS = 16;

  /**
   * Numbers from here on are x32's ({@code __X32_SYSCALL_BIT}); no architecture has others there.
   */
  private static final int X32 = 0x40000000;

  private static final SeccompAction NO_SUCH_CALL = SeccompAction.errno(Errno.ENOSYS);

  /** Calls that servers and compilers make most; the search puts them early. */
  private static final Set<String> FREQUENT =
      Set.of(
          "read",
          "write",
          "futex",
          "close",
          "openat",
          "newfstatat",
          "fstat",
          "lseek",
          "mmap",
          "munmap",
          "poll",
          "ppoll",
          "epoll_wait",
          "epoll_pwait",
          "recvfrom",
          "recvmsg",
          "sendto",
          "sendmsg",
          "readv",
          "writev");

  /** How much more a frequent call counts than a whole range without one. */
  private static final int FREQUENT_WEIGHT = 16;

  /**
   * A return this near is used again instead of written again; a little less than a jump reaches.
   */
  private static final int SHARED = 240;

  private final SeccompPolicy policy;
  private final ClassicAssembler program = new ClassicAssembler();
  private final Map<Integer, Integer> returns = new HashMap<>();

  /**
   * The outcome of the calls from {@code first} to the first of the next range: that of {@code
   * rules}, which all have tests, else the return value {@code otherwise}.
   */
  private record Range(int first, List<SeccompRule> rules, int otherwise, int frequent) {
    int weight() {
      return 1 + frequent * FREQUENT_WEIGHT;
    }
  }

  private SeccompProgram(SeccompPolicy policy) {
    this.policy = policy;
  }

  static byte[] of(SeccompPolicy policy) {
    return new SeccompProgram(policy).assemble();
  }

  private byte[] assemble() {
    var ranges = ranges();
    int search = search(ranges, 0, ranges.size());
    int number = program.load(NUMBER, search);
    int foreign = ret(policy.foreign().code());
    program.load(ARCH, program.jump(EQUAL, policy.arch().auditArch(), number, foreign));
    if (program.size() > ClassicAssembler.LIMIT) {
      throw new BadRequest(
          "the system call filter needs "
              + program.size()
              + " instructions, the kernel takes "
              + ClassicAssembler.LIMIT
              + "; give it fewer rules with tests of arguments");
    }
    return program.bytes();
  }

  private List<Range> ranges() {
    var table = SyscallTable.of(policy.arch());
    var decided = decided(table);
    var ranges = new ArrayList<Range>();
    for (int number = 0; number <= table.highest(); number++) {
      append(ranges, range(number, table.name(number).orElse(""), decided.get(number)));
    }
    append(ranges, new Range(table.highest() + 1, List.of(), policy.unknown().code(), 0));
    append(ranges, new Range(X32, List.of(), x32().code(), 0));
    return ranges;
  }

  private SeccompAction x32() {
    return policy.arch() == Arch.X86_64 ? NO_SUCH_CALL : policy.unknown();
  }

  /** For each number the rules about it, in order, up to the first that always applies. */
  private List<List<SeccompRule>> decided(SyscallTable table) {
    var decided = new ArrayList<List<SeccompRule>>();
    for (int number = 0; number <= table.highest(); number++) {
      decided.add(new ArrayList<>(2));
    }
    for (var rule : policy.rules()) {
      for (var call : rule.calls()) {
        var number = table.number(call);
        if (number.isPresent() && !closed(decided.get(number.getAsInt()))) {
          decided.get(number.getAsInt()).add(rule);
        }
      }
    }
    return decided;
  }

  private static boolean closed(List<SeccompRule> rules) {
    return !rules.isEmpty() && rules.getLast().tests().isEmpty();
  }

  private Range range(int number, String name, List<SeccompRule> rules) {
    int frequent = FREQUENT.contains(name) ? 1 : 0;
    if (closed(rules)) {
      var tested = rules.subList(0, rules.size() - 1);
      return new Range(number, tested, rules.getLast().action().code(), frequent);
    }
    var otherwise = name.isEmpty() ? policy.unknown() : policy.otherwise();
    return new Range(number, rules, otherwise.code(), frequent);
  }

  /**
   * Adds {@code next}, as a part of the range before it where both have one and the same outcome.
   */
  private static void append(List<Range> ranges, Range next) {
    if (!ranges.isEmpty() && next.rules().isEmpty()) {
      var last = ranges.getLast();
      if (last.rules().isEmpty() && last.otherwise() == next.otherwise()) {
        int frequent = last.frequent() + next.frequent();
        ranges.set(
            ranges.size() - 1, new Range(last.first(), List.of(), last.otherwise(), frequent));
        return;
      }
    }
    ranges.add(next);
  }

  /** Writes the search in {@code ranges} from {@code from} to before {@code to}. */
  private int search(List<Range> ranges, int from, int to) {
    if (to - from == 1) {
      return outcome(ranges.get(from));
    }
    int middle = middle(ranges, from, to);
    int upper = search(ranges, middle, to);
    int lower = search(ranges, from, middle);
    return program.jump(GREATER_OR_EQUAL, ranges.get(middle).first(), upper, lower);
  }

  /** Where both sides weigh most nearly the same. */
  private static int middle(List<Range> ranges, int from, int to) {
    int total = 0;
    for (int i = from; i < to; i++) {
      total += ranges.get(i).weight();
    }
    int below = 0;
    int best = from + 1;
    int bestDifference = Integer.MAX_VALUE;
    for (int i = from; i < to - 1; i++) {
      below += ranges.get(i).weight();
      int difference = Math.abs(total - 2 * below);
      if (difference < bestDifference) {
        best = i + 1;
        bestDifference = difference;
      }
    }
    return best;
  }

  private int outcome(Range range) {
    int next = ret(range.otherwise());
    for (var rule : range.rules().reversed()) {
      int no = next;
      int yes = ret(rule.action().code());
      for (var test : rule.tests().reversed()) {
        yes = test(test, yes, no);
      }
      next = yes;
    }
    return next;
  }

  private int ret(int code) {
    var written = returns.get(code);
    if (written != null && program.distance(written) < SHARED) {
      return written;
    }
    int label = program.ret(code);
    returns.put(code, label);
    return label;
  }

  private int test(ArgTest test, int yes, int no) {
    int low = ARGUMENTS + 8 * test.index();
    int lowValue = (int) test.value();
    int high = low + 4;
    int highValue = (int) (test.value() >>> 32);
    return switch (test.comparison()) {
      case EQ -> equal(test, yes, no);
      case NE -> equal(test, no, yes);
      case MASKED_EQ -> equal(test, yes, no);
      case GT -> ordered(GREATER, high, highValue, low, lowValue, yes, no);
      case GE -> ordered(GREATER_OR_EQUAL, high, highValue, low, lowValue, yes, no);
      case LT -> ordered(GREATER_OR_EQUAL, high, highValue, low, lowValue, no, yes);
      case LE -> ordered(GREATER, high, highValue, low, lowValue, no, yes);
    };
  }

  private int equal(ArgTest test, int yes, int no) {
    int offset = ARGUMENTS + 8 * test.index();
    int low = half(offset, (int) test.mask(), (int) test.value(), yes, no);
    return half(offset + 4, (int) (test.mask() >>> 32), (int) (test.value() >>> 32), low, no);
  }

  private int half(int offset, int mask, int value, int yes, int no) {
    if (mask == 0) {
      return yes;
    }
    int compare = program.jump(EQUAL, value, yes, no);
    return program.load(offset, mask == -1 ? compare : program.and(mask, compare));
  }

  private int ordered(
      ClassicAssembler.Comparison lowComparison,
      int high,
      int highValue,
      int low,
      int lowValue,
      int yes,
      int no) {
    int lowTest = program.load(low, program.jump(lowComparison, lowValue, yes, no));
    int highEqual = program.jump(EQUAL, highValue, lowTest, no);
    return program.load(high, program.jump(GREATER, highValue, yes, highEqual));
  }
}
