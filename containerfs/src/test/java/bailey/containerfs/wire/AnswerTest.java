package bailey.containerfs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.containerfs.wire.Answer.Validity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Layouts of linux/fuse.h. */
class AnswerTest {
  private static final Attributes FILE =
      new Attributes(
          0x1_0000_0002L, Attributes.FILE | 0644, 5, 6, 4096, 1_500_000_000_000_000_007L);

  private final Answer answer = new Answer(4096);

  private ByteBuffer message() {
    var out = answer.message().duplicate().order(ByteOrder.nativeOrder()).flip();
    assertThat(out.getInt(0)).as("its length").isEqualTo(out.limit());
    return out;
  }

  @Test
  void anErrorIsNegative() {
    answer.status(9, 22);
    var out = message();
    assertThat(out.limit()).isEqualTo(16);
    assertThat(out.getInt(4)).isEqualTo(-22);
    assertThat(out.getLong(8)).isEqualTo(9);
  }

  @Test
  void anEntryIsANodeAndItsAttributes() {
    answer.entry(9, FILE, 13, new Validity(11, 14, 12));
    var out = message();
    assertThat(out.limit()).isEqualTo(16 + 128);
    assertThat(out.getLong(16)).isEqualTo(FILE.node());
    assertThat(out.getLong(24)).as("generation").isEqualTo(13);
    assertThat(out.getLong(32)).isEqualTo(11);
    assertThat(out.getLong(40)).isEqualTo(12);
    assertThat(out.getInt(48)).isEqualTo(14);
    attributes(out, 56);
  }

  private static void attributes(ByteBuffer out, int at) {
    assertThat(out.getLong(at)).as("ino").isEqualTo(FILE.node());
    assertThat(out.getLong(at + 8)).as("size").isEqualTo(4096);
    assertThat(out.getLong(at + 16)).as("blocks").isEqualTo(8);
    assertThat(out.getLong(at + 32)).as("mtime").isEqualTo(1_500_000_000);
    assertThat(out.getInt(at + 52)).as("mtimensec").isEqualTo(7);
    assertThat(out.getInt(at + 60)).as("mode").isEqualTo(0100644);
    assertThat(out.getInt(at + 64)).as("nlink").isEqualTo(1);
    assertThat(out.getInt(at + 68)).as("uid").isEqualTo(5);
    assertThat(out.getInt(at + 72)).as("gid").isEqualTo(6);
    assertThat(out.getInt(at + 80)).as("blksize").isEqualTo(4096);
  }

  @Test
  void attributesAlone() {
    answer.attributes(9, FILE, new Validity(0, 0, 12));
    var out = message();
    assertThat(out.limit()).isEqualTo(16 + 104);
    assertThat(out.getLong(16)).isEqualTo(12);
    attributes(out, 32);
  }

  @Test
  void entriesOfADirectoryArePaddedAndAsManyAsFit() {
    byte[] name = "memory.max".getBytes(StandardCharsets.UTF_8);
    answer.directory(9, 24 + 8 + 24 + 16);
    assertThat(answer.addDot(new byte[] {'.'}, 1, 1, false)).isTrue();
    assertThat(answer.add(name, FILE, 2, false, new Validity(1, 0, 1))).isTrue();
    assertThat(answer.add(name, FILE, 3, false, new Validity(1, 0, 1))).isFalse();
    answer.endDirectory();
    var out = message();
    assertThat(out.limit()).isEqualTo(16 + 32 + 40);
    assertThat(out.getLong(16)).as("ino").isEqualTo(1);
    assertThat(out.getInt(36)).as("type").isEqualTo(4);
    assertThat(out.getLong(48)).isEqualTo(FILE.node());
    assertThat(out.getLong(56)).as("next").isEqualTo(2);
    assertThat(out.getInt(64)).as("namelen").isEqualTo(10);
    assertThat(out.getInt(68)).as("type").isEqualTo(8);
    var read = new byte[10];
    out.get(72, read);
    assertThat(read).isEqualTo(name);
  }

  @Test
  void withAttributesEachIsLonger() {
    answer.directory(9, 4096);
    assertThat(answer.addDot(new byte[] {'.'}, 1, 1, true)).isTrue();
    assertThat(answer.add(new byte[] {'a'}, FILE, 2, true, new Validity(1, 0, 2))).isTrue();
    answer.endDirectory();
    var out = message();
    assertThat(out.limit()).isEqualTo(16 + 2 * (128 + 32));
    assertThat(out.getLong(16)).as("no node is remembered for it").isZero();
    attributes(out, 16 + 160 + 40);
  }

  @Test
  void aDirectoryIsNeverLongerThanTheBuffer() {
    answer.directory(9, Integer.MAX_VALUE);
    int n = 0;
    while (answer.add(new byte[] {'a'}, FILE, 2, false, new Validity(1, 0, 2))) {
      n++;
    }
    assertThat(n).isEqualTo(4096 / 32);
    answer.directory(9, -1);
    assertThat(answer.addDot(new byte[] {'.'}, 1, 1, false)).isFalse();
  }

  @Test
  void whatWasPreparedIsTheSame() {
    answer.directory(9, 4096);
    assertThat(answer.add(Answer.prepared(new byte[] {'a'}, FILE.node(), false), 2, false))
        .isTrue();
    answer.endDirectory();
    var prepared = new byte[16 + 32];
    message().get(prepared);
    answer.directory(9, 4096);
    assertThat(answer.add(new byte[] {'a'}, FILE, 2, false, new Validity(1, 0, 2))).isTrue();
    answer.endDirectory();
    var usual = new byte[16 + 32];
    message().get(usual);
    assertThat(prepared).isEqualTo(usual);
    answer.directory(9, 4096);
    assertThat(answer.add(Answer.prepared(new byte[] {'a'}, 5, true), 2, true)).isTrue();
    answer.endDirectory();
    assertThat(message().limit()).isEqualTo(16 + 128 + 32);
    assertThat(message().getLong(16)).as("no node to be remembered").isZero();
    answer.directory(9, 128 + 31);
    assertThat(answer.add(Answer.prepared(new byte[] {'a'}, 5, true), 2, true)).isFalse();
  }

  @Test
  void whatIsAgreedOnIsWhatBothHave() {
    var agreed = Protocol.of(new Request.Init(7, 99, 4096, -1));
    answer.init(9, agreed);
    var out = message();
    assertThat(out.limit()).isEqualTo(16 + 64);
    assertThat(out.getInt(16)).isEqualTo(7);
    assertThat(out.getInt(20)).isEqualTo(45);
    assertThat(out.getInt(36)).as("max_write").isEqualTo(65536);
    assertThat(out.getInt(48)).as("flags2").isEqualTo(1 << 7 | 1 << 5);
    assertThat(out.getInt(52)).as("max_stack_depth").isEqualTo(1);
    assertThat(agreed.resends()).isTrue();
    assertThat(Protocol.of(new Request.Init(7, 36, 4096, 8)).flags()).isEqualTo(8);
    assertThat(Protocol.speaks(new Request.Init(7, 30, 0, 0))).isFalse();
    assertThat(Protocol.speaks(new Request.Init(8, 45, 0, 0))).isFalse();
    assertThat(Protocol.speaks(new Request.Init(7, 31, 0, 0))).isTrue();
  }
}
