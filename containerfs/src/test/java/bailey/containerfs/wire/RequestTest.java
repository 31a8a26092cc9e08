package bailey.containerfs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.testkit.Gen;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestTest {
  private static final long UNIQUE = 0x1_0000_0007L;

  /** A message as the kernel sends it; the body is filled by the test. */
  private static ByteBuffer message(int opcode, int body) {
    var in = ByteBuffer.allocate(40 + body).order(ByteOrder.nativeOrder());
    in.putInt(0, 40 + body).putInt(4, opcode).putLong(8, UNIQUE).putLong(16, 77);
    return in.putInt(24, 1000).putInt(28, 1001).putInt(32, 4711);
  }

  private static ByteBuffer named(int opcode, int fixed, String name) {
    byte[] bytes = (name + "\0").getBytes(StandardCharsets.ISO_8859_1);
    var in = message(opcode, fixed + bytes.length);
    in.put(40 + fixed, bytes);
    return in;
  }

  @Test
  void theHeaderSaysWhoAsksWhat() {
    var header = Request.header(message(3, 16));
    assertThat(header).isEqualTo(new Request.Header(UNIQUE, 77, 1000, 1001, 4711));
    assertThat(header.sentAgain()).isFalse();
    assertThat(header.original()).isEqualTo(UNIQUE);
    var again = new Request.Header(UNIQUE | 1L << 63, 77, 0, 0, 0);
    assertThat(again.sentAgain()).isTrue();
    assertThat(again.original()).isEqualTo(UNIQUE);
  }

  @Test
  void namesEndWithNul() {
    assertThat(Request.read(named(1, 0, "web"))).isEqualTo(new Request.Lookup("web"));
    assertThat(Request.read(named(11, 0, "web"))).isEqualTo(new Request.RemoveDirectory("web"));
    var mkdir = named(9, 8, "ci");
    mkdir.putInt(40, 0755);
    assertThat(Request.read(mkdir)).isEqualTo(new Request.MakeDirectory("ci", 0755));
    var endless = named(1, 0, "web");
    endless.put(endless.limit() - 1, (byte) 'x');
    assertThat(Request.read(endless)).isEqualTo(new Request.Malformed(1));
    assertThat(Request.read(named(1, 0, ""))).isEqualTo(new Request.Malformed(1));
  }

  @Test
  void bytesThatAreNoUtf8AreKept() {
    assertThat(Request.read(named(1, 0, "a\u00ff"))).isEqualTo(new Request.Lookup("a\udcff"));
  }

  @Test
  void whatIsWrittenComesWithItsPlace() {
    var in = message(16, 43);
    in.putLong(40, 5).putLong(48, 4096).putInt(56, 3).put(80, new byte[] {'6', '4', 'M'});
    assertThat(Request.read(in))
        .isInstanceOfSatisfying(
            Request.Write.class,
            write -> {
              assertThat(write.handle()).isEqualTo(5);
              assertThat(write.offset()).isEqualTo(4096);
              assertThat(write.data()).containsExactly('6', '4', 'M');
            });
    in.putInt(56, 4); // more than there is
    assertThat(Request.read(in)).isEqualTo(new Request.Malformed(16));
    in.putInt(56, -1);
    assertThat(Request.read(in)).isEqualTo(new Request.Malformed(16));
  }

  @Test
  void fieldsAreWhereTheKernelHasThem() {
    var read = message(15, 40);
    read.putLong(40, 9).putLong(48, 100).putInt(56, 512);
    assertThat(Request.read(read)).isEqualTo(new Request.Read(9, 100, 512));
    var set = message(4, 88);
    set.putInt(40, 15).putLong(56, 3).putInt(108, 0600).putInt(116, 7).putInt(120, 8);
    assertThat(Request.read(set)).isEqualTo(new Request.SetAttributes(15, 3, 0600, 7, 8));
    var list = message(44, 40);
    list.putLong(40, 9).putLong(48, 2).putInt(56, 4096);
    assertThat(Request.read(list)).isEqualTo(new Request.ReadDirectory(9, 2, 4096, true));
    var poll = message(40, 24);
    poll.putLong(40, 9).putLong(48, 33).putInt(56, 1).putInt(60, 2);
    assertThat(Request.read(poll)).isEqualTo(new Request.Poll(9, 33, true, 2));
    var init = message(26, 64);
    init.putInt(40, 7).putInt(44, 45).putInt(48, 131072).putInt(52, -1).putInt(56, 1 << 7);
    assertThat(Request.read(init)).isEqualTo(new Request.Init(7, 45, 131072, 0x80_ffff_ffffL));
    var old = message(26, 16);
    old.putInt(40, 7).putInt(44, 31).putInt(52, 8);
    assertThat(Request.read(old)).isEqualTo(new Request.Init(7, 31, 0, 8));
    var interrupt = message(36, 8);
    interrupt.putLong(40, UNIQUE);
    assertThat(Request.read(interrupt)).isEqualTo(new Request.Interrupt(UNIQUE));
  }

  @Test
  void forgottenNodesAreAsManyAsThereAre() {
    assertThat(Request.read(message(2, 8))).isEqualTo(new Request.Forget(List.of(77L)));
    var in = message(42, 8 + 32);
    in.putInt(40, 2).putLong(48, 10).putLong(64, 11);
    assertThat(Request.read(in)).isEqualTo(new Request.Forget(List.of(10L, 11L)));
    in.putInt(40, -1); // it says more than it has
    assertThat(Request.read(in)).isEqualTo(new Request.Forget(List.of(10L, 11L)));
  }

  @Test
  void whateverTheBytesAreThereIsAnAnswer() {
    for (long seed = 0; seed < 20_000; seed++) {
      var gen = new Gen(seed);
      int body = (int) gen.number(0, 120);
      var in = message((int) gen.number(0, 70), body);
      for (int i = 0; i < body; i++) {
        in.put(40 + i, (byte) gen.number(0, 255));
      }
      assertThat(Request.read(in)).as("seed %d", seed).isNotNull();
    }
  }
}
