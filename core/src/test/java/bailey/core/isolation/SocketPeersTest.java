package bailey.core.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.kernel.SocketInfo;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SocketPeersTest {
  /** Of a socket pair, as Linux 6.18 answers: 7 is the peer of 8, and one that is alone is 9. */
  private static final byte[] ANSWER =
      HexFormat.of()
          .parseHex(
              "300000001400020001000000e8030000" // nlmsghdr: 48 bytes, SOCK_DIAG_BY_FAMILY, MULTI
                  + "01010100070000000100000000000000" // AF_UNIX, SOCK_STREAM, ESTABLISHED, inode
                  + "0800020008000000" // UNIX_DIAG_PEER
                  + "0500060000000000" // UNIX_DIAG_SHUTDOWN
                  + "300000001400020001000000e8030000"
                  + "01010100080000000200000000000000"
                  + "05000600000000000800020007000000"
                  + "280000001400020001000000e8030000"
                  + "01010a00090000000300000000000000"
                  + "0500060000000000"
                  + "140000000300020001000000e8030000" // NLMSG_DONE
                  + "00000000");

  @Test
  void peers() {
    assertThat(SocketPeers.of(ANSWER)).isEqualTo(new SocketPeers(Map.of(7L, 8L, 8L, 7L), true));
  }

  @Test
  void whatIsCutShort() {
    for (int length = 0; length < ANSWER.length - 20; length++) {
      assertThat(SocketPeers.of(Arrays.copyOf(ANSWER, length)).complete()).isFalse();
    }
    assertThat(SocketPeers.of(new byte[0]).peers()).isEmpty();
  }

  @Test
  void anythingElseIsPassedOver() {
    var random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      var damaged = ANSWER.clone();
      for (int n = random.nextInt(6); n >= 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      assertThat(SocketPeers.of(damaged).peers().size()).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void joinedToWhatElseIsKnown() {
    var peers = SocketPeers.of(ANSWER);
    var unix = new SocketInfo(7, "unix", "/run/x", "", OptionalLong.empty());
    var tcp = new SocketInfo(8, "tcp", "a", "b", OptionalLong.empty());
    var alone = new SocketInfo(9, "unix", "", "", OptionalLong.empty());
    assertThat(peers.with(List.of(unix, tcp, alone)))
        .containsExactly(new SocketInfo(7, "unix", "/run/x", "", OptionalLong.of(8)), tcp, alone);
  }
}
