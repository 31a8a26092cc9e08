package bailey.linux;

import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import bailey.core.container.NumberSet;
import bailey.core.error.NotPossibleHere;
import bailey.linux.sys.SystemCall;
import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.function.BooleanSupplier;

/** Places the threads of a process on CPUs (sched_setaffinity(2), which is about one thread). */
final class Affinity {
  private static final int WORD = 8;

  /** A process that starts threads without end has them placed by what starts them. */
  private static final int MOST_ROUNDS = 100;

  private final BitSet cpus;

  Affinity(BitSet cpus) {
    this.cpus = cpus;
  }

  /**
   * Until no thread is found that was not placed: each is started by one that was, and has its
   * place from that.
   *
   * @param lives whether the process of that number is the one that is meant
   * @return whether it was there
   */
  boolean place(long pid, BooleanSupplier lives) {
    var placed = new HashSet<String>();
    boolean found = true;
    for (int round = 0; found && round < MOST_ROUNDS; round++) {
      found = false;
      var threads = new File("/proc/" + pid + "/task").list();
      if (threads == null || !lives.getAsBoolean()) {
        return false;
      }
      for (var thread : threads) {
        if (placed.add(thread)) {
          found = true;
          place(Long.parseLong(thread));
        }
      }
    }
    return true;
  }

  private void place(long thread) {
    var bits = cpus.toByteArray();
    var mask = Arrays.copyOf(bits, (bits.length + WORD - 1) / WORD * WORD);
    try (var arena = Arena.ofConfined()) {
      var memory = arena.allocate(mask.length);
      MemorySegment.copy(mask, 0, memory, ValueLayout.JAVA_BYTE, 0, mask.length);
      long result = SystemCall.call(Sys.SCHED_SETAFFINITY, thread, mask.length, memory.address());
      if (result < 0 && result != -Errno.ESRCH.number()) {
        throw new NotPossibleHere(
            "placing process "
                + thread
                + " on the CPUs "
                + NumberSet.text(cpus)
                + " failed: "
                + Errno.sentence((int) -result)
                + ". It may have other CPUs only, or be another user's");
      }
    }
  }
}
