package bailey.core.abi;

/**
 * Flag bits of system calls, by the kernel's names (linux/mount.h, linux/sched.h,
 * asm-generic/fcntl.h and others). Values that differ between architectures are not here but in
 * {@link OpenFlags}.
 */
public final class Flags {
  /** mount(2). */
  public static final long MS_RDONLY = 1;

  /** mount(2). */
  public static final long MS_NOSUID = 2;

  /** mount(2). */
  public static final long MS_NODEV = 4;

  /** mount(2). */
  public static final long MS_NOEXEC = 8;

  /** mount(2). */
  public static final long MS_REMOUNT = 32;

  /** mount(2). */
  public static final long MS_BIND = 4096;

  /** mount(2). */
  public static final long MS_REC = 16384;

  /** mount(2). */
  public static final long MS_PRIVATE = 1 << 18;

  /** mount(2). */
  public static final long MS_SLAVE = 1 << 19;

  /** mount(2). */
  public static final long MS_UNBINDABLE = 1 << 17;

  /** mount(2). */
  public static final long MS_SHARED = 1 << 20;

  /** mount(2). */
  public static final long MS_RELATIME = 1 << 21;

  /** mount(2). */
  public static final long MS_STRICTATIME = 1 << 24;

  /** umount2(2). */
  public static final long MNT_DETACH = 2;

  /** mount_setattr(2). */
  public static final long MOUNT_ATTR_RDONLY = 1;

  /** mount_setattr(2). */
  public static final long MOUNT_ATTR_NOSUID = 2;

  /** mount_setattr(2). */
  public static final long MOUNT_ATTR_NODEV = 4;

  /** mount_setattr(2). */
  public static final long MOUNT_ATTR_NOEXEC = 8;

  /** mount_setattr(2): the bits in which it is said how access times are kept. */
  public static final long MOUNT_ATTR__ATIME = 0x70;

  /** mount_setattr(2). */
  public static final long MOUNT_ATTR_NOATIME = 0x10;

  /** mount_setattr(2). */
  public static final long MOUNT_ATTR_STRICTATIME = 0x20;

  /** mount_setattr(2). */
  public static final long MOUNT_ATTR_NODIRATIME = 0x80;

  /** mount_setattr(2). Linux 5.14. */
  public static final long MOUNT_ATTR_NOSYMFOLLOW = 0x200000;

  /** mount_setattr(2): maps the owners of files through a user namespace. Linux 5.12. */
  public static final long MOUNT_ATTR_IDMAP = 0x100000;

  /** open_tree(2). */
  public static final long OPEN_TREE_CLONE = 1;

  /** The {@code *at} calls: the path is relative to the working directory. */
  public static final long AT_FDCWD = -100;

  /** The {@code *at} calls: do not follow a link in the last component. */
  public static final long AT_SYMLINK_NOFOLLOW = 0x100;

  /** unlinkat(2): remove a directory. */
  public static final long AT_REMOVEDIR = 0x200;

  /** faccessat2(2): what the effective ids may do. */
  public static final long AT_EACCESS = 0x200;

  /** The {@code *at} calls: an empty path means the descriptor itself. */
  public static final long AT_EMPTY_PATH = 0x1000;

  /** open_tree(2), mount_setattr(2): the whole tree of mounts. */
  public static final long AT_RECURSIVE = 0x8000;

  /** move_mount(2): the source is the descriptor itself. */
  public static final long MOVE_MOUNT_F_EMPTY_PATH = 4;

  /** move_mount(2): the target is the descriptor itself. */
  public static final long MOVE_MOUNT_T_EMPTY_PATH = 0x40;

  /** openat2(2): the directory is the root: no link and no {@code ..} leads out of it. */
  public static final long RESOLVE_IN_ROOT = 16;

  /** openat2(2): the links in /proc that lead to what a process has open are not followed. */
  public static final long RESOLVE_NO_MAGICLINKS = 2;

  /** openat2(2): no link is followed. */
  public static final long RESOLVE_NO_SYMLINKS = 4;

  /** clone3(2), unshare(2), setns(2). */
  public static final long CLONE_NEWTIME = 0x80;

  /** clone3(2): a descriptor of the child. */
  public static final long CLONE_PIDFD = 0x1000;

  /** clone3(2): the child is one of the caller's parent. */
  public static final long CLONE_PARENT = 0x8000;

  /** clone3(2), unshare(2), setns(2). */
  public static final long CLONE_NEWNS = 0x20000;

  /** clone3(2), unshare(2), setns(2). */
  public static final long CLONE_NEWCGROUP = 0x2000000;

  /** clone3(2), unshare(2), setns(2). */
  public static final long CLONE_NEWUTS = 0x4000000;

  /** clone3(2), unshare(2), setns(2). */
  public static final long CLONE_NEWIPC = 0x8000000;

  /** clone3(2), unshare(2), setns(2). */
  public static final long CLONE_NEWUSER = 0x10000000;

  /** clone3(2), unshare(2), setns(2). */
  public static final long CLONE_NEWPID = 0x20000000;

  /** clone3(2), unshare(2), setns(2). */
  public static final long CLONE_NEWNET = 0x40000000;

  /** clone3(2): the child starts in the cgroup of a descriptor. Linux 5.7. */
  public static final long CLONE_INTO_CGROUP = 0x200000000L;

  /** close_range(2): mark instead of close. Linux 5.11. */
  public static final long CLOSE_RANGE_CLOEXEC = 4;

  private Flags() {}

  /** Flag bits that openat(2) takes; O_DIRECTORY and O_NOFOLLOW differ between architectures. */
  public static final class OpenFlags {
    /** Write only. */
    public static final long O_WRONLY = 1;

    /** Read and write. */
    public static final long O_RDWR = 2;

    /** Create. */
    public static final long O_CREAT = 0x40;

    /** Fail if it exists. */
    public static final long O_EXCL = 0x80;

    /** Do not become the controlling terminal. */
    public static final long O_NOCTTY = 0x100;

    /** Empty the file. */
    public static final long O_TRUNC = 0x200;

    /** Write at the end. */
    public static final long O_APPEND = 0x400;

    /** Do not wait. */
    public static final long O_NONBLOCK = 0x800;

    /** Close at exec. */
    public static final long O_CLOEXEC = 0x80000;

    /** A handle of the place only. */
    public static final long O_PATH = 0x200000;

    private OpenFlags() {}

    /** Only a directory. */
    public static long directory(Arch arch) {
      return arch == Arch.AARCH64 ? 0x4000 : 0x10000;
    }

    /** Do not follow a link in the last component. */
    public static long noFollow(Arch arch) {
      return arch == Arch.AARCH64 ? 0x8000 : 0x20000;
    }
  }
}
