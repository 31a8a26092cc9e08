package bailey.core.seccomp;

import static bailey.core.bpf.ClassicAssembler.Comparison.EQUAL;
import static bailey.core.bpf.ClassicAssembler.Comparison.GREATER;
import static bailey.core.bpf.ClassicAssembler.Comparison.GREATER_OR_EQUAL;

import bailey.core.abi.Errno;
import bailey.core.abi.SyscallAbi;
import bailey.core.abi.SyscallTable;
import bailey.core.bpf.ClassicAssembler;
import bailey.core.error.BadRequest;
import bailey.core.seccomp.SeccompFilter.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compiles a filter. The program checks the architecture, then looks the call's number up in a
 * binary search over ranges of numbers with one outcome, weighted so that frequent calls come
 * early: libseccomp without its tree option compares with each allowed call in turn, some 300 of
 * them. Only a call that has rules with tests then looks at its arguments.
 *
 * <p>A cold command line compiles one filter, so this class does without what is slow the first
 * time: lambdas, streams, and the generated equals and hashCode of records.
 *
 * <p>Offsets: {@code struct seccomp_data} of linux/seccomp.h is nr, arch, instruction_pointer,
 * args[6].
 */
final class SeccompProgram {
  private static final int NUMBER = 0;
  private static final int ARCH = 4;
  private static final int ARGUMENTS = 16;

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

  private final SeccompFilter filter;
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

  private SeccompProgram(SeccompFilter filter) {
    this.filter = filter;
  }

  static byte[] of(SeccompFilter filter) {
    return new SeccompProgram(filter).assemble();
  }

  /** The first section, which is most in use, is written last: nearest, and asked about first. */
  private byte[] assemble() {
    var architectures = new ArrayList<Integer>();
    for (var section : filter.sections()) {
      if (!architectures.contains(section.abi().auditArch())) {
        architectures.add(section.abi().auditArch());
      }
    }
    var numbers = new int[architectures.size()];
    for (int i = numbers.length - 1; i >= 0; i--) {
      var ranges = ranges(architectures.get(i));
      numbers[i] = program.load(NUMBER, search(ranges));
    }
    int next = ret(filter.foreign().code());
    for (int i = numbers.length - 1; i >= 0; i--) {
      next = program.jump(EQUAL, architectures.get(i), numbers[i], next);
    }
    program.load(ARCH, next);
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

  /** Those of the sections for {@code auditArch}: x86-64 and x32 share it, in this order. */
  private List<Range> ranges(int auditArch) {
    var ranges = new ArrayList<Range>();
    Section x32 = null;
    for (var section : filter.sections()) {
      if (section.abi() == SyscallAbi.X32) {
        x32 = section;
      } else if (section.abi().auditArch() == auditArch) {
        add(ranges, section);
      }
    }
    if (auditArch != SyscallAbi.X32.auditArch()) {
      return ranges;
    }
    if (ranges.isEmpty()) {
      append(ranges, new Range(0, List.of(), filter.foreign().code(), 0));
    }
    if (x32 == null) {
      append(ranges, new Range(SyscallAbi.X32.firstNumber(), List.of(), NO_SUCH_CALL.code(), 0));
    } else {
      add(ranges, x32);
    }
    return ranges;
  }

  private static void add(List<Range> ranges, Section section) {
    var table = SyscallTable.of(section.abi());
    var decided = decided(section, table);
    var frequent = frequent(table);
    int first = section.abi().firstNumber();
    int highest = Math.min(table.highest(), section.newest());
    for (int number = 0; number <= highest; number++) {
      boolean known = table.name(number).isPresent();
      int often = frequent[number] ? 1 : 0;
      append(ranges, range(section, first + number, known, decided.get(number), often));
    }
    append(ranges, new Range(first + highest + 1, List.of(), section.unknown().code(), 0));
    for (int i = 0; i < table.beyond().size(); i++) {
      int number = first + table.beyond().get(i);
      append(ranges, range(section, number, true, decided.get(table.highest() + 1 + i), 0));
      append(ranges, new Range(number + 1, List.of(), section.unknown().code(), 0));
    }
  }

  private static boolean[] frequent(SyscallTable table) {
    var frequent = new boolean[table.highest() + 1];
    for (var call : FREQUENT) {
      int number = table.number(call).orElse(-1);
      if (number >= 0) {
        frequent[number] = true;
      }
    }
    return frequent;
  }

  /**
   * For each number, and then for those beyond the highest, the rules about it, in order, up to the
   * first that always applies.
   */
  private static List<List<SeccompRule>> decided(Section section, SyscallTable table) {
    int numbers = table.highest() + 1;
    var decided = new ArrayList<List<SeccompRule>>(numbers + table.beyond().size());
    for (int i = numbers + table.beyond().size(); i > 0; i--) {
      decided.add(List.of());
    }
    for (var rule : section.rules()) {
      var alone = List.of(rule);
      for (var call : rule.calls()) {
        int number = table.number(call).orElse(-1);
        int index = number < numbers ? number : numbers + table.beyond().indexOf(number);
        if (index >= 0) {
          var rules = decided.get(index);
          if (rules.isEmpty()) {
            decided.set(index, alone);
          } else if (!closed(rules)) {
            decided.set(index, with(rules, rule));
          }
        }
      }
    }
    return decided;
  }

  /** Most calls have one rule, which is in a list that they share. */
  private static List<SeccompRule> with(List<SeccompRule> rules, SeccompRule next) {
    var more = rules.size() == 1 ? new ArrayList<>(rules) : rules;
    more.add(next);
    return more;
  }

  private static boolean closed(List<SeccompRule> rules) {
    return !rules.isEmpty() && rules.getLast().tests().isEmpty();
  }

  private static Range range(
      Section section, int number, boolean known, List<SeccompRule> rules, int frequent) {
    if (closed(rules)) {
      var tested = rules.subList(0, rules.size() - 1);
      return new Range(number, tested, rules.getLast().action().code(), frequent);
    }
    var otherwise = known || !rules.isEmpty() ? section.otherwise() : section.unknown();
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

  private int search(List<Range> ranges) {
    var weights = new int[ranges.size() + 1];
    for (int i = 0; i < ranges.size(); i++) {
      weights[i + 1] = weights[i] + ranges.get(i).weight();
    }
    return search(ranges, weights, 0, ranges.size());
  }

  /**
   * Writes the search in {@code ranges} from {@code from} to before {@code to}.
   *
   * @param weights of all ranges before each
   */
  private int search(List<Range> ranges, int[] weights, int from, int to) {
    if (to - from == 1) {
      return outcome(ranges.get(from));
    }
    int middle = middle(weights, from, to);
    int upper = search(ranges, weights, middle, to);
    int lower = search(ranges, weights, from, middle);
    return program.jump(GREATER_OR_EQUAL, ranges.get(middle).first(), upper, lower);
  }

  /** Where both sides weigh most nearly the same. */
  private static int middle(int[] weights, int from, int to) {
    int best = from + 1;
    int bestDifference = Integer.MAX_VALUE;
    for (int i = from + 1; i < to; i++) {
      int difference = Math.abs(weights[to] + weights[from] - 2 * weights[i]);
      if (difference < bestDifference) {
        best = i;
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
