package bailey.core.subsystem;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What /proc/PID/mountinfo says (proc_pid_mountinfo(5)). Blanks and the like in paths stay as the
 * kernel has them, in octal: {@code \040}.
 */
public final class MountTable {
  /** A line that stands for those that were not read. */
  private static final String MORE = "...";

  private MountTable() {}

  /** What is written after a part of a table, of which the last line may be cut short. */
  public static byte[] more() {
    return ("\n" + MORE + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** A mount: {@code 36 35 98:0 /root /mnt rw,noatime shared:1 - ext3 /dev/root rw}. */
  private record Entry(
      String root, String point, List<String> options, String type, String source) {
    String access() {
      return options.contains("ro") ? "ro" : "rw";
    }
  }

  /**
   * Lines {@code POINT TYPE ro|rw SOURCE}, {@code ...} where there are more; of a part of a file
   * system {@code SOURCE[/PART]}.
   */
  static String list(String mountinfo) {
    var lines = new ArrayList<String>();
    for (var entry : entries(mountinfo)) {
      var part = entry.root.equals("/") ? "" : "[" + entry.root + "]";
      lines.add(entry.point + " " + entry.type + " " + entry.access() + " " + entry.source + part);
    }
    addMore(mountinfo, lines);
    return String.join("\n", lines);
  }

  /** The points of those that are read-only, a line each; the one mounted last there counts. */
  static String readOnly(String mountinfo) {
    var points = new ArrayList<String>();
    for (var entry : entries(mountinfo)) {
      points.remove(entry.point);
      if (entry.access().equals("ro")) {
        points.add(entry.point);
      }
    }
    addMore(mountinfo, points);
    return String.join("\n", points);
  }

  private static void addMore(String mountinfo, List<String> lines) {
    if (mountinfo.endsWith("\n" + MORE)) {
      lines.add(MORE);
    }
  }

  private static List<Entry> entries(String mountinfo) {
    return mountinfo.lines().map(MountTable::entry).flatMap(Optional::stream).toList();
  }

  /** Empty for a line that was cut short, or is of no form that is known. */
  private static Optional<Entry> entry(String line) {
    var words = Arrays.asList(line.split(" ", -1));
    int dash = words.indexOf("-");
    return dash < 6 || words.size() < dash + 3
        ? Optional.empty()
        : Optional.of(
            new Entry(
                words.get(3),
                words.get(4),
                List.of(words.get(5).split(",", -1)),
                words.get(dash + 1),
                words.get(dash + 2)));
  }
}
