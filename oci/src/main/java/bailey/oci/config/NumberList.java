package bailey.oci.config;

import bailey.oci.json.JsonReader;
import org.jspecify.annotations.Nullable;

/** Lists of CPUs or memory nodes as the kernel has them: {@code 0-3,7} (cpuset(7), List format). */
final class NumberList {
  private static final int HIGHEST = 65535;

  private NumberList() {}

  /** The list that is next; null if it is empty. */
  static @Nullable String read(JsonReader in, String what) {
    var remedy = "a list of " + what + ", such as \"0-3,7\"";
    var list = in.string(remedy);
    if (list.isEmpty()) {
      return null;
    }
    if (!isList(list)) {
      throw in.wrong(list, "is not a list of " + what, remedy);
    }
    return list;
  }

  private static boolean isList(String list) {
    int begin = 0;
    while (begin <= list.length()) {
      int comma = list.indexOf(',', begin);
      int end = comma < 0 ? list.length() : comma;
      int dash = list.indexOf('-', begin);
      boolean range = dash > 0 && dash < end;
      int first = number(list, begin, range ? dash : end);
      int last = range ? number(list, dash + 1, end) : first;
      if (first < 0 || last < first) {
        return false;
      }
      begin = end + 1;
    }
    return true;
  }

  private static int number(String text, int begin, int end) {
    int number = 0;
    for (int i = begin; i < end; i++) {
      int digit = text.charAt(i) - '0';
      number = number * 10 + digit;
      if (digit < 0 || digit > 9 || number > HIGHEST) {
        return -1;
      }
    }
    return begin == end ? -1 : number;
  }
}
