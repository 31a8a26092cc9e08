package bailey.core.kernel;

import java.util.OptionalLong;

/**
 * A socket of a network namespace.
 *
 * @param inode its number; 0 where no descriptor of it is there yet, or any more
 * @param protocol the name of its file in /proc/PID/net, such as {@code tcp} or {@code unix}
 * @param local its own end, such as {@code 127.0.0.1:80} or a path; empty where it has no name
 * @param remote the other end; empty where it is not connected, and for {@code unix}
 * @param peer for {@code unix}, the number of the socket that it is connected to, or {@link
 *     #UNKNOWN}
 */
public record SocketInfo(
    long inode, String protocol, String local, String remote, OptionalLong peer) {
  /** The peer of a socket of which that could not be found out. */
  public static final long UNKNOWN = -1;

  /** Whether it is connected by an address. */
  public boolean isConnected() {
    return !remote.isEmpty();
  }
}
