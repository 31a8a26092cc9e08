package bailey.testkit.machine;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.kernel.Ability;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.FileLocks;
import bailey.core.kernel.Holdings;
import bailey.core.kernel.HostMount;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.Membership;
import bailey.core.kernel.NetAddress;
import bailey.core.kernel.Origin;
import bailey.core.kernel.Pipe;
import bailey.core.kernel.PlanExecutor;
import bailey.core.kernel.ProcFile;
import bailey.core.kernel.Processes;
import bailey.core.kernel.Surroundings;
import bailey.core.kernel.TaskInfo;
import bailey.core.plan.Step;
import bailey.core.planner.EmptyMountsPlanner;
import bailey.core.spec.NamespaceKind;
import bailey.testkit.cgroup.FakeCgroups;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A machine in memory, whose programs and accidents a test decides. */
public final class FakeKernel implements Kernel {
  private static final int FIRST_FAR = 10_000;

  private final FakeCgroups machine;
  private final CgroupFiles groups;
  private final FakeFiles files;
  private final FakeLocks locks = new FakeLocks(this);
  private final FakeSysctls sysctls = new FakeSysctls();
  private final FakeNamespaces namespaces = new FakeNamespaces();
  private final Map<Integer, FakeProcess> processes = new TreeMap<>();
  private final Map<String, Program> programs = new HashMap<>();
  private final Map<Long, Holdings> held = new TreeMap<>();
  private final Map<ProcFile, String> texts = new EnumMap<>(ProcFile.class);
  private final Map<Integer, OpenFile> far = new HashMap<>();
  private int emptyMounts;
  private final int uid;
  private final FakeExecutor executor;
  private final FakeProcess self;
  private Predicate<Step> refused = _ -> false;
  private int errno;
  private int nextFar = FIRST_FAR;
  private long nextInode = 4_026_531_835L;
  private long ticks = 1;
  private String boot = "2f9a5a3c-0001";

  /**
   * A machine.
   *
   * @param machine its control groups
   * @param real the directory below which files are real: that of the test
   */
  public FakeKernel(FakeCgroups machine, Path real) {
    this.machine = machine;
    this.uid = owner(real);
    this.groups = new GuardedGroups(this, machine);
    this.files = new FakeFiles(real, groups, machine::points, locks);
    this.executor = new FakeExecutor(this);
    this.self = new FakeProcess(this, null);
  }

  /** Its user has all rights, but the number of the one who runs the test and owns the files. */
  private static int owner(Path real) {
    try {
      return (Integer) Files.getAttribute(real, "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It has no network. */
  @Override
  public Optional<List<NetAddress>> addresses(String device) {
    return Optional.empty();
  }

  // ---- what a test decides ----

  /** There is a program at {@code path}. */
  public void program(String path, Program program) {
    synchronized (this) {
      programs.put(path, program);
    }
  }

  /** Each system call for which {@code which} holds is refused from now on. */
  public void refuse(Predicate<Step> which, Errno answer) {
    synchronized (this) {
      refused = which;
      errno = answer.number();
    }
  }

  /** The disk is full, or not any more. */
  public void fillDisk(boolean full) {
    synchronized (this) {
      files.fill(full);
    }
  }

  /** Kills the executor; the next plan gets a new one. */
  public void killExecutor() {
    synchronized (this) {
      executor.kill();
    }
  }

  /** How many descriptors the executor has open. */
  public int executorDescriptors() {
    synchronized (this) {
      var process = executor.current();
      return process == null ? 0 : process.descriptors();
    }
  }

  /**
   * A process that bailey did not start, at the top of all hierarchies; it runs until it is killed.
   */
  public long startProcess(String command) {
    synchronized (this) {
      var process = new FakeProcess(this, self);
      process.become(List.of(command));
      run(process, Program.FOR_EVER);
      return process.pid();
    }
  }

  /** A child of a process, in its groups; it runs until it is killed. */
  public long forkProcess(long parent) {
    synchronized (this) {
      var child = Objects.requireNonNull(process(parent)).fork();
      run(child, Program.FOR_EVER);
      return child.pid();
    }
  }

  /** What a process holds from now on; nothing, where nothing was said. */
  public synchronized void holds(Holdings holdings) {
    held.put(holdings.pid(), holdings);
  }

  /** What the kernel tells of the whole machine from now on. */
  public synchronized void text(ProcFile file, String text) {
    texts.put(file, text);
  }

  /** What a process is from now on: real-time, of the kernel, as large as that. */
  public void change(long pid, UnaryOperator<Membership> change) {
    synchronized (this) {
      Objects.requireNonNull(process(pid)).change(change);
    }
  }

  /** Where a process is in each hierarchy: the kernel's name of a controller to a path. */
  public Map<String, String> groupsOf(long pid) {
    synchronized (this) {
      return Objects.requireNonNull(process(pid)).membership().groups();
    }
  }

  /** The processes that run, but for this one and the executor. */
  public List<TaskInfo> running() {
    synchronized (this) {
      return processes.values().stream()
          .filter(process -> !process.ended() && process != self && process != executor.current())
          .map(FakeProcess::info)
          .toList();
    }
  }

  /** The machine was started again: nothing that ran does any more. */
  public void reboot() {
    synchronized (this) {
      executor.kill();
      processes.values().stream().filter(p -> p != self).forEach(process -> process.signal(9));
      boot = boot + "+";
    }
  }

  // ---- for the parts of the machine ----

  FakeCgroups groups() {
    return machine;
  }

  /** Each controller, with the name by which its hierarchy is known here. */
  Map<String, String> controllers() {
    var all = new HashMap<String, String>();
    machine.layout().mounts().keySet().forEach(name -> all.put(name, hierarchy(name)));
    if (machine.layout().unified().isPresent()) {
      all.put(CgroupFiles.CORE, CgroupFiles.CORE);
    }
    return all;
  }

  FakeLocks lockTable() {
    return locks;
  }

  FakeFiles files() {
    return files;
  }

  FakeNamespaces namespaces() {
    return namespaces;
  }

  FakeSysctls sysctls() {
    return sysctls;
  }

  FakeProcess self() {
    return self;
  }

  long inode() {
    return nextInode++;
  }

  long tick() {
    return ticks++;
  }

  void add(FakeProcess process) {
    processes.put(process.pid(), process);
  }

  @Nullable FakeProcess process(long pid) {
    var found = processes.get((int) pid);
    return found == null || !found.exists() ? null : found;
  }

  Collection<FakeProcess> all() {
    return processes.values();
  }

  Map<Long, Holdings> held() {
    return held;
  }

  String bootId() {
    return boot;
  }

  List<FakeProcess> children(FakeProcess of) {
    return processes.values().stream().filter(process -> process.parent() == of).toList();
  }

  Set<FakeProcess> members(NamespaceKind kind, long inode) {
    var members = new HashSet<>(processes.values());
    members.removeIf(process -> process.ended() || process.namespace(kind) != inode);
    return members;
  }

  @Nullable Program program(String path) {
    return programs.get(path);
  }

  int refusal(Step step) {
    return refused.test(step) ? errno : 0;
  }

  OpenFile far(int number) {
    var file = far.get(number);
    if (file == null) {
      throw new IllegalArgumentException("descriptor " + number + " is not open");
    }
    return file;
  }

  /** Runs a program in a process, in a thread of its own. */
  void run(FakeProcess process, Program program) {
    Thread.ofVirtual()
        .start(
            () -> {
              int status;
              try {
                status = runNow(process, program) << 8;
              } catch (InterruptedException e) {
                status = process.fatal();
              }
              synchronized (this) {
                process.end(status);
              }
            });
  }

  int runNow(FakeProcess process, Program program) throws InterruptedException {
    int code = program.run(new Command(this, process));
    synchronized (this) {
      process.checkAlive();
    }
    return code;
  }

  /** A process that a number was written of: it and its later children are in the group. */
  void move(String controller, String path, String number) {
    var process = number.matches("[0-9]{1,9}") ? process(Long.parseLong(number)) : null;
    if (process == null) {
      machine.write(controller, path, "cgroup.procs", number); // which refuses
    } else {
      process.enter(hierarchy(controller), path);
    }
  }

  /** The name by which the hierarchy of a controller is known here. */
  private String hierarchy(String controller) {
    var layout = machine.layout();
    String point =
        Optional.ofNullable(layout.mounts().get(controller)).or(layout::unified).orElseThrow();
    return machine.points().entrySet().stream()
        .filter(mount -> mount.getValue().equals(point))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  /** What is written to cgroup.kill kills. */
  void killGroup(String path) {
    for (int task : machine.tasksBelow(CgroupFiles.CORE, path)) {
      var process = process(task);
      if (process != null) {
        process.signal(9);
      }
    }
  }

  // ---- the port ----

  @Override
  public KernelFeatures features() {
    return new KernelFeatures(
        Arch.X86_64,
        "6.18.0",
        uid,
        0,
        -1L,
        machine.layout(),
        machine.features(),
        Set.of("pid", "mnt", "uts", "ipc", "net", "user", "cgroup", "time"),
        Set.of("overlay", "tmpfs", "proc", "sysfs", "devpts", "mqueue"),
        List.of(),
        List.of(),
        "",
        "",
        false,
        Surroundings.MACHINE);
  }

  /** A v1 hierarchy of that name is mounted, or what is at a point is unmounted. */
  void mountGroups(String name, String point) {
    machine.mountNamed(name, point);
  }

  void unmountGroups(String point) {
    machine.unmount(point);
  }

  @Override
  public List<HostMount> mounts() {
    return List.of(new HostMount("/", "/", "ext4", List.of()));
  }

  @Override
  public CgroupFiles cgroups(CgroupLayout layout) {
    return groups;
  }

  @Override
  public FileLocks locks() {
    return locks;
  }

  @Override
  public Pipe pipe(Pipe.Direction direction) {
    synchronized (this) {
      int number = nextFar++;
      var pipe = new FakePipe(this, direction, number);
      far.put(number, pipe.farEnd());
      return pipe;
    }
  }

  @Override
  public OptionalInt emptyMounts() {
    synchronized (this) {
      if (emptyMounts == 0 && EmptyMountsPlanner.isPossible(features())) {
        emptyMounts = nextFar++;
        far.put(emptyMounts, new OpenFile.OfNamespace(NamespaceKind.MNT, inode()));
      }
      return emptyMounts == 0 ? OptionalInt.empty() : OptionalInt.of(emptyMounts);
    }
  }

  void closeFar(int number) {
    var file = far.remove(number);
    if (file != null) {
      file.release();
    }
  }

  @Override
  public PlanExecutor executor() {
    return executor;
  }

  @Override
  public Optional<PlanExecutor> starter() {
    return Optional.of(executor);
  }

  @Override
  public Origin origin() {
    return new Origin("/", Map.of());
  }

  @Override
  public List<Ability> abilities() {
    return List.of();
  }

  @Override
  public void close() {
    executor.close();
    executor.awaitEnd();
  }

  @Override
  public synchronized Optional<String> text(ProcFile file) {
    return Optional.ofNullable(texts.get(file));
  }

  @Override
  public Processes processes() {
    return new FakeProcesses(this);
  }
}
