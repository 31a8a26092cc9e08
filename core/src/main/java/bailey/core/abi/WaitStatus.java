package bailey.core.abi;

import java.util.OptionalInt;

/**
 * How a process ended, as the kernel tells its parent (wait(2)).
 *
 * @param bits a signal in the lowest seven bits, or zero there and the exit status above the eighth
 */
public record WaitStatus(int bits) {
  private static final int SIGNAL = 0x7F;
  private static final int STATUS = 0xFF;
  private static final int KILLED = 128;

  /** Of a process that exited with {@code status}, of which the kernel keeps eight bits. */
  public static WaitStatus exited(int status) {
    return new WaitStatus((status & STATUS) << 8);
  }

  /** The signal that killed it; empty if it exited. */
  public OptionalInt signal() {
    int signal = bits & SIGNAL;
    return signal == 0 ? OptionalInt.empty() : OptionalInt.of(signal);
  }

  /** The status that it exited with, 0 to 255; empty if a signal killed it. */
  public OptionalInt exitStatus() {
    return signal().isPresent() ? OptionalInt.empty() : OptionalInt.of((bits >> 8) & STATUS);
  }

  /** One number for both, as a shell has it: 128 and the signal. */
  public int shellStatus() {
    return exitStatus().orElseGet(() -> KILLED + signal().orElseThrow());
  }
}
