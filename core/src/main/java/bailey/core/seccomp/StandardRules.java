package bailey.core.seccomp;

import static bailey.core.seccomp.ArgTest.Comparison.GE;
import static bailey.core.seccomp.ArgTest.Comparison.LE;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.spec.Capability;
import bailey.core.spec.CapabilitySet;
import java.util.ArrayList;
import java.util.List;

/**
 * The default rules. Source: the default profile of Docker, {@code seccomp/default.json} of
 * github.com/moby/profiles (Apache-2.0) as of its commit 02e898b137ae of 2026, which containerd
 * follows in {@code contrib/seccomp}. Where bailey differs the constant or method says so;
 * docs/security.md has the list of differences.
 */
final class StandardRules {
  /** Allowed to all; the profile's first rule, without the calls of 32-bit machines. */
  private static final String ALLOWED =
      """
      accept accept4 access adjtimex alarm bind brk cachestat capget capset chdir chmod
      chown clock_adjtime clock_getres clock_gettime clock_nanosleep close close_range
      connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl
      epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2
      execve execveat exit exit_group faccessat faccessat2 fadvise64 fallocate fanotify_mark
      fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr flistxattr
      flock fork fremovexattr fsetxattr fstat fstatfs fsync ftruncate futex futex_requeue
      futex_wait futex_waitv futex_wake futimesat get_robust_list get_thread_area getcpu
      getcwd getdents getdents64 getegid geteuid getgid getgroups getitimer getpeername
      getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid getrlimit
      getrusage getsid getsockname getsockopt gettid gettimeofday getuid getxattr getxattrat
      inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy
      io_getevents io_pgetevents io_setup io_submit ioprio_get ioprio_set kill
      landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown lgetxattr link
      linkat listen listmount listxattr listxattrat llistxattr lremovexattr lseek lsetxattr
      lstat madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mkdir
      mkdirat mknod mknodat mlock mlock2 mlockall mmap mprotect mq_getsetattr mq_notify
      mq_open mq_timedreceive mq_timedsend mq_unlink mremap mseal msgctl msgget msgrcv
      msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep newfstatat open
      openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free
      pkey_mprotect poll ppoll prctl pread64 preadv preadv2 prlimit64 process_mrelease
      pselect6 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv recvfrom
      recvmmsg recvmsg remap_file_pages removexattr removexattrat rename renameat renameat2
      restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo
      rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max
      sched_get_priority_min sched_getaffinity sched_getattr sched_getparam
      sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr
      sched_setparam sched_setscheduler sched_yield seccomp select semctl semget semop
      semtimedop sendfile sendmmsg sendmsg sendto set_robust_list set_thread_area
      set_tid_address setfsgid setfsuid setgid setgroups setitimer setpgid setpriority
      setregid setresgid setresuid setreuid setrlimit setsid setsockopt setuid setxattr
      setxattrat shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4
      socketpair splice stat statfs statmount statx symlink symlinkat sync sync_file_range
      syncfs sysinfo tee tgkill time timer_create timer_delete timer_getoverrun
      timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times tkill
      truncate umask uname unlink unlinkat uretprobe utime utimensat utimes vfork vmsplice
      wait4 waitid write writev
      """;

  /**
   * Newer than the profile: the first two do what ioctl(2) does with FS_IOC_FSGETXATTR and
   * FS_IOC_FSSETXATTR, and for a probed program the kernel makes the third as it makes uretprobe.
   */
  private static final String ALLOWED_SINCE = "file_getattr file_setattr uprobe";

  /** What making a container takes, and entering it, beyond what all may do. */
  private static final String MAKES_CONTAINERS =
      "clone clone3 fsconfig fsmount fsopen fspick mount mount_setattr move_mount open_tree"
          + " open_tree_attr pivot_root setdomainname sethostname setns umount2 unshare";

  /**
   * CLONE_NEW* that clone(2) takes; below these bits its flags are the signal of the child's end.
   */
  private static final long NAMESPACES =
      Flags.CLONE_NEWNS
          | Flags.CLONE_NEWCGROUP
          | Flags.CLONE_NEWUTS
          | Flags.CLONE_NEWIPC
          | Flags.CLONE_NEWUSER
          | Flags.CLONE_NEWPID
          | Flags.CLONE_NEWNET;

  /** asm-generic/ioctls.h: puts a character into a terminal's input. */
  private static final int TIOCSTI = 0x5412;

  /** asm-generic/ioctls.h: among others pastes the selection into a console's input. */
  private static final int TIOCLINUX = 0x541c;

  /**
   * The socket families that are allowed, as runs from first to last (linux/socket.h). Not among
   * them: 12 DECnet, 19 Econet, 20 ATM, 23 IrDA, 25 (unused), 34 IUCV, 37 CAIF, 38 ALG
   * (CVE-2026-31431), 40 VSOCK (reaches the hypervisor, knows no namespaces), and what comes after
   * 45.
   */
  private static final int[][] FAMILIES = {
    {0, 11}, {13, 18}, {21, 22}, {24, 24}, {26, 33}, {35, 36}, {39, 39}, {41, 45}
  };

  /**
   * linux/personality.h: Linux, 32 bits, UNAME26 with either, and the question which one is set.
   * Not among them: ADDR_NO_RANDOMIZE and READ_IMPLIES_EXEC, which undo defences.
   */
  private static final int[] PERSONALITIES = {0, 8, 0x20000, 0x20008, -1};

  private final List<SeccompRule> rules = new ArrayList<>();
  private final CapabilitySet kept;

  private StandardRules(CapabilitySet kept) {
    this.kept = kept;
  }

  /**
   * The rules of a container.
   *
   * @param kept the capabilities it keeps
   * @param alone whether all processes that it can name are its own
   */
  static List<SeccompRule> of(CapabilitySet kept, boolean alone) {
    var standard = new StandardRules(kept);
    standard.terminals();
    standard.allow(ALLOWED, "harmless or checked by the kernel for each object");
    standard.allow(ALLOWED_SINCE, "the newer form of an allowed call");
    standard.allow("arch_prctl modify_ldt", "part of the processor's state, x86 only");
    if (alone) {
      standard.allow(
          "process_vm_readv process_vm_writev ptrace", "only its own processes can be named");
    }
    standard.sockets();
    standard.personalities();
    standard.openedByCapabilities();
    standard.namespaces();
    return List.copyOf(standard.rules);
  }

  /**
   * The rules inside of a boundary, whose root makes containers. Calls that deal with the machine
   * stay refused whatever it keeps: a user namespace of its own gives it all capabilities, though
   * only over what it owns, and the kernel code behind these calls is better not reached.
   */
  static List<SeccompRule> ofBoundary(CapabilitySet kept) {
    var standard = new StandardRules(kept);
    standard.terminals();
    standard.allow(ALLOWED, "harmless or checked by the kernel for each object");
    standard.allow(ALLOWED_SINCE, "the newer form of an allowed call");
    standard.allow("arch_prctl modify_ldt", "part of the processor's state, x86 only");
    standard.allow(
        "process_vm_readv process_vm_writev ptrace", "only its own processes can be named");
    standard.sockets();
    standard.personalities();
    standard.allow(MAKES_CONTAINERS, "containers are made inside of a boundary");
    standard.opened(Capability.SYS_CHROOT, "chroot");
    standard.opened(
        Capability.SYS_NICE, "get_mempolicy mbind set_mempolicy set_mempolicy_home_node");
    return List.copyOf(standard.rules);
  }

  /** Docker allows every ioctl; these two are refused as Flatpak and snapd do (CVE-2017-5226). */
  private void terminals() {
    var refused = SeccompAction.errno(Errno.EPERM);
    var reason = "types into the terminal that the container shares with its caller";
    for (int command : new int[] {TIOCSTI, TIOCLINUX}) {
      rule("ioctl", List.of(ArgTest.ofInt(1, command)), refused, reason);
    }
    allow("ioctl", "checked by the kernel for each object");
  }

  private void sockets() {
    for (var run : FAMILIES) {
      var tests = List.of(ArgTest.of(0, GE, run[0]), ArgTest.of(0, LE, run[1]));
      rule("socket", tests, SeccompAction.ALLOW, "families that know namespaces or are harmless");
    }
  }

  private void personalities() {
    for (int personality : PERSONALITIES) {
      rule(
          "personality",
          List.of(ArgTest.ofInt(0, personality)),
          SeccompAction.ALLOW,
          "undoes no defence");
    }
  }

  private void openedByCapabilities() {
    opened(Capability.DAC_READ_SEARCH, "open_by_handle_at");
    // pivot_root and open_tree_attr are not in the profile: they go with mount and open_tree
    opened(
        Capability.SYS_ADMIN,
        "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie"
            + " lsm_get_self_attr lsm_list_modules lsm_set_self_attr mount mount_setattr move_mount"
            + " open_tree open_tree_attr perf_event_open pivot_root quotactl quotactl_fd"
            + " setdomainname sethostname setns syslog umount2 unshare");
    opened(Capability.SYS_BOOT, "reboot");
    opened(Capability.SYS_CHROOT, "chroot");
    opened(Capability.SYS_MODULE, "delete_module init_module finit_module");
    opened(Capability.SYS_PACCT, "acct");
    opened(
        Capability.SYS_PTRACE,
        "kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace");
    opened(Capability.SYS_RAWIO, "iopl ioperm");
    opened(Capability.SYS_TIME, "settimeofday clock_settime");
    opened(Capability.SYS_TTY_CONFIG, "vhangup");
    opened(Capability.SYS_NICE, "get_mempolicy mbind set_mempolicy set_mempolicy_home_node");
    opened(Capability.SYSLOG, "syslog");
    opened(Capability.BPF, "bpf");
    opened(Capability.PERFMON, "perf_event_open");
  }

  /** Decides only what CAP_SYS_ADMIN has not opened before. */
  private void namespaces() {
    rule(
        "clone",
        List.of(ArgTest.masked(0, NAMESPACES, 0)),
        SeccompAction.ALLOW,
        "a process or thread in the same namespaces");
    // not in the profile: servers unshare the working directory of a thread (Samba)
    rule(
        "unshare",
        List.of(ArgTest.masked(0, NAMESPACES | Flags.CLONE_NEWTIME, 0)),
        SeccompAction.ALLOW,
        "makes no namespace");
    rule(
        "clone3",
        List.of(),
        SeccompAction.errno(Errno.ENOSYS),
        "its flags are behind a pointer; on ENOSYS the C library uses clone");
  }

  private void opened(Capability capability, String calls) {
    if (kept.contains(capability)) {
      allow(calls, capability.kernelName().concat(" is kept"));
    }
  }

  private void allow(String calls, String reason) {
    rule(calls, List.of(), SeccompAction.ALLOW, reason);
  }

  private void rule(String calls, List<ArgTest> tests, SeccompAction action, String reason) {
    var names = List.of(calls.strip().replace('\n', ' ').split(" ", 0));
    rules.add(new SeccompRule(names, tests, action, reason));
  }
}
