package bailey.core.kernel;

import bailey.core.spec.NamespaceKind;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The processes that this process sees. Any thread may ask. */
public interface Processes {
  /** This process, or the one that it plans for. */
  TaskInfo self();

  /** This process in any case, also where it plans for another. */
  default long planner() {
    return self().pid();
  }

  /** The process of that number, a zombie too; empty if there is none. */
  Optional<TaskInfo> find(long pid);

  /**
   * Whether a process runs: a zombie does not.
   *
   * @param startTicks which process of that number is meant
   */
  boolean runs(long pid, long startTicks);

  /**
   * The number of the namespace of a kind that a process is in; of time, the one that processes it
   * starts are in.
   *
   * @return empty if the process is gone or may not be looked at, or the kernel lacks the kind
   */
  OptionalLong namespace(long pid, NamespaceKind kind);

  /** The processes that this process sees, each with its parent, 0 where that is not seen. */
  Map<Long, Long> parents();

  /** The groups of a process, and what else one has to know to move it; empty if it has ended. */
  Optional<Membership> membership(long pid);

  /** The process that a thread belongs to; empty if there is none of that number. */
  OptionalLong processOf(long tid);

  /** What a thread does, one letter as {@link TaskInfo#state()}; empty if it is gone. */
  Optional<Character> state(long tid);

  /** Everything that keeps a namespace in being, as far as this user may see it. */
  List<NamespaceHold> namespaces();

  /**
   * What a process holds, memory that it shares included.
   *
   * @return empty if it has ended
   * @throws bailey.core.error.NotPossibleHere if this user may not look at it
   */
  Optional<Holdings> holdings(long pid);

  /**
   * Who else holds some things. Not seen: what is under way through a socket.
   *
   * @param wanted the things
   * @param except processes that are not looked at
   */
  Holdings.Search holders(Set<Holding.Thing> wanted, Set<Long> except);

  /**
   * The sockets of the network namespace that a process is in, without the peers of those of unix;
   * none if it has ended.
   */
  List<SocketInfo> sockets(long pid);

  /**
   * What differs from one start of the machine to the next (/proc/sys/kernel/random/boot_id): a
   * {@link TaskInfo#startTicks()} means something only together with it.
   */
  String boot();

  /**
   * Sends a signal to a process, and to no other that got its number meanwhile
   * (pidfd_send_signal(2)).
   *
   * @param startTicks which process of that number is meant
   * @return whether it was there to be signalled; a zombie is not
   * @throws bailey.core.error.NotPossibleHere if this user may not signal it
   */
  boolean signal(long pid, long startTicks, int signal);

  /**
   * Has all threads of a process, and those that they start meanwhile, run on these CPUs only
   * (sched_setaffinity(2)); of those the kernel takes the ones that the process may have at all.
   *
   * @param startTicks which process of that number is meant
   * @return whether it was there
   * @throws bailey.core.error.NotPossibleHere if this user may not, or the process may have none of
   *     them
   */
  boolean place(long pid, long startTicks, BitSet cpus);

  /**
   * The CPUs that a process may run on, as the kernel lists them ({@code Cpus_allowed_list} in
   * proc_pid_status(5)); empty if it is gone.
   */
  Optional<String> cpus(long pid);

  /** Blocks until a process has ended; returns at once where it is gone. */
  void awaitEnd(long pid, long startTicks) throws InterruptedException;
}
