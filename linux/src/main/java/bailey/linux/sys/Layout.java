package bailey.linux.sys;

import bailey.core.abi.Arch;

/**
 * Offsets, sizes and numbers of the kernel's structures as the JVM's own calls use them: the same
 * on x86-64 and aarch64 (linux/socket.h, linux/uio.h, linux/net.h, asm-generic/poll.h,
 * asm-generic/fcntl.h, linux/memfd.h, linux/stat.h). {@code AbiTest} checks them against the
 * headers.
 */
final class Layout {
  // sys/socket.h
  static final int AF_UNIX = 1;
  static final int SOCK_STREAM = 1;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int SOL_SOCKET = 1;
  static final int SOMAXCONN = 4096;
  static final int SO_PEERCRED = 17;
  static final int SO_RCVTIMEO = 20;
  static final int SO_ACCEPTCONN = 30;
  static final int SO_SNDTIMEO = 21;
  static final int SO_PEERPIDFD = 77; // Linux 6.5
  static final int SCM_RIGHTS = 1;
  static final int MSG_NOSIGNAL = 0x4000;

  // struct sockaddr_un
  static final int SUN_PATH = 2;
  static final int SUN_PATH_SIZE = 108;

  // struct ucred
  static final int UCRED_UID = 4;
  static final int UCRED_GID = 8;
  static final int UCRED_SIZE = 12;

  // struct msghdr
  static final int MSG_IOV = 16;
  static final int MSG_IOVLEN = 24;
  static final int MSG_CONTROL = 32;
  static final int MSG_CONTROLLEN = 40;
  static final int MSGHDR_SIZE = 56;

  // struct iovec
  static final int IOV_LEN = 8;
  static final int IOVEC_SIZE = 16;

  // struct cmsghdr
  static final int CMSG_LEVEL = 8;
  static final int CMSG_TYPE = 12;
  static final int CMSG_DATA = 16;

  // struct pollfd
  static final int POLLFD_EVENTS = 4;
  static final int POLLFD_REVENTS = 6;
  static final int POLLFD_SIZE = 8;
  static final int POLLIN = 1;

  // sys/epoll.h; struct epoll_event is packed on x86-64 only
  static final int EPOLL_CLOEXEC = 0x80000;
  static final int EPOLL_CTL_ADD = 1;
  static final int EPOLL_CTL_DEL = 2;
  static final int EPOLLRDHUP = 0x2000;
  static final int EPOLLONESHOT = 1 << 30;
  static final int EPOLL_EVENT_DATA = SystemCall.ARCH == Arch.X86_64 ? 4 : 8;
  static final int EPOLL_EVENT_SIZE = EPOLL_EVENT_DATA + 8;

  // fcntl.h, linux/memfd.h
  static final int F_SETFL = 4;
  static final int F_ADD_SEALS = 1033;
  static final int SEALS = 15; // F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE
  static final int MFD_CLOEXEC = 1;
  static final int MFD_ALLOW_SEALING = 2;
  static final int MFD_EXEC = 0x10; // Linux 6.3

  // struct statx, linux/stat.h, linux/fcntl.h
  static final int STX_UID = 20;
  static final int STX_MODE = 28;
  static final int STX_INO = 32;
  static final int STX_RDEV = 128; // major, minor
  static final int STX_DEV = 136; // major, minor
  static final int STX_MNT_ID = 144;
  static final int STATX_SIZE = 256;
  static final int STATX_BASIC_STATS = 0x7ff;
  static final int STATX_MNT_ID = 0x1000;
  static final int AT_FDCWD = -100;
  static final int AT_EMPTY_PATH = 0x1000;
  static final int AT_STATX_DONT_SYNC = 0x4000;
  static final int S_IFMT = 0170000;
  static final int S_IFIFO = 0010000;
  static final int S_IFCHR = 0020000;
  static final int S_IFBLK = 0060000;

  private Layout() {}
}
