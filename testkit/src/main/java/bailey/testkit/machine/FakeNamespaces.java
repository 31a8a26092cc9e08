package bailey.testkit.machine;

import bailey.core.abi.Errno;
import bailey.core.abi.KernelText;
import bailey.core.kernel.CgroupFiles;
import bailey.core.spec.NamespaceKind;
import bailey.testkit.machine.OpenFile.Refused;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What namespaces of the fake machine hold besides their sysctls, by their numbers: mounts, offsets
 * of clocks, roots of groups. Guarded by the machine's lock.
 */
final class FakeNamespaces {
  private final Map<Long, Map<String, Boolean>> mounts = new HashMap<>();
  private final Map<Long, Map<String, String>> offsets = new HashMap<>();
  private final Map<Long, Map<String, String>> roots = new HashMap<>();
  private final Map<String, Pinned> pins = new HashMap<>();

  /** A namespace that a file is bound to. */
  record Pinned(NamespaceKind kind, long inode) {}

  void pin(String path, NamespaceKind kind, long inode) {
    pins.put(path, new Pinned(kind, inode));
  }

  /** Of a file or of all below a directory. */
  void unpin(String path) {
    pins.keySet().removeIf(pin -> pin.equals(path) || pin.startsWith(path + "/"));
  }

  Optional<Pinned> pinned(String path) {
    return Optional.ofNullable(pins.get(path));
  }

  /** Where something is mounted, and whether it is read-only. */
  private Map<String, Boolean> mounts(FakeProcess process) {
    return mounts.computeIfAbsent(
        process.namespace(NamespaceKind.MNT),
        _ -> new TreeMap<>(Map.of("/", false, "/proc", false, "/tmp", false, "/usr", true)));
  }

  String mountinfo(FakeProcess process) {
    var text = new StringBuilder();
    mounts(process)
        .forEach(
            (point, readOnly) ->
                text.append("30 29 0:27 / ")
                    .append(point)
                    .append(readOnly ? " ro" : " rw")
                    .append(",nosuid - tmpfs bailey rw\n"));
    return text.toString();
  }

  /** A path of a mount namespace that was opened. */
  final class Mount extends OpenFile {
    private final FakeProcess opener;
    private final String path;

    Mount(FakeProcess opener, String path) {
      this.opener = opener;
      this.path = path;
    }

    /** As mount_setattr(2): EINVAL where nothing is mounted. */
    long change(boolean readOnly) {
      if (mounts(opener).replace(path, readOnly) == null) {
        throw new Refused(Errno.EINVAL);
      }
      return 0;
    }
  }

  /** A new cgroup namespace has the groups of its maker as its roots. */
  void rooted(FakeProcess process) {
    roots.put(process.namespace(NamespaceKind.CGROUP), process.groups());
  }

  /** /proc/PID/cgroup as somebody sees it. */
  String cgroup(FakeProcess process, FakeProcess reader) {
    var top = roots.getOrDefault(reader.namespace(NamespaceKind.CGROUP), Map.of());
    var text = new StringBuilder();
    process
        .groups()
        .forEach(
            (controller, path) -> {
              var root = top.getOrDefault(controller, "");
              boolean inside = (path + "/").startsWith(root + "/");
              text.append("1:")
                  .append(controller.equals(CgroupFiles.CORE) ? "" : controller)
                  .append(":/")
                  .append(
                      root.isEmpty() ? path : inside ? path.substring(root.length()) : "../" + path)
                  .append('\n');
            });
    return text.toString().replace("://", ":/");
  }

  String offsets(FakeProcess process) {
    var text = new StringBuilder();
    var set = offsets.getOrDefault(process.namespace(NamespaceKind.TIME), Map.of());
    for (var clock : new String[] {"monotonic", "boottime"}) {
      text.append(clock)
          .append("           ")
          .append(set.getOrDefault(clock, "0         0"))
          .append('\n');
    }
    return text.toString();
  }

  /** The offsets of the clocks that the processes get which a process starts. */
  final class Offsets extends OpenFile {
    @Override
    int write(FakeProcess process, byte[] bytes) {
      var set =
          offsets.computeIfAbsent(
              process.namespace(NamespaceKind.TIME), _ -> new LinkedHashMap<>());
      for (var line : KernelText.decode(bytes, 0, bytes.length).lines().toList()) {
        var words = line.split(" ", 2);
        if (words.length != 2 || !words[1].matches("-?[0-9]+ [0-9]{1,9}")) {
          throw new Refused(Errno.EINVAL);
        }
        set.put(words[0], words[1]);
      }
      return bytes.length;
    }
  }
}
