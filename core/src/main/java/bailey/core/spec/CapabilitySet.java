package bailey.core.spec;

import static bailey.core.spec.Capability.BPF;
import static bailey.core.spec.Capability.CHOWN;
import static bailey.core.spec.Capability.DAC_OVERRIDE;
import static bailey.core.spec.Capability.DAC_READ_SEARCH;
import static bailey.core.spec.Capability.FOWNER;
import static bailey.core.spec.Capability.FSETID;
import static bailey.core.spec.Capability.KILL;
import static bailey.core.spec.Capability.MKNOD;
import static bailey.core.spec.Capability.NET_BIND_SERVICE;
import static bailey.core.spec.Capability.PERFMON;
import static bailey.core.spec.Capability.SETFCAP;
import static bailey.core.spec.Capability.SETGID;
import static bailey.core.spec.Capability.SETPCAP;
import static bailey.core.spec.Capability.SETUID;
import static bailey.core.spec.Capability.SYS_ADMIN;
import static bailey.core.spec.Capability.SYS_BOOT;
import static bailey.core.spec.Capability.SYS_CHROOT;
import static bailey.core.spec.Capability.SYS_MODULE;
import static bailey.core.spec.Capability.SYS_PTRACE;
import static bailey.core.spec.Capability.SYS_RAWIO;
import static bailey.core.spec.Capability.SYS_RESOURCE;

import bailey.core.error.BadRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A set of capabilities.
 *
 * @param mask bit n is the capability of number n, as in {@code CapBnd} of /proc/PID/status and in
 *     capset(2), low word first. A capability that a newer kernel has and this table lacks is in no
 *     set: capset(2) clears it with the others.
 */
public record CapabilitySet(long mask) {
  private static final long KNOWN = (1L << Capability.values().length) - 1;

  /** None. */
  public static final CapabilitySet NONE = new CapabilitySet(0);

  /** All 41 known ones. */
  public static final CapabilitySet ALL = new CapabilitySet(KNOWN);

  /**
   * What root in a container keeps unless asked otherwise: the default of Docker and containerd
   * (moby's {@code daemon/pkg/oci/caps/defaults.go}, 14 capabilities) without the three that reach
   * out of the container: {@code AUDIT_WRITE} (writes to the host's audit log), {@code MKNOD}
   * (device nodes that a later mistake turns into access) and {@code NET_RAW} (forged packets on a
   * shared network). These are the 11 of Podman's containers.conf(5). docs/security.md gives the
   * reason for each.
   */
  public static final CapabilitySet CONTAINER_DEFAULT =
      of(
          CHOWN,
          DAC_OVERRIDE,
          FOWNER,
          FSETID,
          KILL,
          NET_BIND_SERVICE,
          SETFCAP,
          SETGID,
          SETPCAP,
          SETUID,
          SYS_CHROOT);

  /**
   * What root keeps inside of a boundary that has no user namespace of its own, where it is root
   * outside too: {@link #CONTAINER_DEFAULT} without {@code SETFCAP}. Who has that may map user 0 of
   * his user namespace into a new one (verify_root_map() in kernel/user_namespace.c), where a
   * freshly mounted proc lets him write the machine's settings, for which its owner's number is
   * enough.
   */
  public static final CapabilitySet BOUNDARY = CONTAINER_DEFAULT.without(of(SETFCAP));

  /**
   * What root keeps inside of a boundary with a user namespace of its own: all but {@code
   * SYS_RESOURCE}, which lifts the limits of what belongs to that: {@code user.max_*} and those of
   * POSIX message queues (set_permissions() in kernel/ucount.c, mqueue_create_attr()).
   */
  public static final CapabilitySet BOUNDARY_OWN_USERS = ALL.without(of(SYS_RESOURCE));

  /**
   * Each of these leads root out of a boundary that has no user namespace of its own: over devices,
   * the machine's memory, files by their handle, modules, programs in the kernel, other processes,
   * mounts of control groups with a release agent (CVE-2022-0492), settings in a proc of his own.
   */
  public static final CapabilitySet LEAD_OUT =
      of(
          BPF,
          DAC_READ_SEARCH,
          MKNOD,
          PERFMON,
          SETFCAP,
          SYS_ADMIN,
          SYS_BOOT,
          SYS_MODULE,
          SYS_PTRACE,
          SYS_RAWIO);

  /** Refuses bits that are no capability. */
  public CapabilitySet {
    if ((mask & ~KNOWN) != 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "0x%x has bits above the last capability", mask));
    }
  }

  /** The set of {@code capabilities}. */
  public static CapabilitySet of(Capability... capabilities) {
    long mask = 0;
    for (var capability : capabilities) {
      mask |= capability.bit();
    }
    return new CapabilitySet(mask);
  }

  /**
   * The set that a list names: {@code CAP_NET_RAW}, {@code net_raw,sys_time}, {@code ALL}, {@code
   * none}; case and the prefix do not matter.
   *
   * @throws BadRequest if a name is no capability
   */
  public static CapabilitySet parse(String list) {
    var set = NONE;
    for (var item : list.split(",", -1)) {
      set = set.with(parseOne(item.strip(), list));
    }
    return set;
  }

  private static CapabilitySet parseOne(String name, String list) {
    if (name.equalsIgnoreCase("all")) {
      return ALL;
    }
    if (name.equalsIgnoreCase("none")) {
      return NONE;
    }
    var capability = Capability.named(name);
    if (capability == null) {
      throw new BadRequest(
          "\""
              + name
              + "\" in the list of capabilities \""
              + list
              + "\" is no capability; write names of capabilities(7) such as CAP_NET_RAW or"
              + " net_raw, separated by commas, or ALL or none");
    }
    return of(capability);
  }

  /** Whether {@code capability} is in it. */
  public boolean contains(Capability capability) {
    return (mask & capability.bit()) != 0;
  }

  /** This set and {@code others}. */
  public CapabilitySet with(CapabilitySet others) {
    return new CapabilitySet(mask | others.mask);
  }

  /** This set without {@code others}. */
  public CapabilitySet without(CapabilitySet others) {
    return new CapabilitySet(mask & ~others.mask);
  }

  /** Its capabilities by number. */
  public List<Capability> capabilities() {
    return Arrays.stream(Capability.values()).filter(this::contains).toList();
  }

  // by hand: a record's own are made at their first use, which takes milliseconds of each start

  @Override
  public boolean equals(Object other) {
    return other instanceof CapabilitySet that && mask == that.mask;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(mask);
  }

  /** {@code CAP_CHOWN,CAP_KILL}, {@code ALL} or {@code none}: what {@link #parse} reads. */
  @Override
  public String toString() {
    if (equals(ALL)) {
      return "ALL";
    }
    return mask == 0
        ? "none"
        : capabilities().stream().map(Capability::kernelName).collect(Collectors.joining(","));
  }
}
