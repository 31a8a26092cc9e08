package bailey.core.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The part of the eBPF machine that device programs use, written from the kernel's
 * instruction-set.rst: 64-bit registers, context in register 1, result in register 0.
 */
final class EbpfMachine {
  private final ByteBuffer program;

  EbpfMachine(byte[] bytes) {
    program = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.length % 8).isZero();
  }

  int length() {
    return program.capacity() / 8;
  }

  /** Runs the program on a context of 32-bit words. */
  long run(int... context) {
    var registers = new long[11];
    var written = new boolean[11];
    written[1] = true;
    boolean pointer = true;
    for (int at = 0; ; at++) {
      int code = program.get(at * 8) & 0xff;
      int destination = program.get(at * 8 + 1) & 0xf;
      int source = program.get(at * 8 + 1) >> 4 & 0xf;
      int offset = program.getShort(at * 8 + 2);
      int immediate = program.getInt(at * 8 + 4);
      switch (code) {
        case 0x61 -> {
          assertThat(source).as("loads from the context").isEqualTo(1);
          assertThat(pointer).as("register 1 still points to it").isTrue();
          registers[destination] = Integer.toUnsignedLong(context[offset / 4]);
        }
        case 0xb4 -> registers[destination] = Integer.toUnsignedLong(immediate);
        case 0xbc -> {
          assertThat(written[source]).isTrue();
          registers[destination] = registers[source] & 0xffffffffL;
        }
        case 0x54 -> registers[destination] = registers[destination] & immediate & 0xffffffffL;
        case 0x4c -> {
          assertThat(written[source]).isTrue();
          registers[destination] = (registers[destination] | registers[source]) & 0xffffffffL;
        }
        case 0xa4 -> registers[destination] = (registers[destination] ^ immediate) & 0xffffffffL;
        case 0x74 -> registers[destination] = (registers[destination] & 0xffffffffL) >>> immediate;
        case 0x15 -> at += registers[destination] == immediate ? offset : 0;
        case 0x55 -> at += registers[destination] != immediate ? offset : 0;
        case 0x95 -> {
          assertThat(written[0]).isTrue();
          return registers[0];
        }
        default -> throw new AssertionError("no instruction " + Integer.toHexString(code));
      }
      if (code == 0x61 || code == 0xb4 || code == 0xbc) {
        written[destination] = true;
        pointer &= destination != 1;
      }
    }
  }
}
