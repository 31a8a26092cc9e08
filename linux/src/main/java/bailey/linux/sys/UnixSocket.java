package bailey.linux.sys;

import bailey.core.abi.KernelText;
import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Stream sockets of the unix domain (unix(7)) with abstract names. */
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
    byte[] bytes = KernelText.encode(name);
    if (bytes.length == 0 || bytes.length >= Layout.SUN_PATH_SIZE) {
      throw new IllegalArgumentException("a socket name of " + bytes.length + " bytes");
    }
    long type = Layout.SOCK_STREAM | Layout.SOCK_CLOEXEC;
    var socket = new OwnedFd((int) SystemCall.checked(Sys.SOCKET, Layout.AF_UNIX, type, 0));
    try (var arena = Arena.ofConfined()) {
      int size = Layout.SUN_PATH + 1 + bytes.length; // the name follows a NUL
      var address = arena.allocate(size, 8);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) Layout.AF_UNIX);
      MemorySegment.copy(
          bytes, 0, address, ValueLayout.JAVA_BYTE, Layout.SUN_PATH + 1, bytes.length);
      SystemCall.checked(Sys.BIND, socket.number(), address.address(), size);
      SystemCall.checked(Sys.LISTEN, socket.number(), 8);
      return socket;
    } catch (SystemCallRefused e) {
      socket.close();
      throw e;
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
