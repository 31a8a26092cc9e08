package bailey.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import bailey.core.kernel.SocketInfo;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HoldingParsersTest {
  private static final String MAPS =
      """
      55d0c0a00000-55d0c0a02000 r--p 00000000 fe:00 1234                       /usr/bin/cat
      7f0000000000-7f0000001000 rw-s 00000000 00:01 77                         /dev/zero (deleted)
      7f0000001000-7f0000002000 rw-s 00001000 00:01 77                         /dev/zero (deleted)
      7f0000002000-7f0000003000 r--s 00000000 fe:01f 99                        /usr/lib/a b
      7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0                          [stack]
      """;

  private static final String TCP =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode\n"
          + "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0     "
          + "   0 4711 1 0 100 0 0 10 0\n"
          + "   1: 0100007F:1F90 0200007F:C350 01 00000000:00000000 00:00000000 00000000     0     "
          + "   0 4712 1 0 20 4 30 10 -1\n"
          + "   2: 0100007F:C350 0100007F:1F90 06 00000000:00000000 03:00000000 00000000     0     "
          + "   0 0 3 0 20 4 30 10 -1\n";

  private static final String TCP6 =
      "  sl  local_address                         remote_address                        st\n"
          + "   0: 00000000000000000000000001000000:0050 B80D012000000000000000000100000A:01BB 01"
          + " 00000000:00000000 00:00000000 00000000 0 0 5 1 0\n"
          + "   1: 0000000000000000FFFF00000100007F:0050 0000000000000000FFFF00000100007F:01BB 01"
          + " 00000000:00000000 00:00000000 00000000 0 0 6 1 0\n";

  private static final String UNIX =
      """
      Num       RefCount Protocol Flags    Type St Inode Path
      0000000000000000: 00000002 00000000 00010000 0001 01 12345 /run/a b
      0000000000000000: 00000003 00000000 00000000 0001 03 12346
      """;

  @Test
  void maps() {
    assertThat(SharedMapping.parseAll(MAPS))
        .containsExactly(
            new SharedMapping(true, 1, 77, "/dev/zero (deleted)"),
            new SharedMapping(false, 0xfeL << 32 | 0x1f, 99, "/usr/lib/a b"));
  }

  @Test
  void descriptors() {
    var info = DescriptorInfo.parse("pos:\t0\nmnt_id:\t15\neventfd-id: 3\nPid:\t-1\n");
    assertThat(info.number("mnt_id")).hasValue(15);
    assertThat(info.number("eventfd-id")).hasValue(3);
    assertThat(info.number("Pid")).isEmpty();
    assertThat(info.number("none")).isEmpty();
  }

  @Test
  void internetSockets() {
    assertThat(SocketTable.internet("tcp", TCP))
        .containsExactly(
            socket(4711, "tcp", "127.0.0.1:8080", ""),
            socket(4712, "tcp", "127.0.0.1:8080", "127.0.0.2:50000"),
            socket(0, "tcp", "127.0.0.1:50000", ""));
    assertThat(SocketTable.internet("tcp6", TCP6))
        .containsExactly(
            socket(
                5,
                "tcp6",
                "[0000:0000:0000:0000:0000:0000:0000:0001]:80",
                "[2001:0db8:0000:0000:0000:0000:0a00:0001]:443"),
            socket(6, "tcp6", "127.0.0.1:80", "127.0.0.1:443"));
  }

  @Test
  void unixSockets() {
    assertThat(SocketTable.unix(UNIX))
        .containsExactly(socket(12345, "unix", "/run/a b", ""), socket(12346, "unix", "", ""));
  }

  private static SocketInfo socket(long inode, String protocol, String local, String remote) {
    return new SocketInfo(inode, protocol, local, remote, OptionalLong.empty());
  }

  @Test
  void anythingElseIsPassedOver() {
    var random = new Random(RandomText.SEED);
    for (var seed : List.of(MAPS, TCP, TCP6, UNIX)) {
      for (int i = 0; i < 2_000; i++) {
        var text = RandomText.damaged(random, seed, " 0123456789abcdefrws-:/\n\t");
        assertThatCode(
                () -> {
                  var _ = SharedMapping.parseAll(text);
                  var _ = SocketTable.internet("tcp", text);
                  var _ = SocketTable.unix(text);
                  var _ = DescriptorInfo.parse(text);
                })
            .as(text)
            .doesNotThrowAnyException();
      }
    }
  }
}
