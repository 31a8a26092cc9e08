package bailey.oci.output;

import bailey.core.spec.KernelPaths;
import bailey.core.spec.KernelPaths.KernelPath;
import bailey.oci.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The config.json that {@code spec} writes: a shell in a read-only root, with bailey's list of
 * paths that a container does not get. Like runc's where nothing speaks for something else, so that
 * what is built on one is built on the other.
 */
public final class SpecDocument {
  private static final List<String> CAPABILITIES =
      List.of("CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE");

  private static final long FILES = 1024;

  private final JsonWriter out = JsonWriter.pretty("\t");
  private final boolean rootless;

  private SpecDocument(boolean rootless) {
    this.rootless = rootless;
  }

  /** For a container that root makes. */
  public static String text() {
    return new SpecDocument(false).write(0, 0);
  }

  /** For a container of the user {@code uid} in the group {@code gid}, who is root inside. */
  public static String rootless(long uid, long gid) {
    return new SpecDocument(true).write(uid, gid);
  }

  private String write(long uid, long gid) {
    out.object().field("ociVersion", OciState.VERSION);
    process();
    out.object("root").field("path", "rootfs").field("readonly", true).end();
    out.field("hostname", "bailey");
    out.array("mounts");
    mounts();
    out.end();
    linux(uid, gid);
    return out.end().text();
  }

  private void process() {
    out.object("process").field("terminal", true);
    out.object("user").field("uid", 0).field("gid", 0).end();
    out.field("args", List.of("sh"));
    out.field(
        "env",
        List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"));
    out.field("cwd", "/");
    out.object("capabilities");
    for (var set : List.of("bounding", "effective", "permitted")) {
      out.field(set, CAPABILITIES);
    }
    out.end();
    out.array("rlimits").object();
    out.field("type", "RLIMIT_NOFILE").field("hard", FILES).field("soft", FILES).end().end();
    out.field("noNewPrivileges", true).end();
  }

  private void mounts() {
    mount("/proc", "proc", "proc", List.of());
    mount("/dev", "tmpfs", "tmpfs", List.of("nosuid", "strictatime", "mode=755", "size=65536k"));
    // the group tty of the machine, 5, is not mapped for a user
    var terminals = List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620");
    mount("/dev/pts", "devpts", "devpts", rootless ? terminals : with(terminals, "gid=5"));
    var noFiles = List.of("nosuid", "noexec", "nodev");
    mount("/dev/shm", "tmpfs", "shm", with(with(noFiles, "mode=1777"), "size=65536k"));
    mount("/dev/mqueue", "mqueue", "mqueue", noFiles);
    if (rootless) {
      // without a network namespace of its own a user may not mount one
      mount("/sys", "none", "/sys", with(with(List.of("rbind"), noFiles), "ro"));
      return;
    }
    mount("/sys", "sysfs", "sysfs", with(noFiles, "ro"));
    mount("/sys/fs/cgroup", "cgroup", "cgroup", with(with(noFiles, "relatime"), "ro"));
  }

  private static List<String> with(List<String> options, String... more) {
    return with(options, List.of(more));
  }

  private static List<String> with(List<String> options, List<String> more) {
    var list = new ArrayList<>(options);
    list.addAll(more);
    return list;
  }

  private void mount(String destination, String type, String source, List<String> options) {
    out.object().field("destination", destination).field("type", type).field("source", source);
    if (!options.isEmpty()) {
      out.field("options", options);
    }
    out.end();
  }

  private void linux(long uid, long gid) {
    out.object("linux");
    if (rootless) {
      mapping("uidMappings", uid);
      mapping("gidMappings", gid);
    } else {
      out.object("resources").array("devices").object();
      out.field("allow", false).field("access", "rwm").end().end().end();
    }
    out.array("namespaces");
    for (var type :
        rootless
            ? List.of("pid", "ipc", "uts", "mount", "cgroup", "user")
            : List.of("pid", "network", "ipc", "uts", "mount", "cgroup")) {
      out.object().field("type", type).end();
    }
    out.end();
    out.field("maskedPaths", KernelPaths.MASKED.stream().map(KernelPath::path).toList());
    out.field("readonlyPaths", KernelPaths.READ_ONLY.stream().map(KernelPath::path).toList());
    out.end();
  }

  private void mapping(String name, long id) {
    out.array(name).object();
    out.field("containerID", 0).field("hostID", id).field("size", 1).end().end();
  }
}
