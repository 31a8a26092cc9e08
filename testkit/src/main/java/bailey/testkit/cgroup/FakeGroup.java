package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import bailey.core.container.Container;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A group of one hierarchy: its files and the controllers that are on in it. */
final class FakeGroup {
  final FakeHierarchy hierarchy;
  final Container container;
  final Map<String, FakeController> controllers = new LinkedHashMap<>();

  private final @Nullable FakeGroup parent;
  private final Map<String, FakeFile> files = new HashMap<>();
  private final Map<String, String> owners = new HashMap<>();

  FakeGroup(FakeHierarchy hierarchy, Container container, @Nullable FakeGroup parent) {
    this.hierarchy = hierarchy;
    this.container = container;
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
    var gone = controllers.remove(name);
    if (gone != null) {
      gone.turnedOff();
    }
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

  /** The groups in it, as far as somebody has looked into them. */
  List<FakeGroup> knownChildren() {
    return container.children().stream()
        .map(hierarchy::known)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .toList();
  }

  boolean hasChildren() {
    return !container.children().isEmpty();
  }

  boolean hasTasks() {
    return !container.tasks().isEmpty();
  }

  /** What it has of a controller that counts. */
  Object counter(String controller) {
    return hierarchy.tasks().counter(container, controller);
  }
}
