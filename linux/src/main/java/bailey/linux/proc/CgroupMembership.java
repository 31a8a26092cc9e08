package bailey.linux.proc;

import java.util.HashMap;
import java.util.Map;

/**
 * The control groups of a process, from /proc/PID/cgroup (cgroups(7)).
 *
 * @param paths v1 controller name (also {@code name=systemd}), or an empty string for cgroup2, to
 *     the path as the reader's cgroup namespace has it; a path outside of it starts with {@code
 *     /..}
 */
public record CgroupMembership(Map<String, String> paths) {
  /** Copies. */
  public CgroupMembership {
    paths = Map.copyOf(paths);
  }

  /** Of this process. */
  public static CgroupMembership read() {
    return parse(KernelFile.readOrEmpty("/proc/self/cgroup"));
  }

  /** Of a process or thread, without paths if it is gone. */
  public static CgroupMembership read(long pid) {
    return parse(KernelFile.readOrEmpty("/proc/" + pid + "/cgroup"));
  }

  /** Of a thread of a process, without paths if it is gone. */
  public static CgroupMembership read(long pid, long tid) {
    return parse(KernelFile.readOrEmpty("/proc/" + pid + "/task/" + tid + "/cgroup"));
  }

  /** What {@code path} is below a mount of {@code root}, or an empty string if it is not there. */
  public static String below(String root, String path) {
    if (path.startsWith("/..")) {
      return ""; // outside of this cgroup namespace
    }
    if (root.equals("/")) {
      return path;
    }
    if (path.equals(root)) {
      return "/";
    }
    return path.startsWith(root.concat("/")) ? path.substring(root.length()) : "";
  }

  /** Of the text of such a file: lines {@code id:controller,controller:path}. */
  public static CgroupMembership parse(String text) {
    var paths = new HashMap<String, String>();
    for (var line : KernelFile.lines(text)) {
      int first = line.indexOf(':');
      int second = line.indexOf(':', first + 1);
      if (first <= 0 || second < 0 || !line.startsWith("/", second + 1)) {
        continue;
      }
      String path = line.substring(second + 1);
      int from = first + 1;
      while (from <= second) {
        int comma = line.indexOf(',', from);
        int end = comma < 0 || comma > second ? second : comma;
        paths.putIfAbsent(line.substring(from, end), path);
        from = end + 1;
      }
    }
    return new CgroupMembership(paths);
  }
}
