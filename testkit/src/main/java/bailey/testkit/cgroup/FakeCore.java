package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import bailey.core.container.Container;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What every group of cgroup v2 has (kernel/cgroup/cgroup.c): controllers, freezing, CPU usage. No
 * group but the root has both tasks and controllers that it hands on, but for those that work
 * within a process.
 */
final class FakeCore implements FakeController {
  /** Controllers of the kernel, whether this machine has them on v2 or not. */
  private static final List<String> KNOWN =
      List.of("cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma", "misc", "perf_event");

  /** Those that also work within a process. */
  private static final List<String> THREADED = List.of("cpuset", "cpu", "pids", "perf_event");

  private final FakeGroup group;
  private final Set<String> handedOn = new LinkedHashSet<>();
  private boolean freeze;

  FakeCore(FakeGroup group) {
    this.group = group;
    group.file("cgroup.controllers", FakeFile.shown(() -> line(available())));
    group.file("cgroup.subtree_control", FakeFile.both(() -> line(handedOn), this::changeHandedOn));
    group.file("cpu.stat", FakeFile.shown(() -> "usage_usec 0\nuser_usec 0\nsystem_usec 0\n"));
    if (!group.isRoot()) {
      group.file("cgroup.type", FakeFile.shown(() -> "domain\n"));
      group.file("cgroup.freeze", FakeFile.both(() -> freeze ? "1\n" : "0\n", this::freeze));
      group.file("cgroup.events", FakeFile.shown(this::events));
      group.file("cgroup.kill", FakeFile.written(this::kill));
    }
  }

  Set<String> handedOn() {
    return handedOn;
  }

  private static String line(Set<String> names) {
    return String.join(" ", names) + "\n";
  }

  private Set<String> available() {
    return group
        .above(FakeCore.class)
        .map(parent -> parent.handedOn)
        .orElse(group.hierarchy.makers().keySet());
  }

  /** cgroup_subtree_control_write(): all of the words or none. */
  private void changeHandedOn(String text) {
    var on = new ArrayList<String>();
    var off = new ArrayList<String>();
    for (var word : text.split(" ", -1)) {
      if (!word.isEmpty()) {
        char sign = word.charAt(0);
        KernelRefusal.unless(sign == '+' || sign == '-', Errno.EINVAL);
        KernelRefusal.unless(KNOWN.contains(word.substring(1)), Errno.EINVAL);
        (sign == '+' ? on : off).add(word.substring(1));
      }
    }
    KernelRefusal.unless(available().containsAll(on), Errno.ENOENT);
    for (var child : group.knownChildren()) {
      var below = child.state(FakeCore.class).orElseThrow().handedOn;
      KernelRefusal.unless(off.stream().noneMatch(below::contains), Errno.EBUSY);
    }
    boolean threadRoot = group.hasTasks() && handedOn.stream().anyMatch(THREADED::contains);
    boolean allowed = group.isRoot() || !threadRoot || THREADED.containsAll(on);
    KernelRefusal.unless(allowed, Errno.ENOTSUP); // cgroup_vet_subtree_control_enable()
    boolean fits = on.isEmpty() || !group.hasTasks() || (THREADED.containsAll(on) && mixes());
    KernelRefusal.unless(group.isRoot() || fits, Errno.EBUSY);
    on.forEach(this::handOn);
    off.forEach(this::takeBack);
  }

  private void handOn(String name) {
    if (handedOn.add(name)) {
      var maker = group.hierarchy.maker(name);
      group.knownChildren().forEach(child -> child.turnOn(name, maker));
    }
  }

  private void takeBack(String name) {
    if (handedOn.remove(name)) {
      group.knownChildren().forEach(child -> child.turnOff(name));
    }
  }

  private void freeze(String text) {
    freeze = KernelParse.number(text, 0, 1, Errno.ERANGE) == 1;
  }

  private boolean frozen() {
    return freeze || group.above(FakeCore.class).filter(FakeCore::frozen).isPresent();
  }

  private String events() {
    return "populated "
        + (group.container.isPopulated() ? 1 : 0)
        + "\nfrozen "
        + (frozen() ? 1 : 0)
        + "\n";
  }

  private void kill(String text) {
    KernelParse.number(text, 1, 1, Errno.ERANGE);
    FakeTasks.below(group.container).forEach(group.hierarchy.tasks()::end);
  }

  /** cgroup_can_be_thread_root(): tasks may be beside groups that only share these controllers. */
  private boolean mixes() {
    return THREADED.containsAll(handedOn)
        && group.container.children().stream().noneMatch(Container::isPopulated);
  }

  /** cgroup_migrate_vet_dst(). */
  @Override
  public void admit() {
    KernelRefusal.unless(group.isRoot() || handedOn.isEmpty() || mixes(), Errno.EBUSY);
  }
}
