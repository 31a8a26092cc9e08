package bailey.core.plan;

import bailey.core.abi.KernelText;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The data of a plan: constants first, zeroed space (which needs no bytes) behind them. */
final class PlanData {
  private record Pointer(boolean inCode, int at, Datum datum, int offset) {}

  private final Map<String, Integer> texts = new HashMap<>();
  private final IdentityHashMap<Datum, Integer> places = new IdentityHashMap<>();
  private final List<Datum> spaces = new ArrayList<>();
  private final List<Pointer> pointers = new ArrayList<>();
  private ByteBuffer constants = PlanCodec.little(8192);
  private int space;

  /** Writes an operand at {@code at} of the code and returns its kind. */
  int write(ByteBuffer code, int at, Operand operand) {
    return switch (operand) {
      case Operand.Constant(long value, var _) -> {
        code.putLong(at, value);
        yield 0;
      }
      case Operand.Address(var datum, int offset) -> {
        put(datum);
        pointers.add(new Pointer(true, at, datum, offset));
        yield 1;
      }
      case Operand.Result(var register) -> {
        code.putLong(at, register.number());
        yield 2;
      }
    };
  }

  private void put(Datum datum) {
    switch (datum) {
      case Datum.Text(String value) -> {
        if (!texts.containsKey(value)) {
          byte[] bytes = KernelText.encode(value);
          int at = allocate(bytes.length + 1, 1);
          constants.put(at, bytes);
          texts.put(value, at);
        }
      }
      case Datum.Bytes bytes -> {
        if (!places.containsKey(bytes)) {
          int at = allocate(bytes.value().length, 8);
          constants.put(at, bytes.value());
          places.put(bytes, at);
        }
      }
      case Datum.Words words -> {
        if (!places.containsKey(words)) {
          int at = allocate(8 * words.words().size(), 8);
          places.put(words, at);
          for (int i = 0; i < words.words().size(); i++) {
            word(at + 8 * i, words.words().get(i));
          }
        }
      }
      case Datum.Space zeroes -> {
        if (!places.containsKey(zeroes)) {
          places.put(zeroes, space);
          spaces.add(zeroes);
          space += (zeroes.size() + 7) & ~7;
        }
      }
    }
  }

  private void word(int at, Operand operand) {
    switch (operand) {
      case Operand.Constant(long value, var _) -> constants.putLong(at, value);
      case Operand.Address(var datum, int offset) -> {
        put(datum);
        pointers.add(new Pointer(false, at, datum, offset));
      }
      case Operand.Result _ ->
          throw new IllegalArgumentException("a register inside of a structure: use Store");
    }
  }

  private int allocate(int size, int alignment) {
    int at = (constants.position() + alignment - 1) & -alignment;
    if (at + size > constants.capacity()) {
      int capacity = Integer.highestOneBit(at + size) * 2;
      constants = PlanCodec.little(capacity).put(0, constants, 0, constants.capacity()).position(0);
    }
    constants.position(at + size);
    return at;
  }

  /** No more is put: what comes behind begins at a multiple of 8. */
  void align() {
    allocate(0, 8);
  }

  /** Bytes of the constants. */
  int constantSize() {
    return constants.position();
  }

  /** Bytes of all. */
  int size() {
    return constants.position() + space;
  }

  /** How many addresses are in the data. */
  int relocations() {
    int n = 0;
    for (var pointer : pointers) {
      n += pointer.inCode() ? 0 : 1;
    }
    return n;
  }

  /**
   * Writes the constants, the addresses of data in the code and in themselves, and where the latter
   * are.
   *
   * @param codeAt where the code is in {@code out}
   */
  void place(ByteBuffer out, int codeAt, int dataAt, int relocsAt) {
    out.put(dataAt, constants, 0, constants.position());
    int reloc = relocsAt;
    for (var pointer : pointers) {
      long address = (long) dataAt + offset(pointer.datum()) + pointer.offset();
      if (pointer.inCode()) {
        out.putLong(codeAt + pointer.at(), address);
      } else {
        out.putLong(dataAt + pointer.at(), address);
        out.putInt(reloc, dataAt + pointer.at());
        reloc += 4;
      }
    }
  }

  private int offset(Datum datum) {
    Integer at = datum instanceof Datum.Text(String value) ? texts.get(value) : places.get(datum);
    if (at == null) {
      throw new IllegalStateException(datum + " was never put");
    }
    return datum instanceof Datum.Space ? constants.position() + at : at;
  }
}
