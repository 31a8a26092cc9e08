package bailey.linux.sys;

import bailey.core.abi.KernelText;
import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;

/** Stream sockets of the unix domain (unix(7)). */
public final class UnixSocket {
  static final int SHUT_WR = 1;
  static final int SHUT_RDWR = 2;

  private UnixSocket() {}

  /**
   * Who is at the other end, as the kernel noted it when it connected.
   *
   * @param pid as this process sees it, 0 if it does not
   */
  public record Peer(int pid, int uid, int gid) {}

  /**
   * A socket that listens at an abstract name: it has no file, and is gone when closed. Every
   * process of this network namespace can connect to it: check {@link #peer}.
   *
   * @param name 1 to 107 bytes
   */
  public static OwnedFd listen(String name) throws SystemCallRefused {
    return listen("\0", name, 8);
  }

  /**
   * A socket that listens at a file.
   *
   * @param path where no file is
   */
  public static OwnedFd listenAt(String path) throws SystemCallRefused {
    return listen("", path, Layout.SOMAXCONN);
  }

  private static OwnedFd listen(String before, String name, int backlog) throws SystemCallRefused {
    byte[] bytes = KernelText.encode(before + name);
    if (name.isEmpty() || bytes.length >= Layout.SUN_PATH_SIZE) {
      throw new IllegalArgumentException("a socket name of " + bytes.length + " bytes");
    }
    long type = Layout.SOCK_STREAM | Layout.SOCK_CLOEXEC;
    var socket = new OwnedFd((int) SystemCall.checked(Sys.SOCKET, Layout.AF_UNIX, type, 0));
    try (var arena = Arena.ofConfined()) {
      int size = Layout.SUN_PATH + bytes.length;
      var address = arena.allocate(size, 8);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) Layout.AF_UNIX);
      MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, Layout.SUN_PATH, bytes.length);
      SystemCall.checked(Sys.BIND, socket.number(), address.address(), size);
      SystemCall.checked(Sys.LISTEN, socket.number(), backlog);
      return socket;
    } catch (SystemCallRefused e) {
      socket.close();
      throw e;
    }
  }

  /** Whether a descriptor is a socket that listens (SO_ACCEPTCONN, socket(7)). */
  public static boolean listens(int descriptor) {
    try (var arena = Arena.ofConfined()) {
      var value = arena.allocateFrom(ValueLayout.JAVA_INT, 0);
      var size = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
      long result =
          SystemCall.call(
              Sys.GETSOCKOPT,
              descriptor,
              Layout.SOL_SOCKET,
              Layout.SO_ACCEPTCONN,
              value.address(),
              size.address(),
              0);
      return result == 0 && value.get(ValueLayout.JAVA_INT, 0) == 1;
    }
  }

  /** Waits for a connection. It is closed on exec. */
  public static OwnedFd accept(OwnedFd listener) throws SystemCallRefused {
    return new OwnedFd(
        (int) SystemCall.checked(Sys.ACCEPT4, listener.number(), 0, 0, Layout.SOCK_CLOEXEC, 0, 0));
  }

  /** Who connected (SO_PEERCRED): of {@code connect}, not of whom the socket was passed to. */
  public static Peer peer(OwnedFd socket) throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var credentials = arena.allocate(Layout.UCRED_SIZE, 8);
      var size = arena.allocateFrom(ValueLayout.JAVA_INT, Layout.UCRED_SIZE);
      SystemCall.checked(
          Sys.GETSOCKOPT,
          socket.number(),
          Layout.SOL_SOCKET,
          Layout.SO_PEERCRED,
          credentials.address(),
          size.address(),
          0);
      return new Peer(
          credentials.get(ValueLayout.JAVA_INT, 0),
          credentials.get(ValueLayout.JAVA_INT, Layout.UCRED_UID),
          credentials.get(ValueLayout.JAVA_INT, Layout.UCRED_GID));
    }
  }

  /**
   * The process that connected (SO_PEERPIDFD, Linux 6.5), whatever has its number now.
   *
   * @throws SystemCallRefused with ENOPROTOOPT on an older kernel
   */
  public static PidFd peerProcess(OwnedFd socket) throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var fd = arena.allocateFrom(ValueLayout.JAVA_INT, -1);
      var size = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
      SystemCall.checked(
          Sys.GETSOCKOPT,
          socket.number(),
          Layout.SOL_SOCKET,
          Layout.SO_PEERPIDFD,
          fd.address(),
          size.address(),
          0);
      return PidFd.of(new OwnedFd(fd.get(ValueLayout.JAVA_INT, 0)));
    }
  }

  /**
   * How long reading, accepting and writing wait at most; then they fail with EAGAIN.
   *
   * @param millis 0: for ever
   */
  public static void patience(OwnedFd socket, long millis) throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var time = arena.allocate(ValueLayout.JAVA_LONG, 2); // struct timeval
      time.setAtIndex(ValueLayout.JAVA_LONG, 0, millis / 1000);
      time.setAtIndex(ValueLayout.JAVA_LONG, 1, TimeUnit.MILLISECONDS.toMicros(millis % 1000));
      for (int option : new int[] {Layout.SO_RCVTIMEO, Layout.SO_SNDTIMEO}) {
        SystemCall.checked(
            Sys.SETSOCKOPT, socket.number(), Layout.SOL_SOCKET, option, time.address(), 16, 0);
      }
    }
  }

  /** Ends sending: the other end reads to the end of what was sent. */
  public static void endSending(OwnedFd socket) {
    SystemCall.call(
        Sys.SHUTDOWN, socket.number(), SHUT_WR, 0); // refused once the other end is gone
  }

  /** Ends sending and receiving: whoever waits in either is woken. */
  public static void end(OwnedFd socket) {
    SystemCall.call(Sys.SHUTDOWN, socket.number(), SHUT_RDWR, 0);
  }
}
