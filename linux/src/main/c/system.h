/* The machine under the executor: types, entry point and system calls without a libc.
   All that differs between architectures is in this file; the rest of the executor is plain C. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include <asm/unistd.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef int s32;
typedef long s64;

#if defined(__x86_64__)
#define MACHINE 62 /* EM_X86_64 */
__asm__(".globl _start\n_start: xor %ebp,%ebp\n mov %rsp,%rdi\n and $-16,%rsp\n call start\n hlt\n");

static inline s64 sys(s64 n, s64 a, s64 b, s64 c, s64 d, s64 e, s64 f) {
  s64 r;
  register s64 r10 __asm__("r10") = d;
  register s64 r8 __asm__("r8") = e;
  register s64 r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(r)
                   : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return r;
}
#elif defined(__aarch64__)
#define MACHINE 183 /* EM_AARCH64 */
__asm__(".globl _start\n_start: mov x29,#0\n mov x30,#0\n mov x0,sp\n bl start\n brk #0\n");

static inline s64 sys(s64 n, s64 a, s64 b, s64 c, s64 d, s64 e, s64 f) {
  register s64 x8 __asm__("x8") = n;
  register s64 x0 __asm__("x0") = a;
  register s64 x1 __asm__("x1") = b;
  register s64 x2 __asm__("x2") = c;
  register s64 x3 __asm__("x3") = d;
  register s64 x4 __asm__("x4") = e;
  register s64 x5 __asm__("x5") = f;
  __asm__ volatile("svc 0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
}
#else
#error "the executor has no system call convention for this architecture: add it to system.h"
#endif

#define sys0(n) sys(n, 0, 0, 0, 0, 0, 0)
#define sys1(n, a) sys(n, (s64)(a), 0, 0, 0, 0, 0)
#define sys2(n, a, b) sys(n, (s64)(a), (s64)(b), 0, 0, 0, 0)
#define sys3(n, a, b, c) sys(n, (s64)(a), (s64)(b), (s64)(c), 0, 0, 0)
#define sys4(n, a, b, c, d) sys(n, (s64)(a), (s64)(b), (s64)(c), (s64)(d), 0, 0)
#define sys5(n, a, b, c, d, e) sys(n, (s64)(a), (s64)(b), (s64)(c), (s64)(d), (s64)(e), 0)
#define sys6(n, a, b, c, d, e, f) sys(n, (s64)(a), (s64)(b), (s64)(c), (s64)(d), (s64)(e), (s64)(f))

/* asm-generic/errno.h, asm-generic/signal.h, linux/fcntl.h and others: the same on both architectures. */
enum { EPERM = 1, ENOENT = 2, ESRCH = 3, EINTR = 4, EIO = 5, EBADF = 9, EAGAIN = 11, EBUSY = 16, EXDEV = 18, EINVAL = 22, EPIPE = 32, ELOOP = 40, ESTALE = 116 };
enum { SIGKILL = 9, SIGPIPE = 13, SIGCHLD = 17, SIGCONT = 18, SIGSTOP = 19, SIGTSTP = 20, SIGTTIN = 21, SIGTTOU = 22, SIGWINCH = 28 };
enum { SI_KERNEL = 0x80, SI_QUEUE = -1, PIDFD_SIGNAL_PROCESS_GROUP = 4 };
enum { O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000, O_PATH = 010000000 };
enum { AT_FDCWD = -100, AT_EMPTY_PATH = 0x1000, AT_REMOVEDIR = 0x200, AT_STATX_DONT_SYNC = 0x4000, STATX_BASIC_STATS = 0x7ff };
#if defined(__x86_64__)
enum { O_DIRECTORY = 0200000, O_NOFOLLOW = 0400000 };
#else
enum { O_DIRECTORY = 040000, O_NOFOLLOW = 0100000 };
#endif
enum { O_CREAT = 0100, O_EXCL = 0200, AT_SYMLINK_NOFOLLOW = 0x100, RESOLVE_NO_XDEV = 1, RESOLVE_BENEATH = 8 };
enum { DT_DIR = 4, S_IFMT = 0170000, S_IFDIR = 0040000, S_IFREG = 0100000, S_IFLNK = 0120000 };
enum { POLLIN = 1, POLLPRI = 2, POLLOUT = 4, POLLERR = 8, POLLHUP = 16 };
enum { F_GETFD = 1, F_SETFD = 2, F_SETFL = 4, F_ADD_SEALS = 1033, F_GET_SEALS = 1034, ALL_SEALS = 15 }; /* shrink, grow, write, seal */
enum { WNOHANG = 1, WEXITED = 4, P_PIDFD = 3 };
enum { TCGETS = 0x5401, TCSETS = 0x5402, TIOCGWINSZ = 0x5413, TIOCSWINSZ = 0x5414 };
enum { MADV_DONTFORK = 10, MADV_DOFORK = 11 };
enum { CLOCK_MONOTONIC = 1, CLOCK_REALTIME = 0 };
enum { PR_SET_PDEATHSIG = 1, PR_SET_DUMPABLE = 4, PR_SET_NAME = 15, PR_CAPBSET_DROP = 24, PR_SET_MM = 35, PR_SET_MM_MAP = 14 };
enum { MREMAP_ONTO = 3 }; /* MREMAP_MAYMOVE, MREMAP_FIXED */

struct dirent { u64 inode; s64 offset; u16 length; u8 type; char name[]; };
struct pollfd { s32 fd; u16 events, revents; };
struct siginfo { s32 signo, error, code; s32 rest[29]; };
struct timespec { s64 sec, nsec; };
struct winsize { u16 row, col, x, y; };
struct termios { u32 iflag, oflag, cflag, lflag; u8 line, cc[19]; };
struct statx_time { s64 sec; u32 nsec; s32 pad; };
struct statx {
  u32 mask, blksize;
  u64 attributes;
  u32 nlink, uid, gid;
  u16 mode, pad;
  u64 ino, size, blocks, attributes_mask;
  struct statx_time atime, btime, ctime, mtime;
  u32 major, minor, dev_major, dev_minor;
  u64 rest[14];
};
struct open_how { u64 flags, mode, resolve; };
struct iovec { void *base; u64 len; };
struct msghdr { void *name; u32 namelen; struct iovec *iov; u64 iovlen; void *control; u64 controllen; s32 flags; };
#if defined(__x86_64__)
struct epoll_event { u32 events; u64 data; } __attribute__((packed));
#else
struct epoll_event { u32 events; u64 data; };
#endif

_Noreturn static inline void quit(s64 status) {
  for (;;) sys1(__NR_exit_group, status);
}

/* gcc may emit calls to these even with -ffreestanding */
void *memcpy(void *to, const void *from, u64 n);
void *memset(void *to, int c, u64 n);

#endif
