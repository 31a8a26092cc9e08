package bailey.testkit.machine;

import bailey.core.container.NumberSet;
import bailey.core.kernel.Membership;
import bailey.core.kernel.Membership.Nature;
import bailey.core.kernel.TaskInfo;
import bailey.core.spec.NamespaceKind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A process of the fake machine. Guarded by the machine's lock. */
final class FakeProcess {
  private static final int SIGKILL = 9;
  private static final int CPUS = 4;

  private final FakeKernel kernel;
  private final int pid;
  private final long started;
  private @Nullable FakeProcess parent;
  private final Map<Integer, OpenFile> files = new TreeMap<>();
  private final Map<NamespaceKind, Long> namespaces = new EnumMap<>(NamespaceKind.class);
  private List<String> arguments = List.of("bailey");
  private int pidLevel;
  private BitSet cpus = new BitSet();
  private boolean init;
  private boolean diesWithParent;
  private int fatal;
  private boolean ended;
  private boolean reaped;
  private int status;
  private UnaryOperator<Membership> look = UnaryOperator.identity();

  FakeProcess(FakeKernel kernel, @Nullable FakeProcess parent) {
    this.kernel = kernel;
    this.parent = parent;
    this.pid = parent == null ? kernel.groups().startTask() : kernel.groups().forkTask(parent.pid);
    this.started = kernel.tick();
    this.pidLevel = parent == null ? 0 : parent.pidLevel;
    if (parent == null) {
      cpus.set(0, CPUS);
    } else {
      cpus.or(parent.cpus);
    }
    for (var kind : NamespaceKind.values()) {
      namespaces.put(kind, parent == null ? kernel.inode() : parent.namespace(kind));
    }
    kernel.add(this);
  }

  /** A child with copies of all that a child gets. */
  FakeProcess fork() {
    var child = new FakeProcess(kernel, this);
    child.arguments = arguments;
    files.forEach((number, file) -> child.files.put(number, file.share()));
    return child;
  }

  int pid() {
    return pid;
  }

  long started() {
    return started;
  }

  List<String> arguments() {
    return arguments;
  }

  void become(List<String> command) {
    arguments = List.copyOf(command);
    files.keySet().stream().filter(number -> number > 2).toList().forEach(this::close);
  }

  void adoptedBy(@Nullable FakeProcess other) {
    parent = other;
  }

  @Nullable FakeProcess parent() {
    return parent;
  }

  void diesWithParent() {
    diesWithParent = true;
  }

  long namespace(NamespaceKind kind) {
    return namespaces.getOrDefault(kind, 0L);
  }

  void unshare(NamespaceKind kind) {
    namespaces.put(kind, kernel.inode());
    init |= kind == NamespaceKind.PID;
    pidLevel += kind == NamespaceKind.PID ? 1 : 0;
    if (kind == NamespaceKind.CGROUP) {
      kernel.namespaces().rooted(this);
    }
  }

  void join(NamespaceKind kind, long inode) {
    namespaces.put(kind, inode);
  }

  /** Enters a group, as its children will. */
  void enter(String controller, String path) {
    kernel.groups().write(controller, path, "cgroup.procs", Integer.toString(pid));
  }

  // ---- descriptors ----

  @Nullable OpenFile descriptor(long number) {
    return files.get((int) number);
  }

  int open(OpenFile file) {
    return openFrom(3, file);
  }

  int openFrom(int least, OpenFile file) {
    int number = least;
    while (files.containsKey(number)) {
      number++;
    }
    files.put(number, file);
    return number;
  }

  void put(int number, OpenFile file) {
    close(number);
    files.put(number, file);
  }

  boolean close(int number) {
    var file = files.remove(number);
    if (file != null) {
      file.release();
    }
    return file != null;
  }

  void closeRange(long from, long to) {
    files.keySet().stream()
        .filter(number -> number >= from && Integer.toUnsignedLong(number) <= (to & 0xFFFFFFFFL))
        .toList()
        .forEach(this::close);
  }

  int descriptors() {
    return files.size();
  }

  // ---- life ----

  /** Waits for a change of the machine, unless it is to die. */
  void pause() throws InterruptedException {
    checkAlive();
    kernel.wait();
    checkAlive();
  }

  /** As {@link #pause()}, for at most that time. */
  void pause(long millis) throws InterruptedException {
    checkAlive();
    kernel.wait(millis);
    checkAlive();
  }

  void checkAlive() throws InterruptedException {
    if (fatal != 0) {
      throw new InterruptedException("killed");
    }
  }

  /** A signal, whose default action is death: but process 1 passes it on to its first child. */
  void signal(int number) {
    if (ended) {
      return;
    }
    if (init && number != SIGKILL && number != 0) {
      kernel.children(this).stream().findFirst().ifPresent(child -> child.signal(number));
    } else if (number != 0 && fatal == 0) {
      fatal = number;
      kernel.notifyAll();
    }
  }

  /** Why it dies, as a wait status. */
  int fatal() {
    return fatal;
  }

  void end(int waitStatus) {
    if (ended) {
      return;
    }
    ended = true;
    status = waitStatus;
    List.copyOf(files.keySet()).forEach(this::close);
    kernel.groups().endTask(pid);
    for (var child : new ArrayList<>(kernel.children(this))) {
      child.parent = null;
      if (child.diesWithParent) {
        child.signal(SIGKILL);
      }
    }
    if (init) {
      kernel.members(NamespaceKind.PID, namespace(NamespaceKind.PID)).stream()
          .filter(member -> member != this)
          .forEach(member -> member.signal(SIGKILL));
    }
    if (parent == null) {
      reaped = true;
    }
    kernel.notifyAll();
  }

  boolean ended() {
    return ended;
  }

  int status() {
    return status;
  }

  void reap() {
    reaped = true;
  }

  boolean exists() {
    return !reaped && !(ended && parent == null);
  }

  TaskInfo info() {
    return new TaskInfo(
        pid,
        init ? 1 : pid,
        parent == null ? 0 : parent.pid,
        started,
        ended ? 'Z' : 'S',
        0,
        arguments.getFirst(),
        arguments);
  }

  void change(UnaryOperator<Membership> change) {
    var before = look;
    look = membership -> change.apply(before.apply(membership));
  }

  Membership membership() {
    var places = groups();
    boolean bailey = arguments.getFirst().equals("bailey") && this != kernel.self();
    return look.apply(
        new Membership(
            pid,
            parent == null ? 0 : parent.pid,
            started,
            ended ? 'Z' : 'S',
            arguments.getFirst(),
            bailey ? Nature.EXECUTOR : Nature.PROGRAM,
            false,
            false,
            0,
            List.of(new Membership.Member(pid, false, places))));
  }

  /** As /proc/PID/stat has it. */
  String stat() {
    return pid + " (bailey) S " + "0 ".repeat(18) + started + " 0 0\n";
  }

  /** As sched_setaffinity(2): false, and nothing changes, where the machine has none of them. */
  boolean place(BitSet wanted) {
    var there = (BitSet) wanted.clone();
    there.clear(CPUS, Math.max(CPUS, there.length()));
    if (!there.isEmpty()) {
      cpus = there;
    }
    return !there.isEmpty();
  }

  String cpus() {
    return NumberSet.text(cpus);
  }

  /** Its number in each pid namespace, from outside. */
  String nsPids() {
    return pid + "\t1".repeat(pidLevel);
  }

  /** The group of each controller; nowhere where it has ended. */
  Map<String, String> groups() {
    var places = new LinkedHashMap<String, String>();
    kernel
        .controllers()
        .forEach(
            (name, hierarchy) ->
                places.put(name, ended ? "" : kernel.groups().groupOf(pid, hierarchy)));
    return places;
  }
}
