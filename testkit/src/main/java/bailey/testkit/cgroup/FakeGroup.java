package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A group of one hierarchy: its place, tasks, files and the controllers that are on in it. */
final class FakeGroup {
  final FakeHierarchy hierarchy;
  final @Nullable FakeGroup parent;
  final TreeMap<String, FakeGroup> children = new TreeMap<>();
  final TreeSet<Integer> tasks = new TreeSet<>();
  final Map<String, FakeController> controllers = new LinkedHashMap<>();

  private final Map<String, FakeFile> files = new TreeMap<>();
  private final Map<String, String> owners = new HashMap<>();

  FakeGroup(FakeHierarchy hierarchy, @Nullable FakeGroup parent) {
    this.hierarchy = hierarchy;
    this.parent = parent;
  }

  boolean isRoot() {
    return parent == null;
  }

  /** Turns a controller on: its state and files appear. */
  void turnOn(String name, FakeController.Maker maker) {
    var before = new TreeSet<>(files.keySet());
    controllers.put(name, maker.make(this));
    files.keySet().stream()
        .filter(file -> !before.contains(file))
        .forEach(file -> owners.put(file, name));
  }

  /** Turns a controller off: its state and files are gone. */
  void turnOff(String name) {
    controllers.remove(name);
    files.keySet().removeIf(file -> name.equals(owners.get(file)));
  }

  void file(String name, FakeFile file) {
    files.put(name, file);
  }

  FakeFile file(String name) {
    var file = files.get(name);
    if (file == null) {
      throw new KernelRefusal(Errno.ENOENT);
    }
    return file;
  }

  Set<String> fileNames() {
    return new TreeSet<>(files.keySet());
  }

  /** The same controller's state in the parent; empty at the top. */
  <T extends FakeController> Optional<T> above(Class<T> type) {
    return parent == null ? Optional.empty() : parent.state(type);
  }

  <T extends FakeController> Optional<T> state(Class<T> type) {
    return controllers.values().stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  /** All tasks in it and in those in it. */
  void collect(Set<Integer> into) {
    into.addAll(tasks);
    children.values().forEach(child -> child.collect(into));
  }

  /** Tasks in it and below it. */
  int population() {
    return tasks.size() + children.values().stream().mapToInt(FakeGroup::population).sum();
  }
}
