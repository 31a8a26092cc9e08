package bailey.testkit.machine;

import bailey.core.abi.KernelText;
import bailey.core.plan.Datum;
import bailey.core.plan.Operand;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The memory of one process that does a plan: an address is a block and an offset in it. */
final class Memory {
  private static final int OFFSET_BITS = 32;

  private final Map<Datum, Integer> places = new HashMap<>();
  private final List<byte[]> blocks = new ArrayList<>();

  /** Nothing in it yet. */
  Memory() {
    blocks.add(new byte[0]); // address 0 is nowhere
  }

  /** A copy, as a child has it. */
  Memory copy() {
    var copy = new Memory();
    copy.places.putAll(places);
    copy.blocks.clear();
    blocks.forEach(block -> copy.blocks.add(block.clone()));
    return copy;
  }

  long address(Datum datum, int offset) {
    return ((long) place(datum) << OFFSET_BITS) + offset;
  }

  private int place(Datum datum) {
    var known = places.get(datum);
    if (known != null) {
      return known;
    }
    int place = blocks.size();
    places.put(datum, place);
    blocks.add(new byte[0]);
    blocks.set(place, content(datum));
    return place;
  }

  private byte[] content(Datum datum) {
    return switch (datum) {
      case Datum.Text(String value) -> {
        byte[] text = KernelText.encode(value);
        yield Arrays.copyOf(text, text.length + 1);
      }
      case Datum.Bytes bytes -> bytes.value().clone();
      case Datum.Space space -> new byte[space.size()];
      case Datum.Words words -> {
        var bytes = new byte[8 * words.words().size()];
        var content = little(bytes);
        for (int i = 0; i < words.words().size(); i++) {
          content.putLong(8 * i, constant(words.words().get(i)));
        }
        yield bytes;
      }
    };
  }

  private long constant(Operand operand) {
    return switch (operand) {
      case Operand.Constant(long value, var _) -> value;
      case Operand.Address(var datum, int offset) -> address(datum, offset);
      case Operand.Result _ -> throw new IllegalArgumentException("a register in a structure");
    };
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private byte[] block(long address) {
    return blocks.get((int) (address >>> OFFSET_BITS));
  }

  long number(long address, int width) {
    var block = little(block(address));
    return width == 4 ? block.getInt((int) address) : block.getLong((int) address);
  }

  void put(long address, int width, long value) {
    var block = little(block(address));
    if (width == 4) {
      block.putInt((int) address, (int) value);
    } else {
      block.putLong((int) address, value);
    }
  }

  byte[] bytes(long address, int length) {
    int from = (int) address;
    return Arrays.copyOfRange(block(address), from, from + length);
  }

  void put(long address, byte[] bytes, int length) {
    System.arraycopy(bytes, 0, block(address), (int) address, length);
  }

  /** Up to the NUL. */
  String text(long address) {
    byte[] block = block(address);
    int end = (int) address;
    while (block[end] != 0) {
      end++;
    }
    return KernelText.decode(block, (int) address, end);
  }

  /** A vector of strings that ends with 0. */
  List<String> texts(long address) {
    var texts = new ArrayList<String>();
    for (long at = address; number(at, 8) != 0; at += 8) {
      texts.add(text(number(at, 8)));
    }
    return texts;
  }
}
