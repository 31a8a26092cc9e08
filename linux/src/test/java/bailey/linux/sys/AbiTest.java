package bailey.linux.sys;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.abi.SyscallTable;
import bailey.core.spec.Capability;
import bailey.core.spec.Rlimit;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bailey believes of the kernel's binary interface, held against this machine's headers. */
class AbiTest {
  private static final String[] KERNEL_HEADERS = {
    "#include <linux/fcntl.h>",
    "#include <linux/mount.h>",
    "#include <linux/prctl.h>",
    "#include <linux/sched.h>",
    "#include <linux/close_range.h>",
    "#define MNT_DETACH 2 /* only in glibc's header, see constantsOfGlibc */",
  };

  @TempDir Path folder;

  @BeforeAll
  static void compiler() {
    boolean there =
        Arrays.stream(System.getenv("PATH").split(":", -1))
            .anyMatch(p -> Path.of(p, "gcc").toFile().canExecute());
    KernelAbility.require(there, "gcc");
  }

  @Test
  void systemCallsOfThisMachine() throws Exception {
    var c = new StaticAsserts("#include <asm/unistd.h>");
    systemCalls(c, SystemCall.ARCH);
    c.hold(folder, "native");
  }

  /** Architectures newer than x86 share one table, which the headers of all machines have. */
  @Test
  void systemCallsOfAarch64() throws Exception {
    var c =
        new StaticAsserts(
            "#define __ARCH_WANT_RENAMEAT",
            "#define __ARCH_WANT_SYS_CLONE3",
            "#include <asm-generic/unistd.h>");
    systemCalls(c, Arch.AARCH64);
    c.hold(folder, "generic");
  }

  private static void systemCalls(StaticAsserts c, Arch arch) {
    for (var call : Sys.values()) {
      c.equal("__NR_" + call.callName(), call.number(arch));
    }
    var table = SyscallTable.of(arch);
    for (int number = 0; number <= table.highest(); number++) {
      var name = table.name(number);
      if (name.isPresent()) {
        c.equalIfThere("__NR_" + name.get(), number);
      }
    }
  }

  @Test
  void flags() throws Exception {
    var c = new StaticAsserts(KERNEL_HEADERS);
    constants(c, Flags.class);
    constants(c, Flags.OpenFlags.class);
    c.equal("O_DIRECTORY", Flags.OpenFlags.directory(SystemCall.ARCH));
    c.equal("O_NOFOLLOW", Flags.OpenFlags.noFollow(SystemCall.ARCH));
    c.hold(folder, "flags");
  }

  private static void constants(StaticAsserts c, Class<?> constants) throws Exception {
    for (Field field : constants.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == long.class) {
        c.equal(field.getName(), field.getLong(null));
      }
    }
  }

  @Test
  void notationsOfFlags() throws Exception {
    var c = new StaticAsserts(KERNEL_HEADERS);
    for (var notation : Notation.values()) {
      if (List.of(Notation.DECIMAL, Notation.OCTAL, Notation.HEX, Notation.DESCRIPTOR)
          .contains(notation)) {
        continue;
      }
      for (int bit = 0; bit < 63; bit++) {
        notation(c, notation, 1L << bit);
      }
      for (int value = 0; value < 128; value++) { // some notations are lists, not bits
        notation(c, notation, value);
      }
    }
    c.hold(folder, "notations");
  }

  /** The text is also an expression of C, unless it is a mere number. */
  private static void notation(StaticAsserts c, Notation notation, long value) {
    String text = notation.text(value);
    boolean ofX86 = text.contains("O_DIRECTORY") || text.contains("O_NOFOLLOW");
    if (Character.isLetter(text.charAt(0)) && !(ofX86 && SystemCall.ARCH != Arch.X86_64)) {
      c.equal(text, value);
    }
  }

  @Test
  void errorNumbers() throws Exception {
    var c = new StaticAsserts("#include <errno.h>");
    for (var errno : Errno.values()) {
      c.equal(errno.name(), errno.number());
    }
    c.hold(folder, "errors");
  }

  @Test
  void architecturesCapabilitiesAndLimits() throws Exception {
    var c =
        new StaticAsserts(
            "#include <linux/audit.h>",
            "#include <linux/elf-em.h>",
            "#include <linux/capability.h>",
            "#include <asm/resource.h>");
    for (var arch : Arch.values()) {
      c.equal("AUDIT_ARCH_" + arch.name(), Integer.toUnsignedLong(arch.auditArch()));
      c.equal("EM_" + arch.name(), arch.elfMachine());
    }
    for (var capability : Capability.values()) {
      c.equal("CAP_" + capability.name(), capability.number());
    }
    for (var resource : Rlimit.Resource.values()) {
      c.equal("RLIMIT_" + resource.name(), resource.number());
    }
    c.hold(folder, "others");
  }

  @Test
  void constantsOfGlibc() throws Exception {
    var c =
        new StaticAsserts(
            "#define _GNU_SOURCE",
            "#include <stddef.h>",
            "#include <fcntl.h>",
            "#include <poll.h>",
            "#include <sys/epoll.h>",
            "#include <sys/mman.h>",
            "#include <sys/mount.h>",
            "#include <sys/socket.h>",
            "#include <sys/un.h>");
    c.equal("MNT_DETACH", Flags.MNT_DETACH);
    for (var name :
        List.of("AF_UNIX", "SOCK_STREAM", "SOCK_CLOEXEC", "SOL_SOCKET", "SO_PEERCRED")) {
      c.equal(name, layout(name));
    }
    for (var name :
        List.of("SCM_RIGHTS", "MSG_NOSIGNAL", "POLLIN", "F_SETFL", "F_ADD_SEALS", "MFD_CLOEXEC")) {
      c.equal(name, layout(name));
    }
    for (var name :
        List.of(
            "SO_ACCEPTCONN",
            "SO_RCVTIMEO",
            "SO_SNDTIMEO",
            "EPOLL_CLOEXEC",
            "EPOLL_CTL_ADD",
            "EPOLL_CTL_DEL")) {
      c.equal(name, layout(name));
    }
    c.equalIfThere("SO_PEERPIDFD", Layout.SO_PEERPIDFD);
    c.equal("EPOLLRDHUP", Layout.EPOLLRDHUP);
    c.equal("EPOLLONESHOT", Layout.EPOLLONESHOT);
    c.equal("sizeof(struct epoll_event)", Layout.EPOLL_EVENT_SIZE);
    c.equal("offsetof(struct epoll_event, data)", Layout.EPOLL_EVENT_DATA);
    c.equal("MFD_ALLOW_SEALING", Layout.MFD_ALLOW_SEALING);
    c.equalIfThere("MFD_EXEC", Layout.MFD_EXEC);
    c.equal("F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE", Layout.SEALS);
    c.equal("SHUT_WR", UnixSocket.SHUT_WR);
    c.equal("SHUT_RDWR", UnixSocket.SHUT_RDWR);
    c.hold(folder, "glibc");
  }

  private static long layout(String name) throws Exception {
    return Layout.class.getDeclaredField(name).getInt(null);
  }

  @Test
  void structures() throws IOException, InterruptedException {
    var c =
        new StaticAsserts(
            "#define _GNU_SOURCE",
            "#include <stddef.h>",
            "#include <linux/stat.h>",
            "#include <poll.h>",
            "#include <sys/socket.h>",
            "#include <sys/uio.h>",
            "#include <sys/un.h>");
    c.equal("offsetof(struct statx, stx_uid)", Layout.STX_UID);
    c.equal("offsetof(struct statx, stx_mode)", Layout.STX_MODE);
    c.equal("sizeof(struct statx)", Layout.STATX_SIZE);
    c.equal("offsetof(struct sockaddr_un, sun_path)", Layout.SUN_PATH);
    c.equal("sizeof ((struct sockaddr_un *)0)->sun_path", Layout.SUN_PATH_SIZE);
    c.equal("offsetof(struct ucred, uid)", Layout.UCRED_UID);
    c.equal("offsetof(struct ucred, gid)", Layout.UCRED_GID);
    c.equal("sizeof(struct ucred)", Layout.UCRED_SIZE);
    c.equal("offsetof(struct msghdr, msg_iov)", Layout.MSG_IOV);
    c.equal("offsetof(struct msghdr, msg_iovlen)", Layout.MSG_IOVLEN);
    c.equal("offsetof(struct msghdr, msg_control)", Layout.MSG_CONTROL);
    c.equal("offsetof(struct msghdr, msg_controllen)", Layout.MSG_CONTROLLEN);
    c.equal("sizeof(struct msghdr)", Layout.MSGHDR_SIZE);
    c.equal("offsetof(struct iovec, iov_len)", Layout.IOV_LEN);
    c.equal("sizeof(struct iovec)", Layout.IOVEC_SIZE);
    c.equal("offsetof(struct cmsghdr, cmsg_level)", Layout.CMSG_LEVEL);
    c.equal("offsetof(struct cmsghdr, cmsg_type)", Layout.CMSG_TYPE);
    c.equal("CMSG_LEN(0)", Layout.CMSG_DATA);
    c.equal("offsetof(struct pollfd, events)", Layout.POLLFD_EVENTS);
    c.equal("offsetof(struct pollfd, revents)", Layout.POLLFD_REVENTS);
    c.equal("sizeof(struct pollfd)", Layout.POLLFD_SIZE);
    c.hold(folder, "structures");
  }

  /** The assertions themselves can fail. */
  @Test
  void wrongNumberIsFound() {
    var c = new StaticAsserts("#include <errno.h>");
    c.equal("EPERM", 2);
    assertThatThrownBy(() -> c.hold(folder, "wrong")).hasMessageContaining("EPERM == 2");
  }
}
