package bailey.core.spec;

import bailey.core.abi.Flags;
import bailey.core.error.BadRequest;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The kernel's kinds of namespaces (namespaces(7)), by their names in /proc/PID/ns. */
public enum NamespaceKind {
  /** Process ids. */
  PID("pid", Flags.CLONE_NEWPID),
  /** Mounts. */
  MNT("mnt", Flags.CLONE_NEWNS),
  /** Host and domain name. */
  UTS("uts", Flags.CLONE_NEWUTS),
  /** System V objects and POSIX message queues. */
  IPC("ipc", Flags.CLONE_NEWIPC),
  /** Network. */
  NET("net", Flags.CLONE_NEWNET),
  /** Users, groups and capabilities. */
  USER("user", Flags.CLONE_NEWUSER),
  /** The root of the control group tree. */
  CGROUP("cgroup", Flags.CLONE_NEWCGROUP),
  /** Offsets of the boot and monotonic clocks. Linux 5.6. */
  TIME("time", Flags.CLONE_NEWTIME);

  private final String file;
  private final long flag;

  NamespaceKind(String file, long flag) {
    this.file = file;
    this.flag = flag;
  }

  /** Its name in /proc/PID/ns. */
  public String file() {
    return file;
  }

  /**
   * The name in /proc/PID/ns of the namespace that the process gives to the processes it starts.
   * That of time differs from {@link #file()} for a process that made one: it stays outside itself
   * (time_namespaces(7)).
   */
  public String fileForChildren() {
    return this == TIME ? "time_for_children" : file;
  }

  /** Its CLONE_NEW flag. */
  public long flag() {
    return flag;
  }

  /**
   * The kind that a user calls {@code name}.
   *
   * @throws BadRequest naming {@code option} and the kinds there are
   */
  public static NamespaceKind of(String option, String name) {
    for (var kind : values()) {
      if (kind.file.equals(name)) {
        return kind;
      }
    }
    throw new BadRequest(
        option
            + ": "
            + name
            + " is not a kind of namespace; there are "
            + Arrays.stream(values()).map(NamespaceKind::file).collect(Collectors.joining(", ")));
  }
}
