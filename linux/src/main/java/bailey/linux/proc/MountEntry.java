package bailey.linux.proc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A line of /proc/PID/mountinfo (proc_pid_mountinfo(5)), its octal escapes undone.
 *
 * @param id of the mount
 * @param parent id of the mount it is on, its own for the top
 * @param device {@code major:minor} of the file system
 * @param root the part of the file system that is mounted; for namespaces (nsfs) such as {@code
 *     net:[4026531840]}
 * @param point where, as the process sees it
 * @param options of the mount
 * @param propagation the optional fields, such as {@code shared:1}
 * @param type of the file system
 * @param source what was mounted, as the mounter called it
 * @param superOptions of the file system
 */
public record MountEntry(
    int id,
    int parent,
    String device,
    String root,
    String point,
    List<String> options,
    List<String> propagation,
    String type,
    String source,
    List<String> superOptions) {
  /** Copies. */
  public MountEntry {
    options = List.copyOf(options);
    propagation = List.copyOf(propagation);
    superOptions = List.copyOf(superOptions);
  }

  /** The mounts of this process. */
  public static List<MountEntry> readAll() {
    return parseAll(KernelFile.readOrEmpty("/proc/self/mountinfo"));
  }

  /** The mounts that a process sees, none if it is gone. */
  public static List<MountEntry> readAll(long pid) {
    return parseAll(KernelFile.readOrEmpty("/proc/" + pid + "/mountinfo"));
  }

  /** All lines that are mounts. */
  public static List<MountEntry> parseAll(String text) {
    var entries = new ArrayList<MountEntry>();
    for (var line : KernelFile.lines(text)) {
      var entry = parse(line);
      if (entry.isPresent()) {
        entries.add(entry.get());
      }
    }
    return entries;
  }

  /** One line, empty if it is no mount. */
  public static Optional<MountEntry> parse(String line) {
    var words = split(line, ' '); // not words(): the source of a mount can be an empty string
    int dash = 6;
    while (dash < words.size() && !words.get(dash).equals("-")) {
      dash++;
    }
    if (dash + 3 >= words.size()) {
      return Optional.empty();
    }
    int id = Digits.small(words.get(0));
    int parent = Digits.small(words.get(1));
    if (id < 0 || parent < 0) {
      return Optional.empty();
    }
    return Optional.of(
        new MountEntry(
            id,
            parent,
            words.get(2),
            unescape(words.get(3)),
            unescape(words.get(4)),
            split(words.get(5), ','),
            words.subList(6, dash),
            unescape(words.get(dash + 1)),
            unescape(words.get(dash + 2)),
            split(words.get(dash + 3), ',')));
  }

  private static List<String> split(String text, char separator) {
    var parts = new ArrayList<String>();
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == separator) {
        parts.add(text.substring(from, i));
        from = i + 1;
      }
    }
    return parts;
  }

  /**
   * Undoes the kernel's mangle(): blank, tab, newline, backslash and {@code #} are written as a
   * backslash and three octal digits.
   */
  static String unescape(String text) {
    int at = text.indexOf('\\');
    if (at < 0) {
      return text;
    }
    var plain = new StringBuilder(text.length());
    int from = 0;
    while (at >= 0) {
      int c = octal(text, at + 1);
      plain.append(text, from, at).append(c < 0 ? '\\' : (char) c);
      from = c < 0 ? at + 1 : at + 4;
      at = text.indexOf('\\', from);
    }
    return plain.append(text, from, text.length()).toString();
  }

  private static int octal(String text, int at) {
    if (at + 3 > text.length()) {
      return -1;
    }
    int value = 0;
    for (int i = at; i < at + 3; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 7) {
        return -1;
      }
      value = value * 8 + digit;
    }
    return value < 0x80 ? value : -1; // the kernel escapes ASCII only
  }
}
