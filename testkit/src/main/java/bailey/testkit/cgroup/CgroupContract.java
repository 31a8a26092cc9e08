package bailey.testkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Errno;
import bailey.core.container.Amount;
import bailey.core.container.ControlFile;
import bailey.core.container.Report;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupVersion;
import bailey.core.subsystem.CgroupFeatures;
import bailey.core.subsystem.ControlGroup;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.GroupStep;
import bailey.core.subsystem.KernelFile;
import bailey.core.subsystem.Subsystems;
import bailey.testkit.Gen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What control groups do, on every version and in memory: each control file is set, read back in
 * its unit, refused where it must be; groups come, nest and go. A machine passes with the
 * controllers that it has; what it lacks must be refused by name.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class CgroupContract {
  private static final long SEED = 20_061_101;

  private static final List<Controller> CONTROLLERS = Subsystems.standard().controllers();

  private static int groups;

  /** What the suite runs on. */
  public interface Machine {
    /** Its control group files. */
    CgroupFiles files();

    /** What they offer; controllers that the suite must leave alone are not in it. */
    CgroupFeatures features();

    /** A disk whose I/O may be limited, {@code MAJ:MIN}; empty where there is none. */
    Optional<String> disk();

    /** A new task that does nothing but wait. */
    int startTask();

    /** Ends a task and waits until it is gone. */
    void endTask(int task);
  }

  private final List<Integer> tasks = new ArrayList<>();
  private final List<ControlGroup> made = new ArrayList<>();
  private final Map<String, List<String>> before = new HashMap<>();

  /** For subclasses. */
  protected CgroupContract() {}

  /** The machine; the same for each test of an instance. */
  protected abstract Machine machine();

  @BeforeEach
  final void rememberGroups() {
    tops().forEach(top -> before.put(top, machine().files().children(top, "")));
  }

  @AfterEach
  final void leaveNothing() {
    tasks.forEach(machine()::endTask);
    tasks.clear();
    made.reversed().forEach(group -> group.remove(here()));
    made.clear();
    tops()
        .forEach(top -> assertThat(machine().files().children(top, "")).isEqualTo(before.get(top)));
  }

  private List<String> tops() {
    return GroupStep.onePerHierarchy(features(), CONTROLLERS);
  }

  private CgroupFeatures features() {
    return machine().features();
  }

  /** The controllers that this machine has. */
  private List<Controller> here() {
    return CONTROLLERS.stream().filter(c -> c.version(features()).isPresent()).toList();
  }

  private ControlGroup newGroup() {
    groups++;
    return newGroup("c-contract-" + ProcessHandle.current().pid() + "-" + groups);
  }

  private ControlGroup newGroup(String path) {
    var group = new ControlGroup(machine().files(), features(), path);
    group.make(here());
    made.add(group);
    return group;
  }

  private int newTask() {
    int task = machine().startTask();
    tasks.add(task);
    return task;
  }

  private void attach(ControlGroup group, int task) {
    for (var hierarchy : tops()) {
      machine().files().write(hierarchy, group.path(), "cgroup.procs", Integer.toString(task));
    }
  }

  // ---- which control files there are

  /**
   * A control file with its controller.
   *
   * @param controller its owner
   * @param file itself
   */
  protected record Control(Controller controller, ControlFile file) {
    @Override
    public String toString() {
      return file.name();
    }
  }

  private static Stream<Control> controls() {
    return CONTROLLERS.stream()
        .flatMap(owner -> owner.controlFiles().stream().map(file -> new Control(owner, file)));
  }

  private boolean possible(Control control) {
    try {
      if (control.file.external().readable()) {
        control.controller.reading(features(), control.file);
      } else {
        control.controller.change(features(), Map.of(control.file.name(), "a"));
      }
      return true;
    } catch (NotPossibleHere _) {
      return false;
    }
  }

  /** Settings whose value can be read back, on this machine. */
  protected final List<Control> settings() {
    return controls()
        .filter(c -> c.file.external().readable() && c.file.external().writable())
        .filter(this::possible)
        .filter(c -> !c.file.name().equals("io.max") || machine().disk().isPresent())
        .toList();
  }

  /** What can be read, on this machine. */
  protected final List<Control> readable() {
    return controls().filter(c -> c.file.external().readable()).filter(this::possible).toList();
  }

  /** What this machine does not have. */
  protected final List<Control> impossible() {
    return controls().filter(c -> !possible(c)).toList();
  }

  // ---- values

  /** Values to set one after the other, each different from the one before. */
  private List<String> samples(Control control) {
    var disk = machine().disk().orElse("");
    return switch (control.file.name()) {
      case "memory.low" -> List.of("16M", "32768", "0");
      case "memory.max", "memory.high", "memory.swap.max" ->
          List.of("64M", "max", "100000", "1.5G");
      case "cpu.weight" -> List.of("1", "10000", "39", "100");
      case "cpu.max" -> List.of("50000 100000", "max 20000", "1000", "250000 1000000", "max");
      case "cpu.max.burst" -> List.of("20000", "0");
      case "cpuset.cpus" -> List.of(first("cpuset.cpus.effective"), all("cpuset.cpus.effective"));
      case "cpuset.mems" -> List.of(first("cpuset.mems.effective"));
      case "pids.max" -> List.of("1", "4194304", "max", "0");
      case "io.weight" -> List.of("1", "default 1000", "100");
      case "io.max" ->
          List.of(
              disk + " rbps=1M wiops=120",
              disk + " wbps=4096",
              disk + " riops=1 wiops=4294967294 rbps=9223372036854775807 wbps=1");
      case "freezer.state" -> List.of("FROZEN", "THAWED");
      default -> List.of("1G", "0", "max"); // hugetlb.*.max
    };
  }

  private String all(String control) {
    var found = Subsystems.standard().find(control);
    return new ControlGroup(machine().files(), features(), "")
        .get((Controller) found.subsystem(), found.file());
  }

  private String first(String control) {
    return all(control).split("[-,]", -1)[0];
  }

  /** What has to be said first, so that a value can be had on v1 as on v2. */
  private static void prepare(ControlGroup group, Control control) {
    switch (control.file.name()) {
      case "memory.swap.max" -> group.set(control.controller, Map.of("memory.max", "64M"));
      case "cpu.max.burst" -> group.set(control.controller, Map.of("cpu.max", "50000 100000"));
      default -> {}
    }
  }

  // ---- the contract

  @ParameterizedTest
  @MethodSource("settings")
  final void aSettingIsReadBackAsItWasGranted(Control control) {
    var group = newGroup();
    prepare(group, control);
    for (var sample : samples(control)) {
      var granted = set(group, control, sample);
      assertThat(group.get(control.controller, control.file))
          .as("%s after %s", control, sample)
          .isEqualTo(granted);
      assertGranted(control.file.canonical(sample), granted);
    }
  }

  /** What is granted is what was asked for, but for rounding: to pages, to what schedulers know. */
  private static void assertGranted(String asked, String granted) {
    if (!granted.equals(asked)) {
      long wanted = number(asked);
      assertThat(number(granted))
          .as(asked)
          .isBetween(wanted - Math.min(wanted / 10, 65_535), wanted);
    }
  }

  private static long number(String value) {
    return Long.parseLong(value.replace("default ", ""));
  }

  /** Sets one control file; what was granted. */
  private static String set(ControlGroup group, Control control, String value) {
    var name = control.file.name();
    var granted = group.set(control.controller, Map.of(name, value));
    assertThat(granted).containsOnlyKeys(name);
    return granted.getOrDefault(name, "");
  }

  @ParameterizedTest
  @MethodSource("settings")
  final void aSettingMayBeWrittenBackAsItReads(Control control) {
    var group = newGroup();
    prepare(group, control);
    group.set(control.controller, Map.of(control.file.name(), samples(control).getFirst()));
    var shown = group.get(control.controller, control.file);
    group.set(control.controller, Map.of(control.file.name(), shown));
    assertThat(group.get(control.controller, control.file)).isEqualTo(shown);
  }

  @ParameterizedTest
  @MethodSource("settings")
  final void malformedValuesAreRefusedAndChangeNothing(Control control) {
    var group = newGroup();
    prepare(group, control);
    group.set(control.controller, Map.of(control.file.name(), samples(control).getFirst()));
    var shown = group.get(control.controller, control.file);
    for (var wrong :
        List.of("", " ", "abc", "-1", "+1", "64Q", "1e3", "0x10", "max max", "1\n2\n")) {
      assertThatThrownBy(() -> group.set(control.controller, Map.of(control.file.name(), wrong)))
          .as("%s = '%s'", control, wrong)
          .isInstanceOf(BadRequest.class)
          .hasMessageStartingWith(control.file.name() + ": ")
          .hasMessageContaining("; write ");
    }
    assertThat(group.get(control.controller, control.file)).isEqualTo(shown);
  }

  @ParameterizedTest
  @MethodSource("readable")
  final void aNewGroupCanBeRead(Control control) {
    var value = newGroup().get(control.controller, control.file);
    if (control.file.format().equals(Report.FLAT)) {
      assertThat(value.lines().toList()).isNotEmpty().allMatch(line -> line.matches("\\S+ [0-9]+"));
    } else if (control.file.format() instanceof Amount) {
      assertThat(value).matches("[0-9]+|max");
    }
    assertThat(value).doesNotEndWith("\n");
  }

  @ParameterizedTest
  @MethodSource("readable")
  final void whatIsNoSettingCannotBeSet(Control control) {
    if (!control.file.external().writable()) {
      var group = newGroup();
      assertThatThrownBy(() -> group.set(control.controller, Map.of(control.file.name(), "1")))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("cannot be set");
    }
  }

  /** JUnit wants at least one value: a machine that has everything has the whole list as one. */
  @Test
  final void whatThisMachineLacksIsRefusedByName() {
    for (var control : impossible()) {
      assertThatThrownBy(() -> control.controller.reading(features(), control.file))
          .isInstanceOf(NotPossibleHere.class)
          .hasMessageStartingWith(control.file.name() + ": ");
    }
  }

  @Test
  final void randomNumbersAreReadBackAsTheyWereGranted() {
    var gen = new Gen(SEED);
    var group = newGroup();
    for (int i = 0; i < 40; i++) {
      roundTrip(group, "memory.max", Long.toString(gen.number(1 << 16, Long.MAX_VALUE)));
      roundTrip(group, "cpu.weight", Long.toString(gen.number(1, 10_000)));
      roundTrip(group, "pids.max", Long.toString(gen.number(0, 4_194_304)));
      roundTrip(
          group, "cpu.max", gen.number(1000, (1L << 44) - 1) + " " + gen.number(1000, 1_000_000));
      roundTrip(group, "io.weight", Long.toString(gen.number(1, 10_000)));
    }
  }

  private void roundTrip(ControlGroup group, String name, String value) {
    var found = Subsystems.standard().find(name);
    var control = new Control((Controller) found.subsystem(), found.file());
    if (control.controller.version(features()).isPresent() && possible(control)) {
      var granted = set(group, control, value);
      assertThat(group.get(control.controller, control.file))
          .as("%s = %s (seed %s)", name, value, SEED)
          .isEqualTo(granted);
    }
  }

  // ---- memory

  @Test
  final void memoryAndSwapChangeTogetherInAnyDirection() {
    var control = optional("memory.swap.max");
    if (control.isEmpty()) {
      return;
    }
    var owner = control.get().controller;
    var group = newGroup();
    for (var pair :
        List.of("64M 64M", "256M 0", "16M 16M", "1G 1G", "1G max", "32M 0", "max max")) {
      var values = pair.split(" ", -1);
      group.set(owner, Map.of("memory.max", values[0], "memory.swap.max", values[1]));
      assertThat(group.get(owner, control.get().file))
          .as(pair)
          .isEqualTo(control.get().file.canonical(values[1]));
    }
    group.set(owner, Map.of("memory.max", "64M", "memory.swap.max", "32M"));
    for (var max : List.of("512M", "8M")) {
      group.set(owner, Map.of("memory.max", max));
      assertThat(group.get(owner, control.get().file))
          .as("swap beside " + max)
          .isEqualTo("33554432");
    }
  }

  // ---- cpu

  @Test
  final void quotaAndBurstChangeTogetherInAnyDirection() {
    var control = optional("cpu.max.burst");
    if (control.isEmpty()) {
      return;
    }
    var owner = control.get().controller;
    var group = newGroup();
    for (var pair : List.of("50000:50000", "20000:10000", "90000:80000", "1000:0")) {
      var values = pair.split(":", -1);
      group.set(owner, Map.of("cpu.max", values[0], "cpu.max.burst", values[1]));
      assertThat(group.get(owner, control.get().file)).as(pair).isEqualTo(values[1]);
    }
  }

  @Test
  final void aQuotaBelowTheBurstIsRefusedWithTheRemedyAndNothingChanges() {
    var control = optional("cpu.max.burst");
    if (control.isEmpty()) {
      return;
    }
    var owner = control.get().controller;
    var group = newGroup();
    group.set(owner, Map.of("cpu.max", "50000 100000", "cpu.max.burst", "40000"));
    assertThatThrownBy(() -> group.set(owner, Map.of("cpu.max", "30000 200000")))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("cpu.max: 30000 200000 cannot be set: ")
        .hasMessageContaining("EINVAL (invalid argument)")
        .hasMessageContaining("cpu.max.burst");
    assertThat(group.get(owner, owner.controlFile("cpu.max").orElseThrow()))
        .isEqualTo("50000 100000");
  }

  // ---- hierarchy

  @Test
  final void groupsNestAndEachHasItsOwnValues() {
    var parent = newGroup();
    var child = newGroup(parent.path() + "/c-child");
    var control = optional("pids.max").orElseThrow();
    parent.set(control.controller, Map.of("pids.max", "10"));
    assertThat(child.get(control.controller, control.file)).isEqualTo("max");
    child.set(control.controller, Map.of("pids.max", "20"));
    assertThat(parent.get(control.controller, control.file)).isEqualTo("10");
  }

  @Test
  final void aGroupWithAGroupInItStays() {
    var parent = newGroup();
    newGroup(parent.path() + "/c-child");
    for (var top : tops()) {
      assertErrno(() -> machine().files().rmdir(top, parent.path()), Errno.EBUSY);
      assertThat(machine().files().children(top, parent.path())).containsExactly("c-child");
    }
  }

  @Test
  final void aFreshGroupTakesATaskAndStaysWhileItIsThere() {
    var group = newGroup();
    int task = newTask();
    attach(group, task);
    for (var top : tops()) {
      assertThat(machine().files().read(top, group.path(), "cgroup.procs")).isEqualTo(task + "\n");
      assertErrno(() -> machine().files().rmdir(top, group.path()), Errno.EBUSY);
    }
    optional("pids.current")
        .ifPresent(pids -> assertThat(group.get(pids.controller, pids.file)).isEqualTo("1"));
  }

  @Test
  final void aGroupIsMadeOnceAndOnlyInOneThatIsThere() {
    var group = newGroup();
    for (var top : tops()) {
      assertErrno(() -> machine().files().mkdir(top, group.path()), Errno.EEXIST);
      assertErrno(() -> machine().files().mkdir(top, group.path() + "/no/c-x"), Errno.ENOENT);
      assertErrno(() -> machine().files().rmdir(top, group.path() + "/no"), Errno.ENOENT);
      assertErrno(
          () -> machine().files().read(top, group.path() + "/no", "cgroup.procs"), Errno.ENOENT);
      assertErrno(() -> machine().files().read(top, group.path(), "no.file"), Errno.ENOENT);
      assertErrno(() -> machine().files().write(top, group.path(), "no.file", "1"), Errno.ENOENT);
    }
  }

  @Test
  final void tasksThatAreNoneAreRefused() {
    var group = newGroup();
    for (var top : tops()) {
      assertErrno(
          () -> machine().files().write(top, group.path(), "cgroup.procs", "999999999"),
          Errno.ESRCH);
      assertErrno(
          () -> machine().files().write(top, group.path(), "cgroup.procs", "abc"), Errno.EINVAL);
    }
  }

  // ---- what the formats rest on: the kernel refuses just what they refuse

  /**
   * A raw write that the kernel refuses.
   *
   * @param version where
   * @param file of the kernel
   * @param text what is written
   * @param errno the answer
   */
  private record Refusal(CgroupVersion version, KernelFile file, String text, Errno errno) {}

  private List<Refusal> refusals() {
    var list = new ArrayList<Refusal>();
    add(
        list,
        CgroupVersion.V1,
        "memory",
        "memory.limit_in_bytes",
        Errno.EINVAL,
        "max",
        "x",
        "1.5G");
    add(
        list,
        CgroupVersion.V1,
        "cpu",
        "cpu.cfs_quota_us",
        Errno.EINVAL,
        "999",
        "0",
        "17592186044416");
    add(list, CgroupVersion.V1, "cpu", "cpu.cfs_period_us", Errno.EINVAL, "999", "1000001");
    add(list, CgroupVersion.V1, "cpuset", "cpuset.cpus", Errno.ERANGE, "9999");
    add(list, CgroupVersion.V1, "cpuset", "cpuset.cpus", Errno.EINVAL, "1-0", "x");
    add(list, CgroupVersion.V1, "freezer", "freezer.state", Errno.EINVAL, "FREEZING", "frozen");
    add(list, CgroupVersion.V1, "blkio", "blkio.bfq.weight", Errno.ERANGE, "0", "1001");
    add(
        list,
        CgroupVersion.V1,
        "blkio",
        "blkio.throttle.read_bps_device",
        Errno.ENODEV,
        "4095:1048575 1");
    add(list, CgroupVersion.V1, "devices", "devices.allow", Errno.EINVAL, "x", "c 1:3", "c 1:3 q");
    add(list, CgroupVersion.V1, "pids", "pids.max", Errno.EINVAL, "4194305", "-1", "x");
    add(list, CgroupVersion.V2, "memory", "memory.max", Errno.EINVAL, "-1", "x", "1.5G");
    add(list, CgroupVersion.V2, "cpu", "cpu.weight", Errno.ERANGE, "0", "10001");
    add(list, CgroupVersion.V2, "cpu", "cpu.max", Errno.EINVAL, "999", "0", "17592186044416");
    add(list, CgroupVersion.V2, "cpu", "cpu.max", Errno.EINVAL, "1000 999", "1000 1000001", "x");
    add(list, CgroupVersion.V2, "cpuset", "cpuset.cpus", Errno.ERANGE, "9999");
    add(list, CgroupVersion.V2, "io", "io.weight", Errno.EINVAL, "0", "10001");
    add(list, CgroupVersion.V2, "io", "io.max", Errno.ENODEV, "4095:1048575 rbps=1");
    add(list, CgroupVersion.V2, "pids", "pids.max", Errno.EINVAL, "4194305", "-1", "x");
    add(list, CgroupVersion.V2, "hugetlb", "hugetlb.2MB.max", Errno.EINVAL, "x", "-1");
    add(list, CgroupVersion.V2, CgroupFiles.CORE, "cgroup.freeze", Errno.ERANGE, "2");
    add(list, CgroupVersion.V2, CgroupFiles.CORE, "cgroup.freeze", Errno.EINVAL, "x");
    add(
        list,
        CgroupVersion.V2,
        CgroupFiles.CORE,
        "cgroup.subtree_control",
        Errno.EINVAL,
        "memory",
        "+x");
    return list;
  }

  private static void add(
      List<Refusal> list,
      CgroupVersion version,
      String controller,
      String file,
      Errno errno,
      String... texts) {
    for (var text : texts) {
      list.add(new Refusal(version, new KernelFile(controller, file), text, errno));
    }
  }

  @Test
  final void theKernelRefusesWhatTheFormatsRefuse() {
    var group = newGroup();
    int tried = 0;
    for (var refusal : refusals()) {
      var file = refusal.file;
      boolean there =
          features().version(file.controller()).filter(refusal.version::equals).isPresent()
              && features().has(file)
              && machine().files().children(file.controller(), "").contains(group.path());
      if (there) {
        tried++;
        assertErrno(
            () ->
                machine().files().write(file.controller(), group.path(), file.name(), refusal.text),
            refusal.errno);
      }
    }
    assertThat(tried).isPositive();
  }

  @Test
  final void cpusetOfVersion1HoldsChildrenWithinParents() {
    if (features().version("cpuset").filter(CgroupVersion.V1::equals).isEmpty()) {
      return;
    }
    var files = machine().files();
    var parent = newGroup();
    var bare = parent.path() + "/c-bare";
    files.mkdir("cpuset", bare);
    try {
      int task = newTask();
      assertErrno(
          () -> files.write("cpuset", bare, "cgroup.procs", Integer.toString(task)), Errno.ENOSPC);
      var first = first("cpuset.cpus.effective");
      files.write("cpuset", bare, "cpuset.cpus", first);
      assertErrno(() -> files.write("cpuset", parent.path(), "cpuset.cpus", ""), Errno.EBUSY);
      files.write("cpuset", bare, "cpuset.cpus", "");
      files.write("cpuset", parent.path(), "cpuset.cpus", "");
      assertErrno(() -> files.write("cpuset", bare, "cpuset.cpus", first), Errno.EACCES);
    } finally {
      files.rmdir("cpuset", bare);
    }
  }

  @Test
  final void quotaOfVersion1IsNotAboveTheParents() {
    if (features().version("cpu").filter(CgroupVersion.V1::equals).isEmpty()) {
      return;
    }
    var control = optional("cpu.max").orElseThrow();
    var parent = newGroup();
    var child = newGroup(parent.path() + "/c-child");
    parent.set(control.controller, Map.of("cpu.max", "50000 100000"));
    child.set(control.controller, Map.of("cpu.max", "25000 50000"));
    assertThatThrownBy(() -> child.set(control.controller, Map.of("cpu.max", "30000 50000")))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("EINVAL");
    assertThat(child.get(control.controller, control.file)).isEqualTo("25000 50000");
  }

  @Test
  final void devicesOfVersion1FollowThePolicy() {
    if (features().version("devices").filter(CgroupVersion.V1::equals).isEmpty()) {
      return;
    }
    var allow = optional("devices.allow").orElseThrow();
    var list = optional("devices.list").orElseThrow();
    var group = newGroup();
    var owner = allow.controller;
    assertThat(group.get(owner, list.file)).isEqualTo("a *:* rwm");
    group.set(owner, Map.of("devices.deny", "a"));
    assertThat(group.get(owner, list.file)).isEmpty();
    group.set(owner, Map.of("devices.allow", "c 1:3 rw\nc 1:3 m\nc 136:* rwm\nb 8:0 r"));
    assertThat(group.get(owner, list.file)).isEqualTo("c 1:3 rwm\nc 136:* rwm\nb 8:0 r");
    group.set(owner, Map.of("devices.deny", "c 1:3 w\nc 136:1 rwm"));
    assertThat(group.get(owner, list.file)).isEqualTo("c 1:3 rm\nc 136:* rwm\nb 8:0 r");
    var child = newGroup(group.path() + "/c-child");
    assertThatThrownBy(() -> child.set(owner, Map.of("devices.allow", "c 1:5 r")))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("EPERM");
  }

  @Test
  final void noGroupOfVersion2HasTasksAndHandsOnControllers() {
    if (features().version("pids").filter(CgroupVersion.V2::equals).isEmpty()) {
      return;
    }
    var files = machine().files();
    var parent = newGroup();
    newGroup(parent.path() + "/c-child");
    int task = newTask();
    assertErrno(
        () -> files.write(CgroupFiles.CORE, parent.path(), "cgroup.procs", Integer.toString(task)),
        Errno.EBUSY);
    var leaf = newGroup();
    attach(leaf, task);
    assertErrno(
        () -> files.write(CgroupFiles.CORE, leaf.path(), "cgroup.subtree_control", "+pids"),
        Errno.EBUSY);
  }

  private Optional<Control> optional(String name) {
    var found = Subsystems.standard().find(name);
    var control = new Control((Controller) found.subsystem(), found.file());
    return possible(control) ? Optional.of(control) : Optional.empty();
  }

  private static void assertErrno(Runnable operation, Errno errno) {
    assertThatThrownBy(operation::run)
        .isInstanceOfSatisfying(
            CgroupFiles.Refused.class,
            refused -> assertThat(refused.errno()).as(refused.getMessage()).contains(errno));
  }
}
