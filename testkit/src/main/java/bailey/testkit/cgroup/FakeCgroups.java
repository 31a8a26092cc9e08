package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import bailey.core.container.Container;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.CgroupVersion;
import bailey.core.subsystem.CgroupFeatures;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The control groups of a machine in memory, with files, ranges and refusals of the kernel, as far
 * as {@link CgroupContract} proves. Its tasks are numbers that use nothing but what a test says. It
 * has two CPUs, one memory node, one disk and pages of 4096 bytes.
 */
public final class FakeCgroups implements CgroupFiles {
  /** The disk that its groups can limit. */
  public static final String DISK = FakeBlockIo.DISK;

  private static final String TOP = "/sys/fs/cgroup";

  private final Map<String, FakeHierarchy> byController = new LinkedHashMap<>();
  private final SequencedMap<FakeHierarchy, String> mounts = new LinkedHashMap<>();
  private final FakeTasks tasks = new FakeTasks();

  private FakeCgroups() {}

  /**
   * A machine with v1 alone; cpu and cpuacct share a hierarchy, each other controller has its own.
   */
  public static FakeCgroups v1() {
    var machine = new FakeCgroups();
    machine.mountAllV1();
    machine.mount(TOP + "/hugetlb", CgroupVersion.V1, Map.of("hugetlb", FakeHugetlb::v1));
    return machine;
  }

  /** A machine with v2 alone. */
  public static FakeCgroups v2() {
    var machine = new FakeCgroups();
    var makers = new LinkedHashMap<String, FakeController.Maker>();
    makers.put("cpuset", FakeCpuset::v2);
    makers.put("cpu", FakeCpu::v2);
    makers.put("io", FakeBlockIo::v2);
    makers.put("memory", FakeMemory::v2);
    makers.put("hugetlb", FakeHugetlb::v2);
    makers.put("pids", FakePids::new);
    machine.mount(TOP, CgroupVersion.V2, makers);
    return machine;
  }

  /** A machine with all controllers on v1 but hugetlb, and a v2 hierarchy beside them. */
  public static FakeCgroups hybrid() {
    var machine = new FakeCgroups();
    machine.mountAllV1();
    machine.mount(TOP + "/unified", CgroupVersion.V2, Map.of("hugetlb", FakeHugetlb::v2));
    return machine;
  }

  private void mountAllV1() {
    var cpu = new LinkedHashMap<String, FakeController.Maker>();
    cpu.put("cpu", FakeCpu::v1);
    cpu.put("cpuacct", FakeCpuacct::new);
    mount(TOP + "/cpu,cpuacct", CgroupVersion.V1, cpu);
    mount(TOP + "/cpuset", CgroupVersion.V1, Map.of("cpuset", FakeCpuset::v1));
    mount(TOP + "/memory", CgroupVersion.V1, Map.of("memory", FakeMemory::v1));
    mount(TOP + "/devices", CgroupVersion.V1, Map.of("devices", FakeDevices::new));
    mount(TOP + "/freezer", CgroupVersion.V1, Map.of("freezer", FakeFreezer::new));
    mount(TOP + "/blkio", CgroupVersion.V1, Map.of("blkio", FakeBlockIo::v1));
    mount(TOP + "/pids", CgroupVersion.V1, Map.of("pids", FakePids::new));
  }

  private void mount(
      String point, CgroupVersion version, Map<String, FakeController.Maker> makers) {
    var hierarchy = new FakeHierarchy(tasks, version, makers);
    makers.keySet().forEach(name -> byController.put(name, hierarchy));
    if (version == CgroupVersion.V2) {
      byController.put(CORE, hierarchy);
    }
    mounts.put(hierarchy, point);
  }

  /**
   * Mounts a v1 hierarchy without a controller; all tasks are at its top.
   *
   * @param name as the kernel shows it: {@code name=jobs}
   */
  public void mountNamed(String name, String point) {
    mount(point, CgroupVersion.V1, Map.of());
    byController.put(name, mounts.lastEntry().getKey());
  }

  /**
   * Unmounts what is mounted at {@code point}; nothing where nothing is.
   *
   * @throws Refused with EBUSY if there are groups in it
   */
  public void unmount(String point) {
    refusing(
        () -> "unmounting " + point,
        () -> {
          for (var hierarchy : List.copyOf(mounts.keySet())) {
            if (point.equals(mounts.get(hierarchy))) {
              hierarchy.unmount();
              mounts.remove(hierarchy);
              byController.values().removeIf(hierarchy::equals);
            }
          }
          return "";
        });
  }

  /** A controller of each hierarchy, and where that is mounted. */
  public Map<String, String> points() {
    var points = new LinkedHashMap<String, String>();
    mounts.forEach(
        (hierarchy, point) ->
            byController.entrySet().stream()
                .filter(entry -> entry.getValue() == hierarchy)
                .map(Map.Entry::getKey)
                .max(Comparator.comparing(CORE::equals))
                .ifPresent(controller -> points.put(controller, point)));
    return points;
  }

  /** Where its hierarchies would be mounted. */
  public CgroupLayout layout() {
    var v1 = new HashMap<String, String>();
    Optional<String> unified = Optional.empty();
    List<String> controllers = List.of();
    for (var mount : mounts.entrySet()) {
      var hierarchy = mount.getKey();
      if (hierarchy.version == CgroupVersion.V2) {
        unified = Optional.of(mount.getValue());
        controllers = List.copyOf(hierarchy.makers().keySet());
      } else {
        hierarchy.makers().keySet().forEach(name -> v1.put(name, mount.getValue()));
      }
    }
    return new CgroupLayout(v1, unified, controllers, Map.of(), Optional.of("/bailey"));
  }

  /** What its groups offer, with the names of their files. */
  public CgroupFeatures features() {
    var files = new HashMap<String, Set<String>>();
    byController.forEach((name, hierarchy) -> files.put(name, filesOf(hierarchy)));
    return CgroupFeatures.of(layout(), FakeMemory.PAGE, files);
  }

  /** Those of a group with all controllers of a hierarchy. */
  private static Set<String> filesOf(FakeHierarchy hierarchy) {
    var alone = new FakeHierarchy(new FakeTasks(), hierarchy.version, hierarchy.makers());
    if (hierarchy.version == CgroupVersion.V2) {
      var all = hierarchy.makers().keySet().stream().map(name -> "+" + name);
      alone
          .root
          .file("cgroup.subtree_control")
          .writer()
          .accept(all.collect(Collectors.joining(" ")));
    }
    alone.mkdir("sample");
    return alone.find("sample").fileNames();
  }

  /** A new task, at the top of every hierarchy. */
  public int startTask() {
    return refusing(() -> "starting a task", tasks::start);
  }

  /**
   * A new task, in the groups of its parent.
   *
   * @throws Refused with EAGAIN where pids.max is reached
   */
  public int forkTask(int parent) {
    return refusing(() -> "forking task " + parent, () -> tasks.fork(parent));
  }

  /** A task ends, unless it has ended. */
  public void endTask(int task) {
    tasks.end(task);
  }

  /**
   * The path of the group that a task is in.
   *
   * @throws Refused with ESRCH where it has ended
   */
  public String groupOf(int task, String controller) {
    return refusing(() -> "looking for task " + task, () -> hierarchy(controller).path(task));
  }

  /**
   * The tasks in a group and below it, by number.
   *
   * @throws Refused with ENOENT where it is not there
   */
  public Set<Integer> tasksBelow(String controller, String path) {
    return refusing(
        () -> "listing " + controller + ":/" + path,
        () -> FakeTasks.below(hierarchy(controller).find(path).container));
  }

  /** The tasks of a group use so much memory from now on. */
  public void useMemory(String path, long bytes) {
    hierarchy("memory").find(path).state(FakeMemory.class).orElseThrow().use(bytes);
  }

  @Override
  public String read(String controller, String path, String file) {
    return refusing(
        () -> "reading " + file + " of " + controller + ":/" + path,
        () -> hierarchy(controller).find(path).file(file).reader().get());
  }

  @Override
  public void write(String controller, String path, String file, String text) {
    refusing(
        () -> "writing " + text + " to " + file + " of " + controller + ":/" + path,
        () -> {
          hierarchy(controller).find(path).file(file).writer().accept(text.strip());
          return "";
        });
  }

  @Override
  public void mkdir(String controller, String path) {
    refusing(
        () -> "making " + controller + ":/" + path,
        () -> {
          hierarchy(controller).mkdir(path);
          return "";
        });
  }

  @Override
  public void rmdir(String controller, String path) {
    refusing(
        () -> "removing " + controller + ":/" + path,
        () -> {
          hierarchy(controller).rmdir(path);
          return "";
        });
  }

  @Override
  public List<String> children(String controller, String path) {
    return refusing(
        () -> "listing " + controller + ":/" + path,
        () ->
            hierarchy(controller).find(path).container.children().stream()
                .map(Container::name)
                .toList());
  }

  @Override
  public Set<String> files(String controller, String path) {
    return refusing(
        () -> "listing " + controller + ":/" + path,
        () -> hierarchy(controller).find(path).fileNames());
  }

  private FakeHierarchy hierarchy(String controller) {
    var hierarchy = byController.get(controller);
    if (hierarchy == null) {
      throw new KernelRefusal(Errno.ENODEV);
    }
    return hierarchy;
  }

  private static <T> T refusing(Supplier<String> what, Supplier<T> operation) {
    try {
      return operation.get();
    } catch (KernelRefusal refusal) {
      throw new Refused(what.get(), refusal.errno);
    }
  }
}
