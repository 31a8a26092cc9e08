package bailey.testkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Errno;
import bailey.core.container.ControlFile;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.subsystem.CgroupFeatures;
import bailey.core.subsystem.ControlGroup;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.Subsystems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

/**
 * Groups and tasks for the tests of a machine, gone after each test: what is left is a failure. It
 * also knows which control files the machine has.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CgroupFixture {
  static final List<Controller> CONTROLLERS = Subsystems.standard().controllers();

  /** Of the names of all groups that this JVM makes. */
  private static final String PREFIX = "c-contract-" + ProcessHandle.current().pid() + "-";

  private static int groups;

  private final List<Integer> tasks = new ArrayList<>();
  private final List<ControlGroup> made = new ArrayList<>();

  CgroupFixture() {}

  /** The machine; the same for each test of an instance. */
  protected abstract CgroupMachine machine();

  @AfterEach
  final void leaveNothing() {
    tasks.forEach(machine()::endTask);
    tasks.clear();
    made.reversed().forEach(group -> tree().remove(group.path()));
    made.clear();
    for (var top : tops()) {
      assertThat(machine().files().children(top, "")).noneMatch(name -> name.startsWith(PREFIX));
    }
  }

  private GroupTree tree() {
    return GroupTree.of(machine().files(), features(), CONTROLLERS);
  }

  /** A controller for each hierarchy. */
  final List<String> tops() {
    return tree().hierarchies();
  }

  final CgroupFeatures features() {
    return machine().features();
  }

  final ControlGroup newGroup() {
    groups++;
    return newGroup(PREFIX + groups);
  }

  final ControlGroup newGroup(String path) {
    tree().make(path);
    var group = new ControlGroup(machine().files(), features(), path);
    made.add(group);
    return group;
  }

  final int newTask() {
    int task = machine().startTask();
    tasks.add(task);
    return task;
  }

  final void attach(ControlGroup group, int task) {
    for (var hierarchy : tops()) {
      machine().files().write(hierarchy, group.path(), "cgroup.procs", Integer.toString(task));
    }
  }

  /**
   * A control file with its controller.
   *
   * @param controller its owner
   * @param file itself
   */
  record Control(Controller controller, ControlFile file) {
    @Override
    public String toString() {
      return file.name();
    }
  }

  private static Stream<Control> controls() {
    return CONTROLLERS.stream()
        .flatMap(owner -> owner.controlFiles().stream().map(file -> new Control(owner, file)));
  }

  final boolean possible(Control control) {
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
  final List<Control> settings() {
    return controls()
        .filter(c -> c.file.external().readable() && c.file.external().writable())
        .filter(this::possible)
        .filter(c -> !c.file.name().equals("io.max") || machine().disk().isPresent())
        .toList();
  }

  /** What can be read, on this machine. */
  final List<Control> readable() {
    return controls().filter(c -> c.file.external().readable()).filter(this::possible).toList();
  }

  /** What this machine does not have. */
  final List<Control> impossible() {
    return controls().filter(c -> !possible(c)).toList();
  }

  final Optional<Control> optional(String name) {
    var found = Subsystems.standard().find(name);
    var control = new Control((Controller) found.subsystem(), found.file());
    return possible(control) ? Optional.of(control) : Optional.empty();
  }

  static void assertErrno(Runnable operation, Errno errno) {
    assertThatThrownBy(operation::run)
        .isInstanceOfSatisfying(
            CgroupFiles.Refused.class,
            refused -> assertThat(refused.errno()).as(refused.getMessage()).contains(errno));
  }
}
