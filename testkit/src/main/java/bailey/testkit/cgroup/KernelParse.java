package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import java.math.BigInteger;
import java.util.BitSet;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Numbers as the kernel's own functions read them. */
final class KernelParse {
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final Pattern MEMORY = Pattern.compile("([0-9]+)([KkMmGgTt]?)");
  private static final Pattern RANGE = Pattern.compile("([0-9]+)(?:-([0-9]+))?");
  private static final BigInteger MOST_UNSIGNED = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private KernelParse() {}

  /** kstrtou64(): EINVAL for anything but digits, ERANGE for too many. */
  static BigInteger unsigned(String text) {
    KernelRefusal.unless(DIGITS.matcher(text).matches(), Errno.EINVAL);
    var number = new BigInteger(text);
    KernelRefusal.unless(number.compareTo(MOST_UNSIGNED) <= 0, Errno.ERANGE);
    return number;
  }

  /** kstrtoint() for the number of a task; it is written often, and read without an object. */
  static int task(String text) {
    KernelRefusal.unless(!text.isEmpty() && text.length() <= 9, Errno.EINVAL);
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      KernelRefusal.unless(digit >= 0 && digit <= 9, Errno.EINVAL);
      number = 10 * number + digit;
    }
    return number;
  }

  /** A number of kstrtou64() that lies in a range, else {@code outside}. */
  static long number(String text, long least, long most, Errno outside) {
    var number = unsigned(text);
    KernelRefusal.unless(
        number.compareTo(BigInteger.valueOf(least)) >= 0
            && number.compareTo(BigInteger.valueOf(most)) <= 0,
        outside);
    return number.longValueExact();
  }

  /** memparse(), for sizes below 2^63; EINVAL where anything is left. */
  static long memory(String text) {
    var match = MEMORY.matcher(text);
    KernelRefusal.unless(match.matches(), Errno.EINVAL);
    int power =
        match.group(2).isEmpty() ? 0 : "KMGT".indexOf(match.group(2).toUpperCase(Locale.ROOT)) + 1;
    return new BigInteger(match.group(1)).shiftLeft(10 * power).longValueExact();
  }

  /**
   * cpulist_parse() and nodelist_parse(): ERANGE above {@code most}, EINVAL for what is no list.
   */
  static BitSet list(String text, int most) {
    var set = new BitSet();
    if (text.isEmpty()) {
      return set;
    }
    for (var part : text.split(",", -1)) {
      var match = RANGE.matcher(part);
      KernelRefusal.unless(match.matches(), Errno.EINVAL);
      int first = Integer.parseInt(match.group(1));
      int last = match.group(2) == null ? first : Integer.parseInt(match.group(2));
      KernelRefusal.unless(first <= last, Errno.EINVAL);
      KernelRefusal.unless(last <= most, Errno.ERANGE);
      set.set(first, last + 1);
    }
    return set;
  }

  /** The list as the kernel prints it. */
  static String list(BitSet set) {
    var text = new StringBuilder();
    for (int first = set.nextSetBit(0); first >= 0; ) {
      int after = set.nextClearBit(first);
      text.append(text.isEmpty() ? "" : ",").append(first);
      text.append(after - first > 1 ? "-" + (after - 1) : "");
      first = set.nextSetBit(after);
    }
    return text.toString();
  }

  /** {@code MAJ:MIN} of a disk that there is, then a blank; what follows it. ENODEV for others. */
  static String[] device(String text, Predicate<String> exists) {
    var words = text.split("\\s+", 2);
    KernelRefusal.unless(words[0].matches("[0-9]+:[0-9]+"), Errno.EINVAL);
    KernelRefusal.unless(exists.test(words[0]), Errno.ENODEV);
    KernelRefusal.unless(words.length == 2, Errno.EINVAL);
    return words;
  }
}
