package bailey.linux.sys;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/**
 * {@code syscall(2)}, the only native function that bailey calls. One shape of downcall for all
 * calls, because the JVM compiles code for each shape at its first use (6-9 ms).
 *
 * <p>Any thread. Arguments are numbers and addresses; memory behind an address must stay allocated
 * until the call returns.
 */
public final class SystemCall {
  /** The machine that this JVM runs on. */
  public static final Arch ARCH = Arch.of(System.getProperty("os.arch"));

  static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO =
      Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL = link();

  private SystemCall() {}

  @SuppressWarnings("restricted") // this is the fence
  private static MethodHandle link() {
    var linker = Linker.nativeLinker();
    var number = ValueLayout.JAVA_LONG;
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(number, number, number, number, number, number, number, number),
        Linker.Option.captureCallState("errno"));
  }

  /** The call's result, or its error number, negative. */
  public static long call(Sys call, long a, long b, long c, long d, long e, long f) {
    try (var arena = Arena.ofConfined()) {
      return made(arena.allocate(STATE), call, a, b, c, d, e, f);
    }
  }

  /** As {@link #call}, with memory for the error number that is there already. */
  static long made(MemorySegment state, Sys call, long a, long b, long c, long d, long e, long f) {
    long result = invoke(state, call.number(ARCH), a, b, c, d, e, f);
    return result == -1 ? -state.get(ValueLayout.JAVA_INT, ERRNO) : result;
  }

  /**
   * A call that one thread makes again and again: what it needs is prepared once.
   *
   * <p>One thread at a time.
   */
  public static final class Prepared {
    private final MemorySegment state;
    private final long number;

    /** Of a call. */
    public Prepared(Sys call) {
      this.state = MemorySegment.ofBuffer(ByteBuffer.allocateDirect((int) STATE.byteSize()));
      this.number = call.number(ARCH);
    }

    /** The call's result, or its error number, negative. */
    public long call(long a, long b, long c, long d) {
      long result = invoke(state, number, a, b, c, d, 0, 0);
      return result == -1 ? -state.get(ValueLayout.JAVA_INT, ERRNO) : result;
    }
  }

  private static long invoke(
      MemorySegment state, long number, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) SYSCALL.invokeExact(state, number, a, b, c, d, e, f);
    } catch (RuntimeException | Error unchecked) {
      throw unchecked;
    } catch (Throwable impossible) { // a downcall declares Throwable and throws no checked one
      throw new IllegalStateException(impossible);
    }
  }

  /** The call's result, or its error number, negative. */
  public static long call(Sys call, long a, long b, long c) {
    return call(call, a, b, c, 0, 0, 0);
  }

  /** The call's result, or its error number, negative. */
  public static long call(Sys call, long a) {
    return call(call, a, 0, 0, 0, 0, 0);
  }

  /**
   * The call's result; an interrupted call is made again.
   *
   * @throws SystemCallRefused with any other error
   */
  public static long checked(Sys call, long a, long b, long c, long d, long e, long f)
      throws SystemCallRefused {
    while (true) {
      long result = call(call, a, b, c, d, e, f);
      if (result >= 0) {
        return result;
      }
      if (result != -Errno.EINTR.number()) {
        throw new SystemCallRefused(call, (int) -result);
      }
    }
  }

  /** As the longer form. */
  public static long checked(Sys call, long a, long b, long c) throws SystemCallRefused {
    return checked(call, a, b, c, 0, 0, 0);
  }

  /** As the longer form. */
  public static long checked(Sys call, long a, long b) throws SystemCallRefused {
    return checked(call, a, b, 0, 0, 0, 0);
  }
}
