package bailey.oci.runtime;

import bailey.core.abi.Flags;
import bailey.core.bundle.BundleMount;
import bailey.core.bundle.BundleMount.Kind;
import bailey.core.bundle.BundleMount.MountAttributes;
import bailey.core.bundle.BundleMount.OwnerMap;
import bailey.core.bundle.IdRange;
import bailey.core.error.BadRequest;
import bailey.oci.config.IdMapping;
import bailey.oci.config.OciMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A mount as config.json has it, as the kernel has it (OCI runtime-spec, config.md, "Linux mount
 * options").
 */
final class MountMapping {
  /** A bit of mount_setattr(2) that an option sets or clears. */
  private record Change(long bit, boolean set) {}

  private static final Map<String, Change> ATTRIBUTES =
      Map.ofEntries(
          Map.entry("ro", new Change(Flags.MOUNT_ATTR_RDONLY, true)),
          Map.entry("rw", new Change(Flags.MOUNT_ATTR_RDONLY, false)),
          Map.entry("nosuid", new Change(Flags.MOUNT_ATTR_NOSUID, true)),
          Map.entry("suid", new Change(Flags.MOUNT_ATTR_NOSUID, false)),
          Map.entry("nodev", new Change(Flags.MOUNT_ATTR_NODEV, true)),
          Map.entry("dev", new Change(Flags.MOUNT_ATTR_NODEV, false)),
          Map.entry("noexec", new Change(Flags.MOUNT_ATTR_NOEXEC, true)),
          Map.entry("exec", new Change(Flags.MOUNT_ATTR_NOEXEC, false)),
          Map.entry("nodiratime", new Change(Flags.MOUNT_ATTR_NODIRATIME, true)),
          Map.entry("diratime", new Change(Flags.MOUNT_ATTR_NODIRATIME, false)),
          Map.entry("nosymfollow", new Change(Flags.MOUNT_ATTR_NOSYMFOLLOW, true)),
          Map.entry("symfollow", new Change(Flags.MOUNT_ATTR_NOSYMFOLLOW, false)),
          Map.entry("noatime", new Change(Flags.MOUNT_ATTR_NOATIME, true)),
          Map.entry("strictatime", new Change(Flags.MOUNT_ATTR_STRICTATIME, true)),
          Map.entry("relatime", new Change(0, true)),
          Map.entry("atime", new Change(0, true)),
          Map.entry("nostrictatime", new Change(0, true)),
          Map.entry("norelatime", new Change(Flags.MOUNT_ATTR_STRICTATIME, true)));

  private static final Set<String> ACCESS_TIMES =
      Set.of("noatime", "strictatime", "relatime", "atime", "nostrictatime", "norelatime");

  private static final Map<String, Long> PROPAGATION =
      Map.of(
          "private",
          Flags.MS_PRIVATE,
          "slave",
          Flags.MS_SLAVE,
          "shared",
          Flags.MS_SHARED,
          "unbindable",
          Flags.MS_UNBINDABLE,
          "rprivate",
          Flags.MS_PRIVATE | Flags.MS_REC,
          "rslave",
          Flags.MS_SLAVE | Flags.MS_REC,
          "rshared",
          Flags.MS_SHARED | Flags.MS_REC,
          "runbindable",
          Flags.MS_UNBINDABLE | Flags.MS_REC);

  /** Options that mean nothing here: the default, or something that kernels have given up. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "defaults",
          "async",
          "loud",
          "silent",
          "nomand",
          "mand",
          "iversion",
          "noiversion",
          "nolazytime",
          "bind",
          "rbind");

  /** File systems of which each mount is read-only by itself. */
  private static final Set<String> SHARED_BY_MOUNTS =
      Set.of("proc", "sysfs", "tmpfs", "mqueue", "devpts", "cgroup", "cgroup2");

  /** What may be mounted over in /proc: files that lxcfs serves, as with other runtimes. */
  private static final Set<String> SERVED =
      Set.of(
          "/proc/cpuinfo",
          "/proc/diskstats",
          "/proc/meminfo",
          "/proc/stat",
          "/proc/swaps",
          "/proc/uptime",
          "/proc/loadavg",
          "/proc/slabinfo",
          "/proc/sys/kernel/ns_last_pid",
          "/proc/sys/crypto/fips_enabled");

  private final OciMount mount;
  private final String at;
  private final Files files;
  private final List<String> parameters = new ArrayList<>();
  private final List<Long> propagation = new ArrayList<>();
  private long set;
  private long cleared;
  private long setBelow;
  private long clearedBelow;
  private boolean remount;
  private boolean tree;
  private boolean copiesUp;
  private @Nullable String idmap;

  /** What has to be known of files of the machine. */
  interface Files {
    /** A source as an absolute path. */
    String absolute(String source);

    /** Whether that is there and no directory. */
    boolean isFile(String path);

    /** Whether that is on a proc file system. */
    boolean isProc(String path);
  }

  private MountMapping(OciMount mount, int index, Files files) {
    this.mount = mount;
    this.at = "mounts[" + index + "]";
    this.files = files;
  }

  /**
   * The mount.
   *
   * @param index of it in the list, for errors
   * @param label SELinux context of its files
   * @throws BadRequest if it cannot be had
   */
  static BundleMount of(OciMount mount, int index, Files files, @Nullable String label) {
    return new MountMapping(mount, index, files).map(label);
  }

  /** All options that are no file system's. */
  static List<String> options() {
    var all = new TreeSet<String>(PROPAGATION.keySet());
    all.addAll(ATTRIBUTES.keySet());
    ATTRIBUTES.keySet().forEach(option -> all.add("r" + option));
    all.addAll(WITHOUT_EFFECT);
    all.addAll(List.of("rbind", "remount", "tmpcopyup", "idmap", "ridmap"));
    return List.copyOf(all);
  }

  private BundleMount map(@Nullable String label) {
    mount.options().forEach(this::option);
    String destination = clean(mount.destination());
    if (destination.equals("/")) {
      throw new BadRequest(
          at + ".destination: / is the root itself; name a directory in it, or another root.path");
    }
    String type = mount.type() == null ? "" : mount.type();
    boolean bind = mount.bind() || type.equals("bind") || type.equals("rbind");
    var kind = kind(type, bind);
    String source = mount.source() == null ? type : mount.source();
    if (kind == Kind.BIND || kind == Kind.BIND_TREE) {
      source = bindSource();
    }
    checkProc(destination, type, bind, source);
    if (label != null
        && kind == Kind.FILE_SYSTEM
        && !type.equals("proc")
        && !type.equals("sysfs")) {
      parameters.add("context=" + label);
    }
    if (kind == Kind.FILE_SYSTEM
        && (set & Flags.MOUNT_ATTR_RDONLY) != 0
        && !SHARED_BY_MOUNTS.contains(type)) {
      parameters.add("ro");
    }
    return new BundleMount(
        kind,
        type,
        source,
        destination,
        bind && files.isFile(source),
        new MountAttributes(set, cleared, setBelow, clearedBelow),
        propagation,
        bind ? List.of() : parameters,
        copiesUp && type.equals("tmpfs"),
        owners());
  }

  private Kind kind(String type, boolean bind) {
    if (remount) {
      return Kind.REMOUNT;
    }
    if (bind) {
      return tree || type.equals("rbind") ? Kind.BIND_TREE : Kind.BIND;
    }
    if (type.isEmpty()) {
      throw new BadRequest(
          at + ".type: it is missing; name a file system, or bind among the options");
    }
    return type.equals("cgroup") || type.equals("cgroup2") ? Kind.CONTROL_GROUPS : Kind.FILE_SYSTEM;
  }

  private String bindSource() {
    if (mount.source() == null || mount.source().isEmpty()) {
      throw new BadRequest(at + ".source: it is missing; name what is to be bound");
    }
    return files.absolute(mount.source());
  }

  private Optional<OwnerMap> owners() {
    if (idmap == null && mount.uidMappings().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new OwnerMap(
            ranges(mount.uidMappings()),
            ranges(mount.gidMappings()),
            idmap != null && idmap.equals("ridmap")));
  }

  static List<IdRange> ranges(List<IdMapping> mappings) {
    return mappings.stream()
        .map(line -> new IdRange(line.containerId(), line.hostId(), line.size()))
        .toList();
  }

  private void option(String option) {
    var propagated = PROPAGATION.get(option);
    if (propagated != null) {
      propagation.add(propagated);
    } else if (ATTRIBUTES.containsKey(option)) {
      attribute(option, false);
    } else if (option.startsWith("r") && ATTRIBUTES.containsKey(option.substring(1))) {
      attribute(option.substring(1), true);
    } else {
      tree |= option.equals("rbind");
      remount |= option.equals("remount");
      copiesUp |= option.equals("tmpcopyup");
      if (option.equals("idmap") || option.equals("ridmap")) {
        idmap = option;
      } else if (!WITHOUT_EFFECT.contains(option)
          && !option.equals("remount")
          && !option.equals("tmpcopyup")) {
        parameters.add(option);
      }
    }
  }

  /** How access times are kept is one of several: the kernel wants all its bits cleared first. */
  private void attribute(String option, boolean below) {
    var change = ATTRIBUTES.get(option);
    if (change == null) {
      throw new IllegalArgumentException(option);
    }
    long clear = ACCESS_TIMES.contains(option) ? Flags.MOUNT_ATTR__ATIME : change.bit();
    long give = change.set() ? change.bit() : 0;
    if (below) {
      setBelow = (setBelow & ~clear) | give;
      clearedBelow |= (clear & ~give) | (ACCESS_TIMES.contains(option) ? clear : 0);
    } else {
      set = (set & ~clear) | give;
      cleared |= (clear & ~give) | (ACCESS_TIMES.contains(option) ? clear : 0);
    }
    if (change.set() && !ACCESS_TIMES.contains(option)) {
      cleared &= below ? -1 : ~give;
      clearedBelow &= below ? ~give : -1;
    }
  }

  /** What decides about processes and the kernel is not to be replaced by somebody's files. */
  private void checkProc(String destination, String type, boolean bind, String source) {
    boolean proc = destination.equals("/proc");
    boolean inProc = destination.startsWith("/proc/");
    if (inProc && !SERVED.contains(destination) && !destination.startsWith("/proc/net/dev")) {
      throw new BadRequest(
          at
              + ".destination: "
              + destination
              + " is in /proc, where only files may be replaced that tell of resources, such as"
              + " /proc/meminfo; leave it out");
    }
    if (proc && remount) {
      return;
    }
    if (proc && !type.equals("proc") && !(bind && files.isProc(source))) {
      throw new BadRequest(
          at + ".type: only a proc file system may be mounted on /proc; write \"type\": \"proc\"");
    }
  }

  /** Without {@code .}, {@code ..} and empty parts: {@code ..} at the top stays there. */
  static String clean(String path) {
    var parts = new ArrayList<String>();
    for (var part : path.split("/", -1)) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return "/" + String.join("/", parts);
  }
}
