/* The floor: what a container costs in system calls, whoever makes it. Does to the kernel what bailey's plan for the compared
   case does to make and end the container (docs/benchmarks.md), and nothing else: no plan, no record on disk, no control group,
   no pipes, no report. Steps are not checked, but a floor whose program did not run ends with another status than 0.

   floor ROOT             once
   floor ROOT --bundle    once, as of a bundle that runc spec has made: no control groups are mounted, less is hidden
   floor ROOT --resident  once for each byte that is read; answers as stopwatch.c does. Its containers come from an empty
                          mount namespace that is made once, as those of bailey's library do */
#include "system.h"
#include "clock.h"

enum {
  NEW_NS = 0x20000, NEW_CGROUP = 0x2000000, NEW_UTS = 0x4000000, NEW_IPC = 0x8000000, NEW_PID = 0x20000000,
  NEW_NET = 0x40000000, CLONE_PIDFD = 0x1000
};
enum { RDONLY = 1, NOSUID = 2, NODEV = 4, NOEXEC = 8, NO_ESCAPE = NOSUID | NODEV | NOEXEC };
enum { REMOUNT = 32, BIND = 4096, REC = 16384, PRIVATE = 1 << 18, STRICTATIME = 1 << 24 };
enum { TREE_CLONE = 1, RECURSIVE = 0x8000, EMPTY_PATH = 4, EMPTY_PATH_AT = 0x1000, DETACH = 2 };
enum { SIOCSIFFLAGS = 0x8914, IFF_UP_RUNNING = 0x41, AF_INET = 2, SOCK_DGRAM = 2 };
enum { PR_SET_NO_NEW_PRIVS = 38, LAST_CAPABILITY = 40, SIG_SETMASK = 2 };

/* chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap, net_bind_service, sys_chroot, setfcap */
#define KEPT (0xfbu | 1u << 8 | 1u << 10 | 1u << 18 | 1u << 31)

static void mount(const char *source, const char *path, const char *type, u64 flags, const char *data) {
  sys5(__NR_mount, source, path, type, flags, data);
}

static void hide_folder(const char *path) {
  mount("tmpfs", path, "tmpfs", NO_ESCAPE | RDONLY, "mode=0555,size=0");
}

static void hide_file(const char *path) {
  mount("/dev/null", path, 0, BIND, 0);
}

static void protect(const char *path) {
  if (sys5(__NR_mount, path, path, 0, BIND | REC, 0) == 0) mount(0, path, 0, REMOUNT | BIND | RDONLY | NO_ESCAPE, 0);
}

static void folder(const char *path) {
  sys3(__NR_mkdirat, AT_FDCWD, path, 0755);
}

static void node(const char *path, u64 major, u64 minor) {
  sys4(__NR_mknodat, AT_FDCWD, path, 020666, major << 8 | minor);
}

static void symlink(const char *target, const char *path) {
  sys3(__NR_symlinkat, target, AT_FDCWD, path);
}

static s64 empty = -1; /* the empty mount namespace, where there is one */

static int bundle; /* --bundle */

static s64 open_root(const char *root) {
  return sys3(__NR_open_tree, AT_FDCWD, root, TREE_CLONE | RECURSIVE | O_CLOEXEC);
}

static void enter_from_empty(const char *root) {
  u64 apart[4] = {0, 0, PRIVATE, 0};
  s64 tree = open_root(root);
  sys5(__NR_mount_setattr, tree, "", EMPTY_PATH_AT | RECURSIVE, apart, sizeof apart);
  sys2(__NR_setns, empty, NEW_NS);
  sys1(__NR_unshare, NEW_NS);
  sys5(__NR_move_mount, tree, "", AT_FDCWD, "/", EMPTY_PATH);
  sys1(__NR_fchdir, tree);
  sys1(__NR_chroot, ".");
  sys1(__NR_close, tree);
  sys1(__NR_chdir, "/");
}

static s64 pivot(const char *place) {
  sys1(__NR_chdir, place);
  s64 old = sys4(__NR_openat, AT_FDCWD, "/", O_PATH | O_CLOEXEC, 0);
  sys2(__NR_pivot_root, ".", ".");
  return old;
}

static s64 enter(const char *root) {
  mount(0, "/", 0, REC | PRIVATE, 0);
  s64 tree = open_root(root);
  sys5(__NR_move_mount, tree, "", AT_FDCWD, "/proc", EMPTY_PATH);
  sys1(__NR_close, tree);
  s64 old = pivot("/proc");
  sys1(__NR_chdir, "/");
  return old;
}

static void leave(s64 old) {
  sys1(__NR_fchdir, old);
  sys2(__NR_umount2, ".", DETACH);
  sys1(__NR_close, old);
  sys1(__NR_chdir, "/");
}

static void kernel_file_systems(void) {
  folder("/proc");
  mount("proc", "/proc", "proc", NO_ESCAPE, 0);
  folder("/sys");
  mount("sysfs", "/sys", "sysfs", NO_ESCAPE | RDONLY, 0);
  if (!bundle) {
    mount("tmpfs", "/sys/fs/cgroup", "tmpfs", NO_ESCAPE, "mode=0755,size=64k");
    folder("/sys/fs/cgroup/unified");
    mount("cgroup", "/sys/fs/cgroup/unified", "cgroup2", NO_ESCAPE | RDONLY, 0);
    mount(0, "/sys/fs/cgroup", 0, REMOUNT | BIND | RDONLY | NO_ESCAPE, 0);
  }
  folder("/dev");
  mount("tmpfs", "/dev", "tmpfs", NOSUID | NOEXEC | STRICTATIME, "mode=0755,size=64k");
  node("/dev/null", 1, 3), node("/dev/zero", 1, 5), node("/dev/full", 1, 7);
  node("/dev/random", 1, 8), node("/dev/urandom", 1, 9), node("/dev/tty", 5, 0);
  symlink("/proc/self/fd", "/dev/fd"), symlink("/proc/self/fd/0", "/dev/stdin");
  symlink("/proc/self/fd/1", "/dev/stdout"), symlink("/proc/self/fd/2", "/dev/stderr"), symlink("pts/ptmx", "/dev/ptmx");
  folder("/dev/pts");
  mount("devpts", "/dev/pts", "devpts", NOSUID | NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5");
  folder("/dev/shm");
  mount("tmpfs", "/dev/shm", "tmpfs", NO_ESCAPE, "mode=1777,size=64m");
  folder("/dev/mqueue");
  mount("mqueue", "/dev/mqueue", "mqueue", NO_ESCAPE, 0);
}

static void hide(void) {
  protect("/proc/bus"), protect("/proc/fs"), protect("/proc/irq"), protect("/proc/sys"), protect("/proc/sysrq-trigger");
  hide_folder("/proc/acpi"), hide_folder("/proc/asound"), hide_folder("/proc/scsi"), hide_folder("/sys/firmware");
  hide_file("/proc/kcore"), hide_file("/proc/keys"), hide_file("/proc/latency_stats");
  hide_file("/proc/sched_debug"), hide_file("/proc/timer_list"), hide_file("/proc/timer_stats");
  if (bundle) return;
  hide_folder("/proc/dynamic_debug"), hide_file("/proc/interrupts"), hide_folder("/sys/devices/virtual/powercap");
}

static void loopback(void) {
  u8 request[40] = {'l', 'o', [16] = IFF_UP_RUNNING};
  s64 socket = sys3(__NR_socket, AF_INET, SOCK_DGRAM | O_CLOEXEC, 0);
  sys3(__NR_ioctl, socket, SIOCSIFFLAGS, request);
  sys1(__NR_close, socket);
}

static void drop(void) {
  u32 header[2] = {0x20080522, 0}, kept[6] = {KEPT, KEPT, 0, 0, 0, 0};
  for (u32 i = 0; i <= LAST_CAPABILITY; i++)
    if (i > 31 || !(KEPT >> i & 1)) sys5(__NR_prctl, PR_CAPBSET_DROP, i, 0, 0, 0);
  sys2(__NR_setgroups, 0, 0);
  sys3(__NR_setresgid, 0, 0, 0);
  sys3(__NR_setresuid, 0, 0, 0);
  sys2(__NR_capset, header, kept);
  sys5(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

_Noreturn static void child(const char *root) {
  const char *arguments[] = {"/bin/true", 0}, *environment[] = {0};
  u64 none = 0;
  sys0(__NR_setsid);
  sys1(__NR_umask, 0);
  sys1(__NR_unshare, NEW_CGROUP);
  if (empty >= 0) {
    enter_from_empty(root);
    kernel_file_systems();
    hide();
  } else {
    s64 old = enter(root);
    kernel_file_systems();
    hide();
    leave(old);
  }
  sys2(__NR_sethostname, "floor", 5);
  loopback();
  sys3(__NR_close_range, 3, ~0u, 0);
  drop();
  sys1(__NR_umask, 022);
  sys4(__NR_rt_sigprocmask, SIG_SETMASK, &none, 0, 8);
  sys3(__NR_execve, arguments[0], arguments, environment);
  quit(127);
}

static s64 container(const char *root) {
  s32 pidfd = -1;
  u64 mounts = empty < 0 ? NEW_NS : 0;
  u64 arguments[11] = {CLONE_PIDFD | mounts | NEW_UTS | NEW_IPC | NEW_PID | NEW_NET, (u64)&pidfd, 0, 0, SIGCHLD};
  s64 status = 0, pid = sys2(__NR_clone3, arguments, sizeof arguments);
  if (pid == 0) child(root);
  if (pid < 0) quit(125);
  while (sys4(__NR_wait4, pid, &status, 0, 0) == -EINTR) {}
  sys1(__NR_close, pidfd);
  return status;
}

/* Leaves this process in its own, so that the machine's is entered again afterwards. */
static void make_empty(void) {
  s64 own = sys4(__NR_openat, AT_FDCWD, "/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC, 0);
  sys1(__NR_unshare, NEW_NS);
  empty = sys4(__NR_openat, AT_FDCWD, "/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC, 0);
  mount(0, "/", 0, REC | PRIVATE, 0);
  mount("tmpfs", "/proc", "tmpfs", NO_ESCAPE | RDONLY, "mode=0555");
  leave(pivot("/proc"));
  sys2(__NR_setns, own, NEW_NS);
  sys1(__NR_close, own);
}

__attribute__((noreturn, used)) void start(s64 *stack);
void start(s64 *stack) {
  char **argv = (char **)(stack + 1);
  u8 byte;
  if (stack[0] < 2) quit(125);
  bundle = stack[0] > 2 && argv[2][2] == 'b';
  if (stack[0] == 2 || bundle) quit(container(argv[1]) >> 8 & 0xff);
  make_empty();
  while (sys3(__NR_read, 0, &byte, 1) == 1) {
    s64 answer[2] = {now(), 0};
    answer[1] = container(argv[1]);
    answer[0] = now() - answer[0];
    sys3(__NR_write, 1, answer, sizeof answer);
  }
  quit(0);
}
