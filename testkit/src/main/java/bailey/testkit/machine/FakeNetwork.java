package bailey.testkit.machine;

import bailey.core.abi.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;

/** A network namespace with its loopback interface alone, as netlink(7) tells of it. */
final class FakeNetwork {
  static final int AF_NETLINK = 16;

  private static final int RTM_GETLINK = 18;
  private static final int SOCK_DIAG_BY_FAMILY = 20;
  private static final int NLMSG_DONE = 3;
  private static final int NEW_LINK = 16;
  private static final int NEW_ADDRESS = 20;

  private FakeNetwork() {}

  /** A socket that answers dump requests. */
  static final class Socket extends OpenFile {
    private final ArrayDeque<byte[]> answers = new ArrayDeque<>();

    @Override
    int write(FakeProcess process, byte[] bytes) {
      int type = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getShort(4);
      answers.add(
          switch (type) {
            case RTM_GETLINK -> link();
            case SOCK_DIAG_BY_FAMILY -> done();
            default -> address();
          });
      return bytes.length;
    }

    @Override
    int read(FakeProcess process, byte[] into, int length) {
      var answer = answers.poll();
      if (answer == null) {
        throw new Refused(Errno.EAGAIN);
      }
      System.arraycopy(answer, 0, into, 0, answer.length);
      return answer.length;
    }
  }

  /** struct ifinfomsg: index 1, IFF_UP; then the name. */
  private static byte[] link() {
    var answer = new byte[16 + 16 + 8];
    var message = message(answer, NEW_LINK);
    message.putInt(0).putInt(1).putInt(1).putInt(0);
    message.putShort((short) 7).putShort((short) 3).put(new byte[] {'l', 'o', 0, 0});
    return answer;
  }

  /** struct ifaddrmsg: 127.0.0.1/8 on 1. */
  private static byte[] address() {
    var answer = new byte[16 + 8 + 8];
    var message = message(answer, NEW_ADDRESS);
    message.put((byte) 2).put((byte) 8).putShort((short) 0).putInt(1);
    message.putShort((short) 8).putShort((short) 2).put(new byte[] {127, 0, 0, 1});
    return answer;
  }

  /** No socket at all. */
  private static byte[] done() {
    var answer = new byte[16 + 4];
    message(answer, NLMSG_DONE);
    return answer;
  }

  /** With struct nlmsghdr written. */
  private static ByteBuffer message(byte[] answer, int type) {
    var message = ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN);
    return message.putInt(answer.length).putShort((short) type).putShort((short) 2).putLong(0);
  }
}
