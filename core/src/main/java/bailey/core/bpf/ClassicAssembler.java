package bailey.core.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Assembles a program of the classic BPF machine, as seccomp(2) takes it, from its end to its
 * start. The machine only jumps forward, so that way every target is known when a jump is written:
 * a label is what the method that wrote the target returned, and no second pass is needed. A
 * conditional jump reaches 255 instructions ({@code jt} and {@code jf} of {@code struct
 * sock_filter} are bytes); where a target is further an unconditional one, whose offset has 32
 * bits, is put in between.
 *
 * <p>Source: linux/filter.h, linux/bpf_common.h and Documentation/networking/filter.rst. Only what
 * seccomp filters need: absolute 32-bit loads, AND, jumps by constants, return. With nothing else
 * the kernel's {@code seccomp_is_const_allow()} can see at load time which calls are allowed
 * whatever their arguments and never runs the filter for these (Linux 5.11, x86-64 and aarch64).
 */
public final class ClassicAssembler {
  /** The most instructions that the kernel takes ({@code BPF_MAXINSNS}). */
  public static final int LIMIT = 4096;

  private static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
  private static final int ALWAYS = 0x05; // BPF_JMP | BPF_JA
  private static final int RETURN = 0x06; // BPF_RET | BPF_K

  /** How far a conditional jump reaches. */
  private static final int REACH = 255;

  /** Last instruction of the program first. */
  private long[] reversed = new long[512];

  private int size;

  /** What a conditional jump compares the accumulator with its constant by, unsigned. */
  public enum Comparison {
    /** Equal. */
    EQUAL(0x15),
    /** Accumulator greater. */
    GREATER(0x25),
    /** Accumulator greater or equal. */
    GREATER_OR_EQUAL(0x35);

    private final int code;

    Comparison(int code) {
      this.code = code;
    }
  }

  /** Starts with the end of the program, nothing written. */
  public ClassicAssembler() {}

  /** Writes a return of {@code value}. */
  public int ret(int value) {
    return add(RETURN, 0, 0, value);
  }

  /** Writes a load of the 32-bit word at {@code offset} of the data, going on at {@code next}. */
  public int load(int offset, int next) {
    fallThrough(next);
    return add(LOAD, 0, 0, offset);
  }

  /** Writes: accumulator &amp;= {@code mask}, going on at {@code next}. */
  public int and(int mask, int next) {
    fallThrough(next);
    return add(AND, 0, 0, mask);
  }

  /** Writes a comparison of the accumulator with {@code constant} and the jumps after it. */
  public int jump(Comparison comparison, int constant, int ifTrue, int ifFalse) {
    // the second detour moves the first target one further: hence one less for it
    int near = size - ifTrue - 1 >= REACH ? always(ifTrue) : ifTrue;
    int other = size - ifFalse - 1 > REACH ? always(ifFalse) : ifFalse;
    return add(comparison.code, size - near - 1, size - other - 1, constant);
  }

  /** How many instructions are between {@code label} and the next one to be written. */
  public int distance(int label) {
    return size - label - 1;
  }

  /** How many instructions were written. */
  public int size() {
    return size;
  }

  /** The program: 8 bytes for each instruction, little endian, {@code struct sock_filter}. */
  public byte[] bytes() {
    var bytes = ByteBuffer.allocate(size * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = size - 1; i >= 0; i--) {
      bytes.putLong(reversed[i]);
    }
    return bytes.array();
  }

  private void fallThrough(int next) {
    if (next != size - 1) {
      always(next);
    }
  }

  private int always(int target) {
    return add(ALWAYS, 0, 0, size - target - 1);
  }

  private int add(int code, int ifTrue, int ifFalse, int constant) {
    if (size == reversed.length) {
      reversed = Arrays.copyOf(reversed, size * 2);
    }
    reversed[size] =
        code | (long) ifTrue << 16 | (long) ifFalse << 24 | Integer.toUnsignedLong(constant) << 32;
    return size++;
  }
}
