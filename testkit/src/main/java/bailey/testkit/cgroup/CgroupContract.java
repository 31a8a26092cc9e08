package bailey.testkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Errno;
import bailey.core.container.Amount;
import bailey.core.container.Report;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupVersion;
import bailey.core.subsystem.ControlGroup;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.Subsystems;
import bailey.testkit.Gen;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What control groups do, on every version and in memory: each control file is set, read back in
 * its unit, refused where it must be; groups come, nest and go. A machine passes with the
 * controllers that it has; what it lacks must be refused by name.
 */
public abstract class CgroupContract extends CgroupFixture {
  private static final long SEED = 20_061_101;

  /** For subclasses. */
  protected CgroupContract() {}

  private ControlSamples samples() {
    return new ControlSamples(machine());
  }

  @ParameterizedTest
  @MethodSource("settings")
  final void aSettingIsReadBackAsItWasGranted(Control control) {
    var group = newGroup();
    ControlSamples.prepare(group, control);
    for (var sample : samples().of(control)) {
      var granted = set(group, control, sample);
      assertThat(group.get(control.controller(), control.file()))
          .as("%s after %s", control, sample)
          .isEqualTo(granted);
      assertGranted(control.file().canonical(sample), granted);
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
    var name = control.file().name();
    var granted = group.set(control.controller(), Map.of(name, value));
    assertThat(granted).containsOnlyKeys(name);
    return granted.getOrDefault(name, "");
  }

  @ParameterizedTest
  @MethodSource("settings")
  final void aSettingMayBeWrittenBackAsItReads(Control control) {
    var group = newGroup();
    ControlSamples.prepare(group, control);
    group.set(
        control.controller(), Map.of(control.file().name(), samples().of(control).getFirst()));
    var shown = group.get(control.controller(), control.file());
    group.set(control.controller(), Map.of(control.file().name(), shown));
    assertThat(group.get(control.controller(), control.file())).isEqualTo(shown);
  }

  @ParameterizedTest
  @MethodSource("settings")
  final void malformedValuesAreRefusedAndChangeNothing(Control control) {
    var group = newGroup();
    ControlSamples.prepare(group, control);
    group.set(
        control.controller(), Map.of(control.file().name(), samples().of(control).getFirst()));
    var shown = group.get(control.controller(), control.file());
    for (var wrong :
        List.of("", " ", "abc", "-1", "+1", "64Q", "1e3", "0x10", "max max", "1\n2\n")) {
      assertThatThrownBy(
              () -> group.set(control.controller(), Map.of(control.file().name(), wrong)))
          .as("%s = '%s'", control, wrong)
          .isInstanceOf(BadRequest.class)
          .hasMessageStartingWith(control.file().name() + ": ")
          .hasMessageContaining("; write ");
    }
    assertThat(group.get(control.controller(), control.file())).isEqualTo(shown);
  }

  @ParameterizedTest
  @MethodSource("readable")
  final void aNewGroupCanBeRead(Control control) {
    var value = newGroup().get(control.controller(), control.file());
    if (control.file().format().equals(Report.FLAT)) {
      assertThat(value.lines().toList()).isNotEmpty().allMatch(line -> line.matches("\\S+ [0-9]+"));
    } else if (control.file().format() instanceof Amount) {
      assertThat(value).matches("[0-9]+|max");
    }
    assertThat(value).doesNotEndWith("\n");
  }

  @ParameterizedTest
  @MethodSource("readable")
  final void whatIsNoSettingCannotBeSet(Control control) {
    if (!control.file().external().writable()) {
      var group = newGroup();
      assertThatThrownBy(() -> group.set(control.controller(), Map.of(control.file().name(), "1")))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("cannot be set");
    }
  }

  /** JUnit wants at least one value: a machine that has everything has the whole list as one. */
  @Test
  final void whatThisMachineLacksIsRefusedByName() {
    for (var control : impossible()) {
      assertThatThrownBy(() -> control.controller().reading(features(), control.file()))
          .isInstanceOf(NotPossibleHere.class)
          .hasMessageStartingWith(control.file().name() + ": ");
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
    if (control.controller().version(features()).isPresent() && possible(control)) {
      var granted = set(group, control, value);
      assertThat(group.get(control.controller(), control.file()))
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
    var owner = control.get().controller();
    var group = newGroup();
    for (var pair :
        List.of("64M 64M", "256M 0", "16M 16M", "1G 1G", "1G max", "32M 0", "max max")) {
      var values = pair.split(" ", -1);
      group.set(owner, Map.of("memory.max", values[0], "memory.swap.max", values[1]));
      assertThat(group.get(owner, control.get().file()))
          .as(pair)
          .isEqualTo(control.get().file().canonical(values[1]));
    }
    group.set(owner, Map.of("memory.max", "64M", "memory.swap.max", "32M"));
    for (var max : List.of("512M", "8M")) {
      group.set(owner, Map.of("memory.max", max));
      assertThat(group.get(owner, control.get().file()))
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
    var owner = control.get().controller();
    var group = newGroup();
    for (var pair : List.of("50000:50000", "20000:10000", "90000:80000", "1000:0")) {
      var values = pair.split(":", -1);
      group.set(owner, Map.of("cpu.max", values[0], "cpu.max.burst", values[1]));
      assertThat(group.get(owner, control.get().file())).as(pair).isEqualTo(values[1]);
    }
  }

  @Test
  final void aQuotaBelowTheBurstIsRefusedWithTheRemedyAndNothingChanges() {
    var control = optional("cpu.max.burst");
    if (control.isEmpty()) {
      return;
    }
    var owner = control.get().controller();
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
    parent.set(control.controller(), Map.of("pids.max", "10"));
    assertThat(child.get(control.controller(), control.file())).isEqualTo("max");
    child.set(control.controller(), Map.of("pids.max", "20"));
    assertThat(parent.get(control.controller(), control.file())).isEqualTo("10");
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
        .ifPresent(pids -> assertThat(group.get(pids.controller(), pids.file())).isEqualTo("1"));
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

  @Test
  final void theKernelRefusesWhatTheFormatsRefuse() {
    var group = newGroup();
    int tried = 0;
    for (var refusal : RefusedWrite.all()) {
      var file = refusal.file();
      boolean there =
          features().version(file.controller()).filter(refusal.version()::equals).isPresent()
              && features().has(file)
              && machine().files().children(file.controller(), "").contains(group.path());
      if (there) {
        tried++;
        assertErrno(
            () ->
                machine()
                    .files()
                    .write(file.controller(), group.path(), file.name(), refusal.text()),
            refusal.errno());
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
      var first = samples().first("cpuset.cpus.effective");
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
    parent.set(control.controller(), Map.of("cpu.max", "50000 100000"));
    child.set(control.controller(), Map.of("cpu.max", "25000 50000"));
    assertThatThrownBy(() -> child.set(control.controller(), Map.of("cpu.max", "30000 50000")))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("EINVAL");
    assertThat(child.get(control.controller(), control.file())).isEqualTo("25000 50000");
  }

  @Test
  final void devicesOfVersion1FollowThePolicy() {
    if (features().version("devices").filter(CgroupVersion.V1::equals).isEmpty()) {
      return;
    }
    var allow = optional("devices.allow").orElseThrow();
    var list = optional("devices.list").orElseThrow();
    var group = newGroup();
    var owner = allow.controller();
    assertThat(group.get(owner, list.file())).isEqualTo("a *:* rwm");
    group.set(owner, Map.of("devices.deny", "a"));
    assertThat(group.get(owner, list.file())).isEmpty();
    group.set(owner, Map.of("devices.allow", "c 1:3 rw\nc 1:3 m\nc 136:* rwm\nb 8:0 r"));
    assertThat(group.get(owner, list.file())).isEqualTo("c 1:3 rwm\nc 136:* rwm\nb 8:0 r");
    group.set(owner, Map.of("devices.deny", "c 1:3 w\nc 136:1 rwm"));
    assertThat(group.get(owner, list.file())).isEqualTo("c 1:3 rm\nc 136:* rwm\nb 8:0 r");
    var child = newGroup(group.path() + "/c-child");
    assertThatThrownBy(() -> child.set(owner, Map.of("devices.allow", "c 1:5 r")))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("EPERM");
  }

  @Test
  final void noGroupOfVersion2HasTasksAndHandsOnControllers() {
    if (features().version("memory").filter(CgroupVersion.V2::equals).isEmpty()) {
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
    var control = "cgroup.subtree_control";
    assertErrno(() -> files.write(CgroupFiles.CORE, leaf.path(), control, "+memory"), Errno.EBUSY);
    files.write(CgroupFiles.CORE, leaf.path(), control, "+pids"); // works with tasks beside it
    assertErrno(
        () -> files.write(CgroupFiles.CORE, leaf.path(), control, "+memory"), Errno.ENOTSUP);
    files.write(CgroupFiles.CORE, leaf.path(), control, "-pids");
  }
}
