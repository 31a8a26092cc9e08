package bailey.core.isolation;

import bailey.core.kernel.SocketInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Which unix sockets are connected to which, in the kernel's answers to a dump request of
 * sock_diag(7). Total: what is cut short or not known is passed over.
 *
 * @param peers from the inode of a socket to that of the other end
 * @param complete whether the kernel said that this was all
 */
public record SocketPeers(Map<Long, Long> peers, boolean complete) {
  /** NLMSG_DONE, SOCK_DIAG_BY_FAMILY. */
  private static final int DONE = 3;

  private static final int BY_FAMILY = 20;

  /** struct nlmsghdr, unix_diag_msg; where its inode is. */
  private static final int HEADER = 16;

  private static final int MESSAGE = 16;
  private static final int INODE = 4;

  /** UNIX_DIAG_PEER. */
  private static final int PEER = 2;

  /** Copies. */
  public SocketPeers {
    peers = Map.copyOf(peers);
  }

  /** The body of the request for all unix sockets with their peers: struct unix_diag_req. */
  public static byte[] request() {
    return ByteBuffer.allocate(24)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 1) // AF_UNIX
        .put((byte) 0)
        .putShort((short) 0)
        .putInt(-1) // whatever their state
        .putInt(0)
        .putInt(4) // UDIAG_SHOW_PEER
        .putInt(-1) // INET_DIAG_NOCOOKIE
        .putInt(-1)
        .array();
  }

  /**
   * From the answers.
   *
   * @param answers in the byte order of the machine, which is little-endian on all that bailey runs
   *     on
   */
  public static SocketPeers of(byte[] answers) {
    var peers = new HashMap<Long, Long>();
    var buffer = ByteBuffer.wrap(answers).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (at + HEADER <= answers.length) {
      int length = buffer.getInt(at);
      int type = Short.toUnsignedInt(buffer.getShort(at + 4));
      if (length < HEADER || length > answers.length - at) {
        break;
      }
      if (type == DONE) {
        return new SocketPeers(peers, true);
      }
      if (type == BY_FAMILY && length >= HEADER + MESSAGE) {
        long inode = Integer.toUnsignedLong(buffer.getInt(at + HEADER + INODE));
        peer(buffer, at + HEADER + MESSAGE, at + length).ifPresent(peer -> peers.put(inode, peer));
      }
      at += aligned(length);
    }
    return new SocketPeers(peers, false);
  }

  /** struct rtattr: length, type, and the value, each at a multiple of 4. */
  private static OptionalLong peer(ByteBuffer buffer, int from, int end) {
    int at = from;
    while (at + 4 <= end) {
      int length = Short.toUnsignedInt(buffer.getShort(at));
      if (length < 4 || length > end - at) {
        break;
      }
      if (Short.toUnsignedInt(buffer.getShort(at + 2)) == PEER && length >= 8) {
        return OptionalLong.of(Integer.toUnsignedLong(buffer.getInt(at + 4)));
      }
      at += aligned(length);
    }
    return OptionalLong.empty();
  }

  private static int aligned(int length) {
    return (length + 3) & ~3;
  }

  /** The sockets, those of unix with their peers. */
  public List<SocketInfo> with(List<SocketInfo> sockets) {
    return sockets.stream()
        .map(socket -> socket.protocol().equals("unix") ? withPeer(socket) : socket)
        .toList();
  }

  private SocketInfo withPeer(SocketInfo socket) {
    long peer = peers.getOrDefault(socket.inode(), complete ? 0 : SocketInfo.UNKNOWN);
    return new SocketInfo(
        socket.inode(),
        socket.protocol(),
        socket.local(),
        socket.remote(),
        peer == 0 ? OptionalLong.empty() : OptionalLong.of(peer));
  }
}
