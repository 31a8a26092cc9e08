package bailey.core.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The classic BPF machine as seccomp runs it, written from Documentation/networking/filter.rst and
 * independent of the assembler: it checks a program as the kernel's bpf_check_classic() and
 * seccomp_check_filter() do before it runs one.
 */
public final class ClassicMachine {
  private static final int SECCOMP_DATA = 64;

  private final ByteBuffer program;
  private final int length;

  /** The return value of a run, and how many instructions it took. */
  public record Run(int value, int instructions) {}

  public ClassicMachine(byte[] bytes) {
    program = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    length = bytes.length / 8;
    check();
  }

  public int length() {
    return length;
  }

  private int code(int at) {
    return program.getShort(at * 8) & 0xffff;
  }

  private int ifTrue(int at) {
    return program.get(at * 8 + 2) & 0xff;
  }

  private int ifFalse(int at) {
    return program.get(at * 8 + 3) & 0xff;
  }

  private int constant(int at) {
    return program.getInt(at * 8 + 4);
  }

  private void check() {
    assertThat(program.capacity() % 8).isZero();
    assertThat(length).isBetween(1, 4096);
    for (int at = 0; at < length; at++) {
      int left = length - at - 1;
      switch (code(at)) {
        case 0x20 -> {
          assertThat(constant(at)).isBetween(0, SECCOMP_DATA - 4);
          assertThat(constant(at) % 4).isZero();
        }
        case 0x54, 0x06 -> {}
        case 0x05 -> assertThat(constant(at)).isBetween(0, left - 1);
        case 0x15, 0x25, 0x35 ->
            assertThat(Math.max(ifTrue(at), ifFalse(at))).isBetween(0, left - 1);
        default -> throw new AssertionError("seccomp takes no instruction " + code(at));
      }
    }
    assertThat(code(length - 1)).as("the last instruction returns").isEqualTo(0x06);
  }

  /** Runs the filter on a call. */
  public Run run(int arch, int number, long... arguments) {
    var data = ByteBuffer.allocate(SECCOMP_DATA).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(number).putInt(arch).putLong(0);
    for (long argument : arguments) {
      data.putLong(argument);
    }
    return run(data, SECCOMP_DATA);
  }

  /**
   * Whether the kernel sees at load time that a call is always allowed: seccomp_is_const_allow()
   * gives up at the first load of anything but number and architecture.
   */
  public boolean allowsWithoutRunning(int arch, int number) {
    var data = ByteBuffer.allocate(SECCOMP_DATA).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(number).putInt(arch);
    return run(data, 8).value() == 0x7fff0000;
  }

  /** Runs on the first {@code known} bytes of the data; returns 0 where more is asked for. */
  private Run run(ByteBuffer data, int known) {
    int accumulator = 0;
    int at = 0;
    for (int done = 1; ; done++, at++) {
      int constant = constant(at);
      switch (code(at)) {
        case 0x20 -> {
          if (constant >= known) {
            return new Run(0, done);
          }
          accumulator = data.getInt(constant);
        }
        case 0x54 -> accumulator &= constant;
        case 0x05 -> at += constant;
        case 0x06 -> {
          return new Run(constant, done);
        }
        case 0x15 -> at += accumulator == constant ? ifTrue(at) : ifFalse(at);
        case 0x25 ->
            at += Integer.compareUnsigned(accumulator, constant) > 0 ? ifTrue(at) : ifFalse(at);
        case 0x35 ->
            at += Integer.compareUnsigned(accumulator, constant) >= 0 ? ifTrue(at) : ifFalse(at);
        default -> throw new AssertionError("checked before");
      }
    }
  }
}
