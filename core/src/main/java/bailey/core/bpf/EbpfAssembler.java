package bailey.core.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Assembles an eBPF program from its end to its start, as {@link ClassicAssembler} does and for the
 * same reason. An instruction goes on at the one written before it. Source:
 * Documentation/bpf/standardization/ instruction-set.rst and linux/bpf.h of the kernel. Only what
 * bailey's programs need.
 */
final class EbpfAssembler {
  private static final int LOAD_WORD = 0x61; // BPF_LDX | BPF_MEM | BPF_W
  private static final int MOVE = 0xb4; // BPF_ALU | BPF_MOV | BPF_K
  private static final int MOVE_REGISTER = 0xbc; // BPF_ALU | BPF_MOV | BPF_X
  private static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
  private static final int OR_REGISTER = 0x4c; // BPF_ALU | BPF_OR | BPF_X
  private static final int XOR = 0xa4; // BPF_ALU | BPF_XOR | BPF_K
  private static final int SHIFT_RIGHT = 0x74; // BPF_ALU | BPF_RSH | BPF_K
  private static final int IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final int IF_NOT_EQUAL = 0x55; // BPF_JMP | BPF_JNE | BPF_K
  private static final int EXIT = 0x95; // BPF_JMP | BPF_EXIT

  /** Last instruction of the program first. */
  private long[] reversed = new long[64];

  private int size;

  /** Ends the program; its result is register 0. */
  void exit() {
    add(EXIT, 0, 0, 0, 0);
  }

  /** {@code register = value}, the upper half 0. */
  void move(int register, int value) {
    add(MOVE, register, 0, 0, value);
  }

  /** {@code register = source}, the upper half 0. */
  void moveRegister(int register, int source) {
    add(MOVE_REGISTER, register, source, 0, 0);
  }

  /** {@code register &= mask}, the upper half 0. */
  void and(int register, int mask) {
    add(AND, register, 0, 0, mask);
  }

  /** {@code register |= source}, the upper half 0. */
  void orRegister(int register, int source) {
    add(OR_REGISTER, register, source, 0, 0);
  }

  /** {@code register ^= value}, the upper half 0. */
  void xor(int register, int value) {
    add(XOR, register, 0, 0, value);
  }

  /** {@code register >>>= bits}, the upper half 0. */
  void shiftRight(int register, int bits) {
    add(SHIFT_RIGHT, register, 0, 0, bits);
  }

  /** {@code register =} the 32-bit word {@code offset} bytes from where {@code base} points. */
  void loadWord(int register, int base, int offset) {
    add(LOAD_WORD, register, base, offset, 0);
  }

  /** Goes to {@code label} where the register is {@code value}, else on. */
  void jumpIfEqual(int register, int value, int label) {
    add(IF_EQUAL, register, 0, distance(label), value);
  }

  /** Goes to {@code label} where the register is not {@code value}, else on. */
  void jumpIfNotEqual(int register, int value, int label) {
    add(IF_NOT_EQUAL, register, 0, distance(label), value);
  }

  /** The label of the instruction written last. */
  int label() {
    return size - 1;
  }

  /** The program: 8 bytes for each instruction, little endian, {@code struct bpf_insn}. */
  byte[] bytes() {
    var bytes = ByteBuffer.allocate(size * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = size - 1; i >= 0; i--) {
      bytes.putLong(reversed[i]);
    }
    return bytes.array();
  }

  private int distance(int label) {
    return size - label - 1;
  }

  private void add(int code, int destination, int source, int offset, int immediate) {
    if (offset > Short.MAX_VALUE) {
      throw new IllegalStateException("the jump over " + offset + " instructions is too far");
    }
    if (size == reversed.length) {
      reversed = Arrays.copyOf(reversed, size * 2);
    }
    reversed[size++] =
        code
            | (long) destination << 8
            | (long) source << 12
            | (long) offset << 16
            | Integer.toUnsignedLong(immediate) << 32;
  }
}
