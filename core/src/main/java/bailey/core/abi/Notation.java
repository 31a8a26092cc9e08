package bailey.core.abi;

import java.util.Locale;

/** How a number of a system call is written for people, as strace does. */
public enum Notation {
  /** A plain decimal number. */
  DECIMAL(""),
  /** A file mode. */
  OCTAL(""),
  /** Bits without names. */
  HEX(""),
  /** A file descriptor; -100 is AT_FDCWD. */
  DESCRIPTOR(""),
  /** mount(2). */
  MOUNT(
      "RDONLY=1 NOSUID=2 NODEV=4 NOEXEC=8 REMOUNT=20 BIND=1000 REC=4000 PRIVATE=40000 SLAVE=80000"
          + " RELATIME=200000 STRICTATIME=1000000",
      "MS_"),
  /** clone3(2), unshare(2), setns(2). */
  CLONE(
      "NEWTIME=80 PIDFD=1000 PARENT=8000 NEWNS=20000 NEWCGROUP=2000000 NEWUTS=4000000"
          + " NEWIPC=8000000 NEWUSER=10000000 NEWPID=20000000 NEWNET=40000000"
          + " INTO_CGROUP=200000000",
      "CLONE_"),
  /** openat(2). */
  OPEN(
      "WRONLY=1 RDWR=2 CREAT=40 EXCL=80 NOCTTY=100 TRUNC=200 APPEND=400 NONBLOCK=800"
          + " DIRECTORY=10000 NOFOLLOW=20000 CLOEXEC=80000 PATH=200000",
      "O_"),
  /** open_tree(2): its own flag shares a word with O_CLOEXEC and the AT_ flags. */
  OPEN_TREE("OPEN_TREE_CLONE=1 AT_EMPTY_PATH=1000 AT_RECURSIVE=8000 OPEN_TREE_CLOEXEC=80000", ""),
  /** The AT_ flags. */
  AT("SYMLINK_NOFOLLOW=100 REMOVEDIR=200 EMPTY_PATH=1000 RECURSIVE=8000", "AT_"),
  /** move_mount(2). */
  MOVE_MOUNT("F_EMPTY_PATH=4 T_EMPTY_PATH=40", "MOVE_MOUNT_"),
  /** umount2(2). */
  UMOUNT("DETACH=2", "MNT_"),
  /** Operations of prctl(2): one, not a set of bits. */
  PRCTL(
      "PR_SET_PDEATHSIG=1 PR_SET_DUMPABLE=4 PR_SET_KEEPCAPS=8 PR_CAPBSET_DROP=18"
          + " PR_SET_NO_NEW_PRIVS=26 PR_SET_CHILD_SUBREAPER=24",
      ""),
  /** Requests of ioctl(2): one, not a set of bits. */
  IOCTL(
      "TIOCSPTLCK=40045431 TIOCGPTPEER=5441 TIOCSCTTY=540e TIOCGWINSZ=5413 TIOCSWINSZ=5414"
          + " SIOCGIFINDEX=8933 SIOCSIFFLAGS=8914",
      "");

  @SuppressWarnings("ImmutableEnumChecker") // never written after construction
  private final String[] names;

  @SuppressWarnings("ImmutableEnumChecker") // never written after construction
  private final long[] bits;

  Notation(String table) {
    this(table, "");
  }

  Notation(String table, String prefix) {
    var entries = table.isEmpty() ? new String[0] : table.split(" ", -1);
    names = new String[entries.length];
    bits = new long[entries.length];
    for (int i = 0; i < entries.length; i++) {
      int equals = entries[i].indexOf('=');
      names[i] = prefix + entries[i].substring(0, equals);
      bits[i] = Long.parseLong(entries[i].substring(equals + 1), 16);
    }
  }

  /**
   * The text of {@code value}: flag names joined by {@code |}, bits without a name in hexadecimal.
   */
  public String text(long value) {
    return switch (this) {
      case DECIMAL -> Long.toString(value);
      case OCTAL -> String.format(Locale.ROOT, "%04o", value);
      case HEX -> "0x" + Long.toHexString(value);
      case DESCRIPTOR -> value == Flags.AT_FDCWD ? "AT_FDCWD" : Long.toString(value);
      case PRCTL, IOCTL -> name(value);
      default -> flags(value);
    };
  }

  private String name(long value) {
    for (int i = 0; i < names.length; i++) {
      if (bits[i] == value) {
        return names[i];
      }
    }
    return Long.toString(value);
  }

  private String flags(long value) {
    if (value == 0) {
      return "0";
    }
    var text = new StringBuilder();
    long rest = value;
    for (int i = 0; i < names.length; i++) {
      if ((rest & bits[i]) == bits[i]) {
        text.append(text.isEmpty() ? "" : "|").append(names[i]);
        rest &= ~bits[i];
      }
    }
    if (rest != 0) {
      text.append(text.isEmpty() ? "" : "|").append("0x").append(Long.toHexString(rest));
    }
    return text.toString();
  }
}
