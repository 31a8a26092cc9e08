package bailey.core.planner;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.seccomp.SeccompPolicy;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.IdentityRequest;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.Rlimit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who a process of a container is and what it may do: ids, capabilities (capabilities(7)), the
 * system call filter (seccomp(2)), resource limits. Each is given up for good: nothing later can
 * take it back.
 */
final class CredentialSteps {
  private static final int PR_SET_KEEPCAPS = 8;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int CAPABILITY_VERSION_3 = 0x20080522;

  /** Assembled filters: they depend on nothing but the capabilities. */
  static final class Filters {
    private final Arch arch;
    private final Map<CapabilitySet, byte[]> alone = new ConcurrentHashMap<>();
    private final Map<CapabilitySet, byte[]> amongOthers = new ConcurrentHashMap<>();
    private final Map<CapabilitySet, byte[]> boundaries = new ConcurrentHashMap<>();

    Filters(Arch arch) {
      this.arch = arch;
    }

    /**
     * The filter for a container.
     *
     * @param ownPids whether it sees no processes but its own, so that it may trace what it sees
     */
    byte[] of(CapabilitySet kept, boolean ownPids) {
      return ownPids
          ? alone.computeIfAbsent(kept, set -> SeccompPolicy.standard(arch, set).assemble())
          : amongOthers.computeIfAbsent(
              kept, set -> SeccompPolicy.standardAmongOthers(arch, set).assemble());
    }
  }

  /** The filter of a container. */
  private byte[] filterOf() {
    if (spec.boundary()) {
      return filters.boundaries.computeIfAbsent(
          spec.capabilities(), set -> SeccompPolicy.boundary(filters.arch, set).assemble());
    }
    boolean ownPids = spec.namespace(NamespaceKind.PID) instanceof NamespaceRequest.New;
    return filters.of(spec.capabilities(), ownPids);
  }

  /** What a process does about its groups, which its user namespace may keep from it. */
  enum Groups {
    /** It sets them. */
    SET,
    /** It keeps them: an unprivileged user who mapped by himself had to deny setgroups(2). */
    KEPT,
    /** It sets them unless that was denied: its user namespace is another's. */
    WHERE_ALLOWED
  }

  private final ContainerSpec spec;
  private final Groups groups;
  private final Filters filters;

  /** For one container. */
  CredentialSteps(ContainerSpec spec, Groups groups, Filters filters) {
    this.spec = spec;
    this.groups = groups;
    this.filters = filters;
  }

  /** Gives up all capabilities but those to be kept, and becomes the user. */
  void drop(Steps steps) {
    var kept = spec.capabilities();
    steps.because(kept.equals(CapabilitySet.CONTAINER_DEFAULT) ? "default: capabilities" : "--cap");
    var note = new Step.Note("dropping capabilities from the bounding set", steps.because());
    steps.add(
        new Step.DropBounding(note, "all but " + kept, CapabilitySet.ALL.without(kept).mask()));
    become(steps, spec.identity().orElse(IdentityRequest.ROOT));
    steps.because(kept.equals(CapabilitySet.CONTAINER_DEFAULT) ? "default: capabilities" : "--cap");
    boolean root = spec.identity().orElse(IdentityRequest.ROOT).uid() == 0;
    steps.call(
        "setting the capabilities",
        Sys.CAPSET,
        Operand.address(new Datum.Bytes("header", capabilityHeader())),
        Operand.address(
            new Datum.Bytes(
                root ? kept.toString() : "none", capabilityData(root ? kept.mask() : 0))));
    if (spec.noNewPrivileges()) {
      steps.because("default: no new privileges");
      prctl(steps, "giving up new privileges", PR_SET_NO_NEW_PRIVS, 1);
    }
  }

  private void become(Steps steps, IdentityRequest identity) {
    steps.because("user " + identity.uid() + ":" + identity.gid());
    if (identity.uid() != 0) {
      prctl(steps, "keeping capabilities until they are set", PR_SET_KEEPCAPS, 1);
    }
    var list = ByteBuffer.allocate(4 * identity.groups().size()).order(ByteOrder.LITTLE_ENDIAN);
    identity.groups().forEach(list::putInt);
    setGroups(
        steps,
        "setting the groups",
        Operand.number(identity.groups().size()),
        Operand.address(new Datum.Bytes("groups " + identity.groups(), list.array())));
    var gid = Operand.number(identity.gid());
    var uid = Operand.number(identity.uid());
    steps.call("becoming group " + identity.gid(), Sys.SETRESGID, gid, gid, gid);
    steps.call("becoming user " + identity.uid(), Sys.SETRESUID, uid, uid, uid);
  }

  /** Leaves all groups that it has from outside. */
  void leaveGroups(Steps steps) {
    setGroups(steps, "leaving all groups", Operand.number(0), Operand.number(0));
  }

  private void setGroups(Steps steps, String what, Operand count, Operand list) {
    switch (groups) {
      case SET -> steps.call(what, Sys.SETGROUPS, count, list);
      case KEPT -> {}
      case WHERE_ALLOWED ->
          steps.call(what, OnError.allow(Errno.EPERM), Sys.SETGROUPS, count, list);
    }
  }

  static void prctl(Steps steps, String what, int option, long value) {
    steps.call(
        what,
        Sys.PRCTL,
        Operand.number(option, Notation.PRCTL),
        Operand.number(value),
        Operand.number(0),
        Operand.number(0),
        Operand.number(0));
  }

  private static byte[] capabilityHeader() {
    return ByteBuffer.allocate(8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(CAPABILITY_VERSION_3)
        .array();
  }

  /**
   * struct __user_cap_data_struct twice: effective, permitted, inheritable; low words, high words.
   */
  private static byte[] capabilityData(long mask) {
    int low = (int) mask;
    int high = (int) (mask >>> 32);
    return ByteBuffer.allocate(24)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(low)
        .putInt(low)
        .putInt(0)
        .putInt(high)
        .putInt(high)
        .putInt(0)
        .array();
  }

  /** Puts the system call filter in force; struct sock_fprog is a length and a pointer. */
  void filter(Steps steps) {
    if (!spec.seccomp()) {
      return;
    }
    steps.because(spec.boundary() ? "--boundary: seccomp" : "default: seccomp");
    byte[] filter = filterOf();
    var program =
        new Datum.Words(
            "filter of " + filter.length / 8 + " instructions",
            List.of(
                Operand.number(filter.length / 8),
                Operand.address(new Datum.Bytes("instructions", filter))));
    steps.call(
        "installing the system call filter",
        Sys.SECCOMP,
        Operand.number(SECCOMP_SET_MODE_FILTER),
        Operand.number(0),
        Operand.address(program));
  }

  /** Resource limits of the calling process. */
  void rlimits(Steps steps) {
    for (Rlimit limit : spec.rlimits()) {
      steps.because("--rlimit");
      steps.call(
          "setting the limit of " + limit.resource(),
          Sys.PRLIMIT64,
          Operand.number(0),
          Operand.number(limit.resource().number()),
          Operand.address(
              new Datum.Words(
                  limit.soft() + ":" + limit.hard(),
                  List.of(
                      Operand.number(limit.soft(), Notation.HEX),
                      Operand.number(limit.hard(), Notation.HEX)))),
          Operand.number(0));
    }
  }
}
