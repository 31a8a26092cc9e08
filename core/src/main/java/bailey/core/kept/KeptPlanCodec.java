package bailey.core.kept;

import bailey.core.abi.KernelText;
import bailey.core.container.InventedName;
import bailey.core.kept.Particulars.Naming;
import bailey.core.kernel.Call;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file of a kept plan, as the executor (kept.h) reads it: little endian, a header of 64 bytes,
 * what the plan depends on, the places to fill, the plan.
 */
public final class KeptPlanCodec {
  /** {@code BLYK}. */
  static final int MAGIC = 0x4b594c42;

  static final int VERSION = 2;

  /** Larger files are not read. */
  static final int MOST = 1 << 20;

  static final int SUM_AT = 32;

  /** The command that is an OCI runtime (client.h). */
  private static final String OCI = "oci";

  private static final int HEADER = 64;
  private static final int SLOT = 16;
  private static final int NOT_SET = -1;
  private static final int BUILD = 16;

  private KeptPlanCodec() {}

  /** Kinds of what a plan depends on, by their numbers in kept.h. */
  private enum Kind {
    CALL(1),
    NAME(2),
    VARIABLE(3),
    TEXT(4),
    LINES(5),
    LINK(6),
    DIRECTORY(7),
    PLACE(8),
    PROC(9),
    WORD(10),
    TASK(11),
    ENVIRONMENT(12),
    GUARDED(13),
    FEW(14),
    INVENTED(15);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  /**
   * The name of the file for a call; of the OCI runtime the same for calls that differ in nothing
   * but their last argument, if that is as long. Of others it depends on the environment too, which
   * their plans do.
   */
  public static String fileName(Call call) {
    long hash = mix(0xcbf29ce484222325L, words(call));
    if (!call.arguments().getFirst().equals(OCI)) {
      hash = mix(hash, KernelText.encode(call.arguments().getLast() + '\0'));
      var environment = Fact.Environment.of(call.origin().environment());
      hash = mix(hash, KernelText.encode(environment.text()));
    }
    long length = KernelText.encode(call.arguments().getLast()).length;
    for (int i = 0; i < Long.BYTES; i++) {
      hash = mix(hash, (byte) (length >>> (8 * i)));
    }
    var hex = Long.toHexString(hash);
    return "plan-" + "0".repeat(16 - hex.length()) + hex;
  }

  private static long mix(long hash, byte[] bytes) {
    long mixed = hash;
    for (byte b : bytes) {
      mixed = mix(mixed, b);
    }
    return mixed;
  }

  /** FNV-1a. */
  private static long mix(long hash, byte b) {
    return (hash ^ (b & 0xff)) * 0x100000001b3L;
  }

  /** The program, the directory and all arguments but the last, each ended by NUL. */
  private static byte[] words(Call call) {
    var text = new StringBuilder();
    text.append(call.program()).append('\0').append(call.origin().directory()).append('\0');
    for (var word : call.arguments().subList(0, call.arguments().size() - 1)) {
      text.append(word).append('\0');
    }
    return KernelText.encode(text.toString());
  }

  /**
   * The file.
   *
   * @param build the only one that takes it, 16 characters
   * @param call the last argument of which is the name that the template was made with, where that
   *     has places
   * @param facts what the plan depends on
   * @return empty where it would be too large
   */
  public static Optional<byte[]> encode(
      String build, Call call, List<Fact> facts, Template template) {
    var items = new ArrayList<byte[]>();
    put(items, Kind.CALL, "", words(call));
    put(
        items,
        template.naming() == Naming.LAST_WORD ? Kind.NAME : Kind.WORD,
        "",
        KernelText.encode(call.arguments().getLast()));
    if (template.naming() == Naming.INVENTED) {
      byte[] rest = KernelText.encode(InventedName.REST);
      put(items, Kind.INVENTED, InventedName.FIRST, rest.length, rest, InventedName.LENGTH);
    }
    facts.forEach(fact -> put(items, fact));
    int count = items.size();
    int slotsAt = HEADER + items.stream().mapToInt(item -> item.length).sum();
    int planAt = slotsAt + SLOT * template.slots().size();
    int size = (planAt + template.plan().length + 7) & -8;
    if (size > MOST || build.length() != BUILD) {
      return Optional.empty();
    }
    var out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putShort((short) VERSION).putShort(terminals(call));
    out.putInt(size).putInt(count).putInt(planAt).putInt(slotsAt);
    out.putInt(template.slots().size()).putInt(0).putLong(0);
    out.put(build.getBytes(StandardCharsets.US_ASCII)).putLong(0);
    items.forEach(out::put);
    for (var slot : template.slots()) {
      out.putInt(slot.at()).putInt(slot.what().code()).putInt(slot.from()).putInt(0);
    }
    out.put(template.plan());
    out.putLong(SUM_AT, sum(out));
    return Optional.of(out.array());
  }

  private static short terminals(Call call) {
    short bits = 0;
    for (int descriptor = 0; descriptor < 3; descriptor++) {
      if (call.isTerminal(descriptor)) {
        bits |= (short) (1 << descriptor);
      }
    }
    return bits;
  }

  /** Each word changes it in a way that no other word takes back. */
  static long sum(ByteBuffer words) {
    long sum = 0x9e3779b97f4a7c15L;
    for (int at = 0; at < words.capacity(); at += Long.BYTES) {
      sum = (sum ^ words.getLong(at)) * 0xff51afd7ed558ccdL;
      sum ^= sum >>> 32;
    }
    return sum;
  }

  private static void put(List<byte[]> items, Fact fact) {
    switch (fact) {
      case Fact.Variable(var name, var value) -> {
        if (value.isPresent()) {
          put(items, Kind.VARIABLE, name, KernelText.encode(value.get()));
        } else {
          put(items, Kind.VARIABLE, name, NOT_SET, new byte[0]);
        }
      }
      case Fact.Environment(var text) -> put(items, Kind.ENVIRONMENT, "", KernelText.encode(text));
      case Fact.Guarded(var path) -> put(items, Kind.GUARDED, path, new byte[0]);
      case Fact.Few(var path, var most) -> put(items, Kind.FEW, path, 0, new byte[0], most);
      case Fact.Text(var path, var text) -> put(items, Kind.TEXT, path, KernelText.encode(text));
      case Fact.Lines(var path, var lines) ->
          put(items, Kind.LINES, path, KernelText.encode(lines));
      case Fact.Link(var path, var target) ->
          put(items, Kind.LINK, path, KernelText.encode(target));
      case Fact.Directory(var path, var real) ->
          put(items, Kind.DIRECTORY, path, KernelText.encode(real));
      case Fact.Place(var path, var kind, var followed) ->
          put(
              items,
              Kind.PLACE,
              path,
              new byte[] {(byte) kind.letter(), (byte) (followed ? 'F' : '-')});
      case Fact.Proc(var path, var is) ->
          put(items, Kind.PROC, path, new byte[] {(byte) (is ? 'P' : '-')});
      case Fact.Task(var path, var runs) ->
          put(items, Kind.TASK, path, new byte[] {(byte) (runs ? 'R' : '-')});
    }
  }

  private static void put(List<byte[]> items, Kind kind, String name, byte[] value) {
    put(items, kind, name, value.length, value);
  }

  private static void put(List<byte[]> items, Kind kind, String name, int length, byte[] value) {
    put(items, kind, name, length, value, 0);
  }

  private static void put(
      List<byte[]> items, Kind kind, String name, int length, byte[] value, int number) {
    byte[] text = KernelText.encode(name + '\0');
    var item = ByteBuffer.allocate((16 + text.length + value.length + 7) & -8);
    item.order(ByteOrder.LITTLE_ENDIAN).putInt(kind.code).putInt(text.length).putInt(length);
    item.putInt(number).put(text).put(value);
    items.add(item.array());
  }
}
