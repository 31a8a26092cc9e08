package bailey.core.kernel;

import bailey.core.kept.PlanKeeper;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A machine as bailey sees it. Safe for use by any thread. Closing it ends its executor. */
public interface Kernel extends AutoCloseable {
  /** What the machine and this user can do; looked up once. */
  KernelFeatures features();

  /** The mounts that this process sees, now, in the order of /proc/self/mountinfo. */
  List<HostMount> mounts();

  /** Control group files where {@code layout} says that they are. */
  CgroupFiles cgroups(CgroupLayout layout);

  /** Control group files of this machine. */
  default CgroupFiles cgroups() {
    return cgroups(features().cgroups());
  }

  /**
   * The text of a file in which the kernel tells of the whole machine, as it is now.
   *
   * @return empty where this kernel has no such file
   */
  Optional<String> text(ProcFile file);

  /** Processes and namespaces. */
  Processes processes();

  /**
   * Addresses of a network interface that are of the whole machine or network, not of the link or
   * this host only; empty where there is no interface of that name.
   */
  Optional<List<NetAddress>> addresses(String device);

  /** Locks of files. */
  FileLocks locks();

  /** A new pipe between this process and a program that a plan starts. */
  Pipe pipe(Pipe.Direction direction);

  /**
   * A descriptor of a mount namespace with nothing in it, to be sent with plans that want it
   * ({@link bailey.core.planner.EmptyMountsPlanner}); made at the first call, valid until this is
   * closed. Empty where it cannot be had.
   */
  OptionalInt emptyMounts();

  /** The executor for plans of this process; started at the first call. */
  PlanExecutor executor();

  /**
   * The executor that started this process to have a plan made and takes exactly one; empty where
   * this process was not started in that way.
   */
  Optional<PlanExecutor> starter();

  /** Who keeps plans that the {@link #starter} was given; empty where none are kept. */
  default Optional<PlanKeeper> keeper() {
    return Optional.empty();
  }

  /** The working directory and environment of the process for which all this is. */
  Origin origin();

  /** Everything that bailey uses of a kernel, each really tried, now. */
  List<Ability> abilities();

  @Override
  void close();
}
