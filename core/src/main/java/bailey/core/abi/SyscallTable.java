package bailey.core.abi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of all system calls of an architecture, as of Linux 6.18. Sources: {@code
 * arch/x86/entry/syscalls/syscall_64.tbl} (without the x32 half) and {@code scripts/syscall.tbl} of
 * the kernel, which for aarch64 is {@code asm-generic/unistd.h}. {@code SyscallTableTest} compares
 * each number with the headers of the machine it runs on.
 *
 * <p>Immutable; any thread.
 */
public final class SyscallTable {
  /** x86-64, numbers 0 to 336. */
  private static final String X86_64_FROM_0 =
      """
      read write open close stat fstat lstat poll lseek mmap mprotect munmap brk
      rt_sigaction rt_sigprocmask rt_sigreturn ioctl pread64 pwrite64 readv writev access
      pipe select sched_yield mremap msync mincore madvise shmget shmat shmctl dup dup2
      pause nanosleep getitimer alarm setitimer getpid sendfile socket connect accept sendto
      recvfrom sendmsg recvmsg shutdown bind listen getsockname getpeername socketpair
      setsockopt getsockopt clone fork vfork execve exit wait4 kill uname semget semop
      semctl shmdt msgget msgsnd msgrcv msgctl fcntl flock fsync fdatasync truncate
      ftruncate getdents getcwd chdir fchdir rename mkdir rmdir creat link unlink symlink
      readlink chmod fchmod chown fchown lchown umask gettimeofday getrlimit getrusage
      sysinfo times ptrace getuid syslog getgid setuid setgid geteuid getegid setpgid
      getppid getpgrp setsid setreuid setregid getgroups setgroups setresuid getresuid
      setresgid getresgid getpgid setfsuid setfsgid getsid capget capset rt_sigpending
      rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend sigaltstack utime mknod uselib
      personality ustat statfs fstatfs sysfs getpriority setpriority sched_setparam
      sched_getparam sched_setscheduler sched_getscheduler sched_get_priority_max
      sched_get_priority_min sched_rr_get_interval mlock munlock mlockall munlockall vhangup
      modify_ldt pivot_root _sysctl prctl arch_prctl adjtimex setrlimit chroot sync acct
      settimeofday mount umount2 swapon swapoff reboot sethostname setdomainname iopl ioperm
      create_module init_module delete_module get_kernel_syms query_module quotactl
      nfsservctl getpmsg putpmsg afs_syscall tuxcall security gettid readahead setxattr
      lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
      removexattr lremovexattr fremovexattr tkill time futex sched_setaffinity
      sched_getaffinity set_thread_area io_setup io_destroy io_getevents io_submit io_cancel
      get_thread_area lookup_dcookie epoll_create epoll_ctl_old epoll_wait_old
      remap_file_pages getdents64 set_tid_address restart_syscall semtimedop fadvise64
      timer_create timer_settime timer_gettime timer_getoverrun timer_delete clock_settime
      clock_gettime clock_getres clock_nanosleep exit_group epoll_wait epoll_ctl tgkill
      utimes vserver mbind set_mempolicy get_mempolicy mq_open mq_unlink mq_timedsend
      mq_timedreceive mq_notify mq_getsetattr kexec_load waitid add_key request_key keyctl
      ioprio_set ioprio_get inotify_init inotify_add_watch inotify_rm_watch migrate_pages
      openat mkdirat mknodat fchownat futimesat newfstatat unlinkat renameat linkat
      symlinkat readlinkat fchmodat faccessat pselect6 ppoll unshare set_robust_list
      get_robust_list splice tee sync_file_range vmsplice move_pages utimensat epoll_pwait
      signalfd timerfd_create eventfd fallocate timerfd_settime timerfd_gettime accept4
      signalfd4 eventfd2 epoll_create1 dup3 pipe2 inotify_init1 preadv pwritev
      rt_tgsigqueueinfo perf_event_open recvmmsg fanotify_init fanotify_mark prlimit64
      name_to_handle_at open_by_handle_at clock_adjtime syncfs sendmmsg setns getcpu
      process_vm_readv process_vm_writev kcmp finit_module sched_setattr sched_getattr
      renameat2 seccomp getrandom memfd_create kexec_file_load bpf execveat userfaultfd
      membarrier mlock2 copy_file_range preadv2 pwritev2 pkey_mprotect pkey_alloc pkey_free
      statx io_pgetevents rseq uretprobe uprobe
      """;

  /** aarch64, numbers 0 to 243. */
  private static final String AARCH64_FROM_0 =
      """
      io_setup io_destroy io_submit io_cancel io_getevents setxattr lsetxattr fsetxattr
      getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr
      fremovexattr getcwd lookup_dcookie eventfd2 epoll_create1 epoll_ctl epoll_pwait dup
      dup3 fcntl inotify_init1 inotify_add_watch inotify_rm_watch ioctl ioprio_set
      ioprio_get flock mknodat mkdirat unlinkat symlinkat linkat renameat umount2 mount
      pivot_root nfsservctl statfs fstatfs truncate ftruncate fallocate faccessat chdir
      fchdir chroot fchmod fchmodat fchownat fchown openat close vhangup pipe2 quotactl
      getdents64 lseek read write readv writev pread64 pwrite64 preadv pwritev sendfile
      pselect6 ppoll signalfd4 vmsplice splice tee readlinkat newfstatat fstat sync fsync
      fdatasync sync_file_range timerfd_create timerfd_settime timerfd_gettime utimensat
      acct capget capset personality exit exit_group waitid set_tid_address unshare futex
      set_robust_list get_robust_list nanosleep getitimer setitimer kexec_load init_module
      delete_module timer_create timer_gettime timer_getoverrun timer_settime timer_delete
      clock_settime clock_gettime clock_getres clock_nanosleep syslog ptrace sched_setparam
      sched_setscheduler sched_getscheduler sched_getparam sched_setaffinity
      sched_getaffinity sched_yield sched_get_priority_max sched_get_priority_min
      sched_rr_get_interval restart_syscall kill tkill tgkill sigaltstack rt_sigsuspend
      rt_sigaction rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigreturn
      setpriority getpriority reboot setregid setgid setreuid setuid setresuid getresuid
      setresgid getresgid setfsuid setfsgid times setpgid getpgid getsid setsid getgroups
      setgroups uname sethostname setdomainname getrlimit setrlimit getrusage umask prctl
      getcpu gettimeofday settimeofday adjtimex getpid getppid getuid geteuid getgid getegid
      gettid sysinfo mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
      msgget msgctl msgrcv msgsnd semget semctl semtimedop semop shmget shmctl shmat shmdt
      socket socketpair bind listen accept connect getsockname getpeername sendto recvfrom
      setsockopt getsockopt shutdown sendmsg recvmsg readahead brk munmap mremap add_key
      request_key keyctl clone execve mmap fadvise64 swapon swapoff mprotect msync mlock
      munlock mlockall munlockall mincore madvise remap_file_pages mbind get_mempolicy
      set_mempolicy migrate_pages move_pages rt_tgsigqueueinfo perf_event_open accept4
      recvmmsg
      """;

  /** aarch64, numbers 260 to 294; 244 to 259 are for other architectures. */
  private static final String AARCH64_FROM_260 =
      """
      wait4 prlimit64 fanotify_init fanotify_mark name_to_handle_at open_by_handle_at
      clock_adjtime syncfs setns sendmmsg process_vm_readv process_vm_writev kcmp
      finit_module sched_setattr sched_getattr renameat2 seccomp getrandom memfd_create bpf
      execveat userfaultfd membarrier mlock2 copy_file_range preadv2 pwritev2 pkey_mprotect
      pkey_alloc pkey_free statx io_pgetevents rseq kexec_file_load
      """;

  /** Both, numbers 424 to 469: since Linux 5.1 a new call has one number everywhere. */
  private static final String FROM_424 =
      """
      pidfd_send_signal io_uring_setup io_uring_enter io_uring_register open_tree move_mount
      fsopen fsconfig fsmount fspick pidfd_open clone3 close_range openat2 pidfd_getfd
      faccessat2 process_madvise epoll_pwait2 mount_setattr quotactl_fd
      landlock_create_ruleset landlock_add_rule landlock_restrict_self memfd_secret
      process_mrelease futex_waitv set_mempolicy_home_node cachestat fchmodat2
      map_shadow_stack futex_wake futex_wait futex_requeue statmount listmount
      lsm_get_self_attr lsm_set_self_attr lsm_list_modules mseal setxattrat getxattrat
      listxattrat removexattrat open_tree_attr file_getattr file_setattr
      """;

  /** By number; null where no call has it. */
  private final @Nullable String[] names;

  private final Map<String, Integer> numbers;

  private final Map<Integer, String> namesBeyond;
  private final List<Integer> beyond;

  private SyscallTable(Map<Integer, String> runs, Map<Integer, String> namesBeyond) {
    var byNumber = new @Nullable String[1024];
    var byName = new HashMap<String, Integer>(1024);
    int end = 0;
    for (var run : runs.entrySet()) {
      int number = run.getKey();
      for (var name : run.getValue().replace('\n', ' ').split(" ", 0)) {
        if (!name.equals("-")) {
          byNumber[number] = name;
          byName.put(name, number);
        }
        number++;
      }
      end = Math.max(end, number);
    }
    names = Arrays.copyOf(byNumber, end);
    numbers = byName;
    this.namesBeyond = namesBeyond;
    var more = new ArrayList<Integer>();
    for (var call : namesBeyond.entrySet()) {
      byName.put(call.getValue(), call.getKey());
      more.add(call.getKey());
    }
    Collections.sort(more);
    beyond = Collections.unmodifiableList(more);
  }

  /** The table of {@code arch}'s own interface. */
  public static SyscallTable of(Arch arch) {
    return of(SyscallAbi.of(arch));
  }

  /** The table of {@code abi}; numbers of x32 are without its bit. */
  public static SyscallTable of(SyscallAbi abi) {
    return switch (abi) {
      case X86_64 -> X86.TABLE;
      case AARCH64 -> Arm.TABLE;
      case X86 -> X86Guests.X86;
      case X32 -> X86Guests.X32;
      case ARM -> ArmGuest.TABLE;
    };
  }

  /** The table of x32: x86-64's without some calls, and with others from 512 on. */
  private static SyscallTable x32() {
    var missing = Set.of(GuestCalls.X86_64_ONLY.strip().replace('\n', ' ').split(" ", 0));
    var names = new StringBuilder(X86_64_FROM_0.length());
    for (var name : X86_64_FROM_0.strip().replace('\n', ' ').split(" ", 0)) {
      names.append(missing.contains(name) ? "-" : name).append(' ');
    }
    return new SyscallTable(
        Map.of(0, names.toString(), 424, FROM_424, 512, GuestCalls.X32_FROM_512), Map.of());
  }

  /**
   * Numbers beyond {@link #highest()} that have calls, lowest first: those of 32-bit Arm's own
   * calls, else none.
   */
  public List<Integer> beyond() {
    return beyond;
  }

  /** The number of the call {@code name}, such as {@code openat}; empty if there is none. */
  public OptionalInt number(String name) {
    var number = numbers.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** The name of the call {@code number}; empty if no call of this table has it. */
  public Optional<String> name(int number) {
    return number < 0 || number >= names.length
        ? Optional.ofNullable(namesBeyond.get(number))
        : Optional.ofNullable(names[number]);
  }

  /** The highest number in this table: a call above it is newer than bailey. */
  public int highest() {
    return names.length - 1;
  }

  /** Made at its first use: a process needs the table of one architecture. */
  private static final class X86 {
    static final SyscallTable TABLE =
        new SyscallTable(Map.of(0, X86_64_FROM_0, 424, FROM_424), Map.of());
  }

  /** Made at its first use. */
  private static final class Arm {
    static final SyscallTable TABLE =
        new SyscallTable(Map.of(0, AARCH64_FROM_0, 260, AARCH64_FROM_260, 424, FROM_424), Map.of());
  }

  /** Made at their first use, by a filter that has rules for them. */
  private static final class X86Guests {
    static final SyscallTable X86 =
        new SyscallTable(Map.of(0, GuestCalls.X86_FROM_0, 424, FROM_424), Map.of());

    static final SyscallTable X32 = x32();
  }

  /** Made at its first use. */
  private static final class ArmGuest {
    /** {@code __ARM_NR_BASE} of arch/arm/include/uapi/asm/unistd.h, and one more. */
    private static final int FIRST_PRIVATE = 0x0f0001;

    static final SyscallTable TABLE = arm();

    private static SyscallTable arm() {
      var own = new HashMap<Integer, String>();
      for (var name : GuestCalls.ARM_PRIVATE.strip().split(" ", 0)) {
        own.put(FIRST_PRIVATE + own.size(), name);
      }
      var table = new SyscallTable(Map.of(0, GuestCalls.ARM_FROM_0, 424, FROM_424), own);
      // one call with two names
      table.numbers.put("arm_sync_file_range", table.numbers.get("sync_file_range2"));
      return table;
    }
  }
}
