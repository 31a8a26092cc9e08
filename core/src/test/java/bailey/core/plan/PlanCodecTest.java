package bailey.core.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Arch;
import bailey.core.abi.Sys;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The layout that executor.c reads. */
class PlanCodecTest {
  private static final int STEP = 64;

  private static ByteBuffer encode(Steps steps, int tag) {
    var plan = new Plan("test", Arch.X86_64, List.of(), steps.list());
    return ByteBuffer.wrap(PlanCodec.encode(plan, tag).bytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void headerSaysVersionMachineAndSizes() {
    var bytes = encode(new Steps(new Registers()).call("leaving", Sys.SETSID), 7);
    assertThat(bytes.getInt(0)).isEqualTo(PlanCodec.MAGIC);
    assertThat(bytes.getShort(4)).isEqualTo((short) PlanCodec.VERSION);
    assertThat(bytes.getShort(6)).isEqualTo((short) 62);
    assertThat(bytes.getInt(8)).isEqualTo(bytes.capacity());
    assertThat(bytes.getInt(16)).as("steps: the call and the end").isEqualTo(2);
    assertThat(bytes.getInt(32)).isEqualTo(7);
  }

  @Test
  void textIsRelocatedToThePlan() {
    var bytes = encode(new Steps(new Registers()).call("going", Sys.CHDIR, Operand.text("/x")), 0);
    int first = bytes.getInt(20);
    assertThat(bytes.getShort(first + 4)).isEqualTo((short) Sys.CHDIR.number(Arch.X86_64));
    assertThat(bytes.getShort(first + 6) & 3).as("a pointer into the plan").isEqualTo(1);
    int at = (int) bytes.getLong(first + 16);
    assertThat(new byte[] {bytes.get(at), bytes.get(at + 1), bytes.get(at + 2)})
        .containsExactly('/', 'x', 0);
  }

  @Test
  void undoIsLaidOutLastFirst() {
    var steps = new Steps(new Registers());
    steps.undo("first", undo -> undo.call("one", Sys.GETPID));
    steps.undo("second", undo -> undo.call("two", Sys.SETSID));
    var bytes = encode(steps, 0);
    int start = bytes.getInt(20);
    int first = bytes.getInt(start + 8);
    int second = bytes.getInt(start + STEP + 8);
    assertThat(second).as("the second undo falls through into the first").isEqualTo(first - 1);
    assertThat(bytes.getShort(start + first * STEP + 4))
        .isEqualTo((short) Sys.GETPID.number(Arch.X86_64));
  }

  @Test
  void everyJumpGoesForwardWithinThePlan() {
    var random = new Random(42);
    for (int round = 0; round < 200; round++) {
      var steps = new Steps(new Registers());
      random(steps, random, 3);
      var bytes = encode(steps, 0);
      int count = bytes.getInt(16);
      for (int i = 0; i < count; i++) {
        int target = bytes.getInt(bytes.getInt(20) + i * STEP + 8);
        assertThat(target).isLessThanOrEqualTo(count);
        assertThat(target == 0 || target > i).as("step %d jumps to %d", i, target).isTrue();
      }
    }
  }

  private static void random(Steps steps, Random random, int depth) {
    int count = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      switch (depth == 0 ? 0 : random.nextInt(4)) {
        case 0 -> steps.call("calling", Sys.GETPID, Operand.text("t" + random.nextInt(9)));
        case 1 ->
            steps.when(
                "perhaps",
                Operand.number(0),
                Step.Test.LESS,
                Operand.number(1),
                inner -> random(inner, random, depth - 1));
        case 2 -> steps.undo("undoing", inner -> random(inner, random, 0));
        default ->
            steps.add(
                new Step.Spawn(
                    new Step.Note("starting", "test"),
                    "child",
                    new Datum.Space("arguments", 88),
                    null,
                    steps.inside(inner -> random(inner, random, depth - 1))));
      }
    }
  }

  @Test
  void recordsComeBack() {
    var bytes = new ArrayList<Byte>();
    entry(bytes, 1, "status", 8, new byte[] {5, 0, 0, 0, 0, 0, 0, 0});
    entry(bytes, 0, "cpu/cpu.stat", 3, "a 1".getBytes(UTF_8));
    var raw = new byte[bytes.size()];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = bytes.get(i);
    }
    var record = PlanRecord.parse(raw);
    assertThat(record.number("status")).hasValue(5);
    assertThat(record.file("cpu/cpu.stat")).isEqualTo("a 1");
    for (int cut = 1; cut < raw.length; cut++) {
      var part = Arrays.copyOf(raw, cut);
      if (cut != 18) { // the end of the first entry
        assertThatThrownBy(() -> PlanRecord.parse(part))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  private static void entry(List<Byte> to, int kind, String key, int length, byte[] data) {
    to.add((byte) kind);
    to.add((byte) key.length());
    to.add((byte) length);
    to.add((byte) 0);
    for (byte b : key.getBytes(UTF_8)) {
      to.add(b);
    }
    for (byte b : data) {
      to.add(b);
    }
  }
}
