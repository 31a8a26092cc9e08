package bailey.linux;

import bailey.core.kernel.Membership;
import bailey.core.kernel.Membership.Nature;
import bailey.linux.proc.CgroupMembership;
import bailey.linux.proc.GroupPlaces;
import bailey.linux.proc.KernelFile;
import bailey.linux.proc.ResidentMemory;
import bailey.linux.proc.TaskStat;
import bailey.linux.proc.TaskStatus;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads from /proc which groups processes are in. Any thread. */
final class MembershipReader {
  /** What /proc/PID/exe of an executor is: it runs from a memfd of that name. */
  private static final String EXECUTOR = "/memfd:bailey (deleted)";

  /** loginuid of who never logged in: (uid_t) -1. */
  private static final String NO_LOGIN = "4294967295";

  private final Supplier<GroupPlaces> looksUp;
  private volatile @Nullable GroupPlaces places;

  /**
   * A reader.
   *
   * @param looksUp where groups are mounted; asked once
   */
  MembershipReader(Supplier<GroupPlaces> looksUp) {
    this.looksUp = looksUp;
  }

  private GroupPlaces places() {
    var known = places;
    if (known == null) {
      known = looksUp.get();
      places = known;
    }
    return known;
  }

  Optional<Membership> read(long pid) {
    var stat = TaskStat.read(pid);
    var status = KernelFile.readOrEmpty("/proc/" + pid + "/status");
    boolean process = TaskStatus.parse(status).filter(s -> s.tgid() == pid).isPresent();
    if (stat.isEmpty() || !process) {
      return Optional.empty();
    }
    var threads = new ArrayList<Membership.Member>();
    for (long tid : numbers("/proc/" + pid + "/task")) {
      thread(pid, tid).ifPresent(threads::add);
    }
    threads.sort((a, b) -> Boolean.compare(b.tid() == pid, a.tid() == pid)); // stable
    var s = stat.get();
    return threads.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Membership(
                pid,
                s.parent(),
                s.startTime(),
                s.state(),
                s.command(),
                nature(pid, s),
                s.terminal() != 0,
                login(pid),
                ResidentMemory.unshared(status),
                threads));
  }

  /**
   * Of a thread that ends, the kernel says that it is at the top of each v1 hierarchy
   * (proc_cgroup_show()); so whether it does is asked after its groups were read.
   */
  private Optional<Membership.Member> thread(long pid, long tid) {
    var groups = places().of(CgroupMembership.read(pid, tid));
    var stat = TaskStat.read(pid, tid).filter(found -> !found.ends());
    return stat.map(found -> new Membership.Member(tid, found.realTime(), groups));
  }

  private static Nature nature(long pid, TaskStat stat) {
    if (stat.ofKernel()) {
      return Nature.KERNEL;
    }
    String program = program(pid);
    boolean own =
        program.equals(EXECUTOR)
            || (program.endsWith("/java")
                && isPlanner(KernelFile.readOrEmpty("/proc/" + pid + "/cmdline")));
    return own ? Nature.EXECUTOR : Nature.PROGRAM;
  }

  /** Whether these are a JVM's arguments as the executor gives them (start_planner, client.h). */
  static boolean isPlanner(String arguments) {
    boolean answers = arguments.endsWith("\0--stay\0") || arguments.endsWith("\0--answer\0");
    return answers && arguments.contains("\0-Dbailey.lib=/");
  }

  /** Empty where it has none, or may not be looked at. */
  private static String program(long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static boolean login(long pid) {
    var id = KernelFile.readOrEmpty("/proc/" + pid + "/loginuid").strip();
    return !id.isEmpty() && !id.equals(NO_LOGIN);
  }

  /** All processes, each with its parent. */
  static Map<Long, Long> parents() {
    var parents = new HashMap<Long, Long>();
    for (long pid : numbers("/proc")) {
      TaskStat.read(pid).ifPresent(stat -> parents.put(pid, (long) stat.parent()));
    }
    return parents;
  }

  /** The process of a thread. */
  static OptionalLong processOf(long tid) {
    var status = TaskStatus.read(tid);
    return status.isEmpty() ? OptionalLong.empty() : OptionalLong.of(status.get().tgid());
  }

  private static List<Long> numbers(String directory) {
    var names = new File(directory).list();
    var numbers = new ArrayList<Long>();
    if (names != null) {
      for (var name : names) {
        if (!name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
          numbers.add(Long.valueOf(name));
        }
      }
    }
    numbers.sort(null);
    return numbers;
  }
}
