package bailey.core.spec;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A capability of Linux. Source: linux/capability.h for the numbers, capabilities(7) for the kernel
 * that brought each ({@link #since()}). The constants are in the order of their numbers.
 */
public enum Capability {
  /** Change the owner of files. */
  CHOWN(0, "2.2"),
  /** Read, write and execute any file, whatever its mode. */
  DAC_OVERRIDE(1, "2.2"),
  /** Read any file and search any directory; open files by handle. */
  DAC_READ_SEARCH(2, "2.2"),
  /** Do what otherwise only a file's owner may: chmod, utime, set ACLs. */
  FOWNER(3, "2.2"),
  /** Keep the set-user-id bits of a file that is changed. */
  FSETID(4, "2.2"),
  /** Send signals to any process that can be named. */
  KILL(5, "2.2"),
  /** Take any group id. */
  SETGID(6, "2.2"),
  /** Take any user id. */
  SETUID(7, "2.2"),
  /** Drop from the bounding set; add inheritable capabilities out of it. */
  SETPCAP(8, "2.2"),
  /** Set the append-only and immutable flags of files. */
  LINUX_IMMUTABLE(9, "2.2"),
  /** Bind ports below 1024. */
  NET_BIND_SERVICE(10, "2.2"),
  /** Unused by the kernel. */
  NET_BROADCAST(11, "2.2"),
  /** Configure the network: interfaces, routes, firewall. */
  NET_ADMIN(12, "2.2"),
  /** Open raw and packet sockets: read and forge any packet. */
  NET_RAW(13, "2.2"),
  /** Lock memory without limit. */
  IPC_LOCK(14, "2.2"),
  /** Any operation on System V IPC objects. */
  IPC_OWNER(15, "2.2"),
  /** Load and unload kernel modules. */
  SYS_MODULE(16, "2.2"),
  /** I/O ports, /dev/mem, raw device commands. */
  SYS_RAWIO(17, "2.2"),
  /** chroot(2), and setns(2) of a mount namespace. */
  SYS_CHROOT(18, "2.2"),
  /** Trace and read the memory of any process that can be named. */
  SYS_PTRACE(19, "2.2"),
  /** Switch process accounting on. */
  SYS_PACCT(20, "2.2"),
  /** Mount, set the host name, make namespaces, and far more: nearly root. */
  SYS_ADMIN(21, "2.2"),
  /** Reboot, load another kernel. */
  SYS_BOOT(22, "2.2"),
  /** Raise priorities, set real-time scheduling and affinities of others. */
  SYS_NICE(23, "2.2"),
  /** Exceed and raise resource limits and disk quotas. */
  SYS_RESOURCE(24, "2.2"),
  /** Set the clock. */
  SYS_TIME(25, "2.2"),
  /** vhangup(2) and privileged terminal commands. */
  SYS_TTY_CONFIG(26, "2.2"),
  /** Make device nodes. */
  MKNOD(27, "2.4"),
  /** Take leases on any file. */
  LEASE(28, "2.4"),
  /** Write to the kernel's audit log. */
  AUDIT_WRITE(29, "2.6.11"),
  /** Configure the audit system. */
  AUDIT_CONTROL(30, "2.6.11"),
  /** Give capabilities to files. */
  SETFCAP(31, "2.6.24"),
  /** Ignore mandatory access control (Smack). */
  MAC_OVERRIDE(32, "2.6.25"),
  /** Configure mandatory access control (Smack). */
  MAC_ADMIN(33, "2.6.25"),
  /** Read the kernel log and kernel addresses. */
  SYSLOG(34, "2.6.37"),
  /** Set timers that wake the machine. */
  WAKE_ALARM(35, "3.0"),
  /** Keep the machine from sleeping. */
  BLOCK_SUSPEND(36, "3.5"),
  /** Read the audit log. */
  AUDIT_READ(37, "3.16"),
  /** Watch the machine's performance. */
  PERFMON(38, "5.8"),
  /** Load BPF programs. */
  BPF(39, "5.8"),
  /** Checkpoint and restore: choose process ids, read others' mapped files. */
  CHECKPOINT_RESTORE(40, "5.9");

  private final int number;
  private final String since;

  Capability(int number, String since) {
    this.number = number;
    this.since = since;
  }

  /** The number, 0 to 40: the argument of {@code PR_CAPBSET_DROP}. */
  public int number() {
    return number;
  }

  /** The kernel's name, such as {@code CAP_NET_RAW}. */
  public String kernelName() {
    return "CAP_".concat(name());
  }

  /** The first kernel that had it, such as {@code 5.8}. */
  public String since() {
    return since;
  }

  /** This capability as one bit of a mask. */
  long bit() {
    return 1L << number;
  }

  /**
   * The capability of a name as people write it: {@code CAP_NET_RAW}, {@code net_raw}; null if
   * there is none.
   */
  static @Nullable Capability named(String name) {
    var upper = name.toUpperCase(Locale.ROOT);
    var bare = upper.startsWith("CAP_") ? upper.substring(4) : upper;
    for (var capability : values()) {
      if (capability.name().equals(bare)) {
        return capability;
      }
    }
    return null;
  }

  /** The capability of the kernel's name {@code CAP_NET_RAW}, exactly; null if there is none. */
  public static @Nullable Capability ofKernelName(String name) {
    for (var capability : values()) {
      if (capability.kernelName().equals(name)) {
        return capability;
      }
    }
    return null;
  }
}
