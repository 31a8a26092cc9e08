package bailey.linux;

import bailey.core.abi.Errno;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Holding;
import bailey.core.kernel.Holdings;
import bailey.core.kernel.Membership;
import bailey.core.kernel.NamespaceHold;
import bailey.core.kernel.Processes;
import bailey.core.kernel.SocketInfo;
import bailey.core.kernel.TaskInfo;
import bailey.core.spec.NamespaceKind;
import bailey.linux.namespace.NamespaceTable;
import bailey.linux.proc.GroupPlaces;
import bailey.linux.proc.KernelFile;
import bailey.linux.proc.NamespaceLink;
import bailey.linux.proc.SocketTable;
import bailey.linux.proc.TaskStat;
import bailey.linux.proc.TaskStatus;
import bailey.linux.sys.PidFd;
import bailey.linux.sys.Readiness;
import bailey.linux.sys.SystemCallRefused;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** Processes as /proc shows them and pidfds reach them. */
final class LinuxProcesses implements Processes {
  /** How long an interrupt may go unseen by a thread that waits in the kernel, milliseconds. */
  private static final int SLICE = 100;

  private final long self;
  private final MembershipReader memberships;

  /**
   * Processes.
   *
   * @param places where groups are mounted; asked for when that has to be known
   */
  LinuxProcesses(Supplier<GroupPlaces> places) {
    this(ProcessHandle.current().pid(), places);
  }

  /** As {@code self} sees them, another process that stands where this one does. */
  LinuxProcesses(long self, Supplier<GroupPlaces> places) {
    this.self = self;
    this.memberships = new MembershipReader(places);
  }

  @Override
  public TaskInfo self() {
    return find(self)
        .orElseThrow(
            () ->
                new NotPossibleHere(
                    "reading /proc/self failed; bailey needs the /proc of its own pid namespace:"
                        + " mount -t proc proc /proc"));
  }

  @Override
  public long planner() {
    return ProcessHandle.current().pid();
  }

  @Override
  public Optional<TaskInfo> find(long pid) {
    var stat = TaskStat.read(pid);
    var status = TaskStatus.read(pid);
    if (stat.isEmpty() || status.isEmpty() || status.get().tgid() != pid) { // the last: a thread
      return Optional.empty();
    }
    var s = stat.get();
    var inner = status.get().nsPids();
    return Optional.of(
        new TaskInfo(
            pid,
            inner.isEmpty() ? pid : inner.getLast(),
            s.parent(),
            s.startTime(),
            s.state(),
            status.get().uids().get(1).intValue(),
            s.command(),
            arguments(KernelFile.readOrEmpty("/proc/" + pid + "/cmdline"))));
  }

  /** The strings of a cmdline file, each ended by a NUL; a program may have overwritten them. */
  static List<String> arguments(String text) {
    var arguments = new ArrayList<String>();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\0', from);
      if (end < 0) {
        end = text.length();
      }
      arguments.add(text.substring(from, end));
      from = end + 1;
    }
    return arguments;
  }

  @Override
  public OptionalLong namespace(long pid, NamespaceKind kind) {
    var link = NamespaceLink.read("/proc/" + pid + "/ns/" + kind.fileForChildren());
    return link.isEmpty() ? OptionalLong.empty() : OptionalLong.of(link.get().inode());
  }

  @Override
  public Map<Long, Long> parents() {
    return MembershipReader.parents();
  }

  @Override
  public Optional<Membership> membership(long pid) {
    return memberships.read(pid);
  }

  @Override
  public OptionalLong processOf(long tid) {
    return MembershipReader.processOf(tid);
  }

  @Override
  public Optional<Character> state(long tid) {
    return TaskStat.read(tid).map(TaskStat::state);
  }

  @Override
  public List<NamespaceHold> namespaces() {
    return NamespaceTable.read().holds();
  }

  @Override
  public Optional<Holdings> holdings(long pid) {
    return HoldingReader.read(pid);
  }

  @Override
  public Holdings.Search holders(Set<Holding.Thing> wanted, Set<Long> except) {
    return HoldingReader.search(wanted, except, parents().keySet());
  }

  @Override
  public List<SocketInfo> sockets(long pid) {
    return SocketTable.readAll(pid);
  }

  @Override
  public String boot() {
    return KernelFile.readOrEmpty("/proc/sys/kernel/random/boot_id").strip();
  }

  @Override
  public boolean signal(long pid, long startTicks, int signal) {
    try (var process = PidFd.open(pid)) {
      if (!runs(pid, startTicks)) {
        return false;
      }
      process.send(signal);
      return true;
    } catch (SystemCallRefused e) {
      return refused(pid, e);
    }
  }

  private static boolean refused(long pid, SystemCallRefused e) {
    if (e.is(Errno.ESRCH)) {
      return false;
    }
    throw new NotPossibleHere(
        "signalling process " + pid + ": " + e.getMessage() + ". Ask its owner or root", e);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Asked after its pidfd was opened: the pidfd is then of the process meant or of a later one,
   * and in the second case the one meant is gone for good.
   */
  @Override
  public boolean runs(long pid, long startTicks) {
    var stat = TaskStat.read(pid);
    return stat.isPresent()
        && stat.get().startTime() == startTicks
        && stat.get().state() != 'Z'
        && stat.get().state() != 'X';
  }

  @Override
  public boolean place(long pid, long startTicks, BitSet cpus) {
    return new Affinity(cpus).place(pid, () -> runs(pid, startTicks));
  }

  @Override
  public Optional<String> cpus(long pid) {
    return KernelFile.readOrEmpty("/proc/" + pid + "/status")
        .lines()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  @Override
  public void awaitEnd(long pid, long startTicks) throws InterruptedException {
    try (var process = PidFd.open(pid)) {
      while (runs(pid, startTicks) && Readiness.await(SLICE, process.number()) < 0) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    } catch (SystemCallRefused e) {
      boolean gone = !refused(pid, e);
      assert gone;
    }
  }
}
