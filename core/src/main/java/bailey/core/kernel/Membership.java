package bailey.core.kernel;

import java.util.List;
import java.util.Map;

/**
 * A process and the control groups it is in, as one has to know them to move it; of one moment.
 *
 * @param pid in the pid namespace of this process
 * @param parent of it; 0 where that is outside of the pid namespace
 * @param startTicks when it started: with {@code pid} it names the process
 * @param state one letter, as {@link TaskInfo#state()}
 * @param command the name of its program, up to 15 bytes
 * @param nature whose program it runs
 * @param terminal whether it has a controlling terminal
 * @param login whether it belongs to somebody who logged in (/proc/PID/loginuid)
 * @param memory bytes that only it or its group can be charged for: anonymous and shared memory
 * @param threads those of its threads that are not ending, its first one first; at least one
 */
public record Membership(
    long pid,
    long parent,
    long startTicks,
    char state,
    String command,
    Nature nature,
    boolean terminal,
    boolean login,
    long memory,
    List<Member> threads) {
  /** Whose program a process runs. */
  public enum Nature {
    /** A thread of the kernel. */
    KERNEL,
    /**
     * bailey's executor, which starts and supervises containers or is process 1 of one; or its
     * planner.
     */
    EXECUTOR,
    /** Anything else. */
    PROGRAM
  }

  /**
   * A thread.
   *
   * @param tid its number
   * @param realTime whether it is scheduled in real time (sched(7): SCHED_FIFO, SCHED_RR)
   * @param groups the kernel's name of a controller, {@link CgroupFiles#CORE} for cgroup2, to the
   *     path of its group there, as {@link CgroupFiles} has it; without those that are outside of
   *     what is mounted
   */
  public record Member(long tid, boolean realTime, Map<String, String> groups) {
    /** Copies. */
    public Member {
      groups = Map.copyOf(groups);
    }
  }

  /** Copies and checks. */
  public Membership {
    threads = List.copyOf(threads);
    if (threads.isEmpty()) {
      throw new IllegalArgumentException("process " + pid + " without a thread");
    }
  }

  /** The groups of its first thread, or of one that outlives it: those of the process. */
  public Map<String, String> groups() {
    return threads.getFirst().groups();
  }

  /** Whether one of its threads is scheduled in real time. */
  public boolean realTime() {
    return threads.stream().anyMatch(Member::realTime);
  }

  /** Whether it is the same process as another one of that number. */
  public boolean same(Membership other) {
    return pid == other.pid && startTicks == other.startTicks;
  }
}
