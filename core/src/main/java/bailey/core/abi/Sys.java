package bailey.core.abi;

import java.util.Locale;

/**
 * The system calls that plans and the JVM make, with their numbers (asm/unistd_64.h for x86-64,
 * asm-generic/unistd.h for aarch64). Only calls that every architecture has: the {@code *at} forms.
 */
@SuppressWarnings("MissingSummary") // each constant is the call of section 2 of the manual
public enum Sys {
  ACCEPT4(288, 242),
  BIND(49, 200),
  BPF(321, 280),
  CAPSET(126, 91),
  CHDIR(80, 49),
  CHROOT(161, 51),
  CLOCK_GETTIME(228, 113),
  CLONE3(435, 435),
  CLOSE(3, 57),
  CLOSE_RANGE(436, 436),
  CONNECT(42, 203),
  DUP(32, 23),
  DUP3(292, 24),
  EPOLL_CREATE1(291, 20),
  EPOLL_CTL(233, 21),
  EPOLL_PWAIT(281, 22),
  EXECVE(59, 221),
  EXECVEAT(322, 281),
  EXIT_GROUP(231, 94),
  FACCESSAT2(439, 439),
  FCHDIR(81, 50),
  FCHMODAT(268, 53),
  FCHOWNAT(260, 54),
  FCNTL(72, 25),
  FSCONFIG(431, 431),
  FSMOUNT(432, 432),
  FSOPEN(430, 430),
  FSTATFS(138, 44),
  GETCPU(309, 168),
  GETPID(39, 172),
  GETSOCKOPT(55, 209),
  GETTID(186, 178),
  IOCTL(16, 29),
  IOPRIO_SET(251, 30),
  KEYCTL(250, 219),
  KILL(62, 129),
  LISTEN(50, 201),
  MADVISE(28, 233),
  MEMFD_CREATE(319, 279),
  MKDIRAT(258, 34),
  MKNODAT(259, 33),
  MOUNT(165, 40),
  MOUNT_SETATTR(442, 442),
  MOVE_MOUNT(429, 429),
  OPENAT(257, 56),
  OPENAT2(437, 437),
  OPEN_TREE(428, 428),
  PERSONALITY(135, 92),
  PIDFD_GETFD(438, 438),
  PIDFD_OPEN(434, 434),
  PIDFD_SEND_SIGNAL(424, 424),
  PIPE2(293, 59),
  PIVOT_ROOT(155, 41),
  PPOLL(271, 73),
  PRCTL(157, 167),
  PREAD64(17, 67),
  PRLIMIT64(302, 261),
  READ(0, 63),
  READLINKAT(267, 78),
  RECVMSG(47, 212),
  RENAMEAT2(316, 276),
  RT_SIGPROCMASK(14, 135),
  SCHED_GETAFFINITY(204, 123),
  SCHED_SETAFFINITY(203, 122),
  SCHED_SETATTR(314, 274),
  SECCOMP(317, 277),
  SENDMSG(46, 211),
  SETDOMAINNAME(171, 162),
  SETGROUPS(116, 159),
  SETHOSTNAME(170, 161),
  SETNS(308, 268),
  SETPGID(109, 154),
  SETRESGID(119, 149),
  SETRESUID(117, 147),
  SETSID(112, 157),
  SET_MEMPOLICY(238, 237),
  SETSOCKOPT(54, 208),
  SHUTDOWN(48, 210),
  SOCKET(41, 198),
  SOCKETPAIR(53, 199),
  STATX(332, 291),
  SYMLINKAT(266, 36),
  TRUNCATE(76, 45),
  UMASK(95, 166),
  UMOUNT2(166, 39),
  UNLINKAT(263, 35),
  UNSHARE(272, 97),
  WAITID(247, 95),
  WRITE(1, 64);

  private final int x86;
  private final int arm;

  Sys(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
  }

  /** The number of this call on {@code arch}. */
  public int number(Arch arch) {
    return switch (arch) {
      case X86_64 -> x86;
      case AARCH64 -> arm;
    };
  }

  /** The name of this call as the manual has it. */
  public String callName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the result of this call is a new file descriptor. */
  public boolean opens() {
    return switch (this) {
      case ACCEPT4,
          DUP,
          FSMOUNT,
          FSOPEN,
          MEMFD_CREATE,
          OPENAT,
          OPENAT2,
          OPEN_TREE,
          PIDFD_GETFD,
          PIDFD_OPEN,
          SOCKET ->
          true;
      default -> false;
    };
  }
}
