package bailey.core.subsystem;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * The roots of a cgroup namespace, from /proc/PID/cgroup of a process as it is seen outside of it
 * and inside of it: what both paths end with is below the root.
 */
final class CgroupRoots {
  private CgroupRoots() {}

  /**
   * Lines {@code CONTROLLERS: PATH}, {@code cgroup2} for the hierarchy of v2.
   *
   * <p>A process that was moved out of the namespace's root has a path with {@code ..} inside; then
   * the name of the root cannot be known from it, and stands as {@code ?}.
   */
  static String of(String outside, String inside) {
    var paths = new HashMap<String, String>();
    inside.lines().forEach(line -> paths.put(name(line), path(line)));
    var roots = new ArrayList<String>();
    for (var line : outside.lines().toList()) {
      var below = paths.get(name(line));
      if (below != null) {
        roots.add(name(line) + ": " + root(path(line), below));
      }
    }
    roots.sort(null);
    return String.join("\n", roots);
  }

  /** Of {@code 5:cpu,cpuacct:/a/b}. */
  private static String name(String line) {
    int first = line.indexOf(':');
    int second = line.indexOf(':', first + 1);
    if (first < 0 || second < 0) {
      return "";
    }
    return second == first + 1 ? "cgroup2" : line.substring(first + 1, second);
  }

  private static String path(String line) {
    int first = line.indexOf(':');
    return line.substring(line.indexOf(':', first + 1) + 1);
  }

  private static String root(String outside, String inside) {
    var path = parts(outside);
    var below = parts(inside);
    int up = 0;
    while (!below.isEmpty() && below.getFirst().equals("..")) {
      below.removeFirst();
      up++;
    }
    if (below.size() > path.size()) {
      return "?";
    }
    var root = path.subList(0, path.size() - below.size());
    return "/"
        + String.join("/", root)
        + "/?".repeat(up).substring(up > 0 && root.isEmpty() ? 1 : 0);
  }

  private static List<String> parts(String path) {
    var parts = new ArrayList<String>();
    for (var part : path.split("/", -1)) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }
}
