package bailey.linux.probe;

import bailey.core.abi.Arch;
import bailey.core.kept.Fact;
import bailey.core.kernel.HostMount;
import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.KernelFeatures.IdRange;
import bailey.linux.proc.AuxiliaryVector;
import bailey.linux.proc.CgroupMembership;
import bailey.linux.proc.FileSystemTypes;
import bailey.linux.proc.KernelFile;
import bailey.linux.proc.MountEntry;
import bailey.linux.proc.SubordinateIds;
import bailey.linux.proc.TaskStatus;
import bailey.linux.proc.UserName;
import java.io.File;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes the snapshot of the machine that plans are made for. Reads files only. */
public final class KernelProbe {
  /** Folders in which a set-uid program may be (the last one is that of NixOS). */
  private static final String[] PROGRAM_FOLDERS = {
    "/usr/bin/", "/bin/", "/usr/local/bin/", "/usr/sbin/", "/sbin/", "/run/wrappers/bin/"
  };

  /**
   * Directories of procfs that are made to be mounted on and are always empty, so that a mount on
   * them hides nothing (proc_create_mount_point() and register_sysctl_mount_point() in the kernel).
   */
  private static final Set<String> MEANT_TO_BE_COVERED =
      Set.of("/proc/sys/fs/binfmt_misc", "/proc/fs/nfsd", "/proc/openprom");

  /** File systems that bailey mounts, with the folder of their module below kernel/fs. */
  private static final String[][] MODULES = {
    {"overlay", "overlayfs/overlay"},
    {"fuse", "fuse/fuse"},
    {"squashfs", "squashfs/squashfs"},
    {"erofs", "erofs/erofs"},
    {"btrfs", "btrfs/btrfs"},
    {"xfs", "xfs/xfs"}
  };

  static final String MOUNTS = "/proc/self/mountinfo";

  private KernelProbe() {}

  /**
   * The snapshot.
   *
   * @throws IllegalStateException if /proc is not there or cannot be read
   * @throws IllegalArgumentException on an architecture that bailey has no numbers for
   */
  public static KernelFeatures features() {
    return features(
        KernelFile.readOrEmpty(MOUNTS),
        KernelFile.readOrEmpty("/proc/self/cgroup"),
        new Looks(),
        new ArrayList<>());
  }

  /**
   * The snapshot for another process that differs from this one in nothing but its control groups.
   *
   * @param mountText what {@link #MOUNTS} tells
   * @param groupText what the file cgroup of that process tells
   * @param looks by which is looked at what may be different a moment later, besides these
   * @param seen gets the texts that may be others a moment later: of mounts, groups, controllers
   */
  static KernelFeatures features(String mountText, String groupText, Looks looks, List<Fact> seen) {
    seen.add(new Fact.Text(MOUNTS, mountText));
    seen.add(new Fact.Text("/proc/self/cgroup", groupText)); // as that process calls the file
    var mounts = MountEntry.parseAll(mountText);
    var membership = CgroupMembership.parse(groupText);
    var status = TaskStatus.read();
    if (status.isEmpty()) {
      throw new IllegalStateException(
          "reading /proc/self/status failed; bailey needs /proc mounted: mount -t proc proc /proc");
    }
    var task = status.get();
    int uid = task.uids().get(1).intValue();
    int gid = task.gids().get(1).intValue();
    var cgroups = CgroupProbe.layout(mounts, membership, uid, looks, seen);
    String release = KernelFile.readOrEmpty("/proc/sys/kernel/osrelease").strip();
    return new KernelFeatures(
        Arch.of(System.getProperty("os.arch")),
        release,
        uid,
        gid,
        task.capabilities().getOrDefault("CapEff", 0L),
        cgroups,
        CgroupProbe.features(cgroups, AuxiliaryVector.pageSize(), looks),
        namespaces(),
        fileSystems(release, looks),
        subordinate("/etc/subuid", uid, looks),
        subordinate("/etc/subgid", uid, looks),
        program("newuidmap", looks),
        program("newgidmap", looks),
        covered(mounts),
        SurroundingsProbe.surroundings(membership));
  }

  /** All mounts that this process sees, in the order in which they were made. */
  public static List<HostMount> mounts() {
    return mounts(MountEntry.readAll());
  }

  static List<HostMount> mounts(List<MountEntry> entries) {
    var mounts = new ArrayList<HostMount>();
    for (var entry : entries) {
      mounts.add(new HostMount(entry.point(), entry.root(), entry.type(), entry.options()));
    }
    return mounts;
  }

  private static Set<String> namespaces() {
    var names = new HashSet<String>();
    var links = new File("/proc/self/ns").list();
    if (links != null) {
      for (var link : links) {
        if (!link.endsWith("_for_children")) {
          names.add(link);
        }
      }
    }
    return names;
  }

  private static Set<String> fileSystems(String release, Looks looks) {
    var types = new HashSet<>(FileSystemTypes.parse(looks.text("/proc/filesystems")).names());
    String folder = "/lib/modules/" + release + "/kernel/fs/";
    for (var module : MODULES) {
      if (!types.contains(module[0]) && isModule(folder.concat(module[1]), looks)) {
        types.add(module[0]);
      }
    }
    return types;
  }

  private static boolean isModule(String file, Looks looks) {
    return looks.exists(file.concat(".ko.xz"))
        || looks.exists(file.concat(".ko.zst"))
        || looks.exists(file.concat(".ko"))
        || looks.exists(file.concat(".ko.gz"));
  }

  /** The ranges of the user's name or number that fit a signed number. */
  private static List<IdRange> subordinate(String file, int uid, Looks looks) {
    var all = SubordinateIds.parseAll(looks.text(file));
    if (all.isEmpty()) {
      return List.of();
    }
    var users = looks.text("/etc/passwd");
    return ranges(all, UserName.find(users, Integer.toUnsignedLong(uid)).orElse(""), uid);
  }

  static List<IdRange> ranges(List<SubordinateIds> all, String name, int uid) {
    String number = Integer.toUnsignedString(uid);
    var ranges = new ArrayList<IdRange>();
    for (var range : all) {
      boolean own = range.owner().equals(name) || range.owner().equals(number);
      if (own && range.first() <= Integer.MAX_VALUE) {
        long count = Math.min(range.count(), Integer.MAX_VALUE - range.first());
        ranges.add(new IdRange((int) range.first(), (int) count));
      }
    }
    return ranges;
  }

  private static String program(String name, Looks looks) {
    for (var folder : PROGRAM_FOLDERS) {
      String path = folder.concat(name);
      if (looks.executable(path)) {
        return path;
      }
    }
    return "";
  }

  /**
   * Whether a part of /proc is covered by another mount: then mount_too_revealing() of the kernel
   * refuses a new procfs to a user namespace that is not the machine's first.
   */
  static boolean covered(List<MountEntry> mounts) {
    for (var mount : mounts) {
      if (mount.point().startsWith("/proc/") && !MEANT_TO_BE_COVERED.contains(mount.point())) {
        return true;
      }
    }
    return false;
  }
}
