package bailey.core.container;

import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tree of containers and the set of subsystems bound to it when it was mounted. A task is in
 * exactly one container of it: in the root, until it is moved. Children start where their parents
 * are.
 */
public final class Hierarchy {
  private final String name;
  private final List<Subsystem> subsystems;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final Container root;
  private final Map<TaskId, Container> holders = new HashMap<>();

  /**
   * What becomes of a container that got empty.
   *
   * @param container which; with {@link OnEmpty#DELETE} it is gone already
   * @param action what its setting says
   */
  public record Emptied(Container container, OnEmpty action) {}

  /**
   * A new hierarchy with its root alone.
   *
   * @param name of the hierarchy
   * @param subsystems bound to it, at most once each
   */
  public Hierarchy(String name, List<Subsystem> subsystems) {
    this.name = name;
    this.subsystems = List.copyOf(subsystems);
    for (int i = 0; i < subsystems.size(); i++) {
      if (indexes.put(subsystems.get(i).name(), i) != null) {
        throw new BadRequest(
            name + ": " + subsystems.get(i).name() + " is there twice; name each subsystem once");
      }
    }
    root = new Container(this, ContainerPath.ROOT, null);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The subsystems bound to it. */
  public List<Subsystem> subsystems() {
    return subsystems;
  }

  /** The container at the top, which every task is in that was not moved. */
  public Container root() {
    return root;
  }

  /** The container of that name. */
  public Optional<Container> find(ContainerPath path) {
    var container = root;
    for (var component : path.components()) {
      var child = container.childrenByName().get(component);
      if (child == null) {
        return Optional.empty();
      }
      container = child;
    }
    return Optional.of(container);
  }

  /**
   * Makes a container.
   *
   * @throws NoSuchContainer where its parent is not there
   * @throws ContainerBusy where the name is in use
   */
  public Container create(ContainerPath path) {
    var parent = path.parent().map(this::existing).orElse(root);
    if (path.isRoot() || parent.childrenByName().containsKey(path.name())) {
      throw new ContainerBusy("cannot create " + path + ": the name is in use; choose another");
    }
    var container = new Container(this, path, parent);
    parent.childrenByName().put(path.name(), container);
    return container;
  }

  /**
   * Removes a container.
   *
   * @return the containers above that got empty by it, from below
   * @throws NoSuchContainer where it is not there
   * @throws ContainerBusy where tasks or containers are in it, or it is the root
   */
  public List<Emptied> remove(ContainerPath path) {
    var container = existing(path);
    if (!container.isEmpty() || path.isRoot()) {
      throw new ContainerBusy(
          "cannot remove "
              + container
              + ": there are tasks or containers in it; remove those first");
    }
    return removed(container);
  }

  private List<Emptied> removed(Container container) {
    var parent = container.parent().orElseThrow();
    parent.childrenByName().remove(container.path().name());
    return emptied(parent);
  }

  /** The container that a task is in. */
  public Container holder(TaskId task) {
    return holders.getOrDefault(task, root);
  }

  /**
   * Moves a task to a container, from where it is.
   *
   * @return the containers that got empty by it, from below
   * @throws NoSuchContainer where it is not there
   */
  public List<Emptied> attach(TaskId task, ContainerPath path) {
    var to = existing(path);
    var from = holders.put(task, to);
    to.changeableTasks().add(task);
    return from == null || from == to ? List.of() : left(from, task);
  }

  /** A task started a task: it is where its parent is. */
  public void forked(TaskId parent, TaskId child) {
    attach(child, holder(parent).path());
  }

  /**
   * A task ended.
   *
   * @return the containers that got empty by it, from below
   */
  public List<Emptied> exited(TaskId task) {
    var from = holders.remove(task);
    return from == null ? List.of() : left(from, task);
  }

  private List<Emptied> left(Container from, TaskId task) {
    from.changeableTasks().remove(task);
    return emptied(from);
  }

  /** What follows if {@code container} is empty now: one that goes may empty the one above. */
  private List<Emptied> emptied(Container container) {
    if (!container.isEmpty() || container == root) {
      return List.of();
    }
    var all = new ArrayList<Emptied>();
    var action = container.onEmpty();
    all.add(new Emptied(container, action));
    if (action == OnEmpty.DELETE) {
      all.addAll(removed(container));
    }
    return all;
  }

  private Container existing(ContainerPath path) {
    return find(path)
        .orElseThrow(
            () ->
                new NoSuchContainer(
                    "there is no container "
                        + path
                        + " in "
                        + name
                        + "; bailey ls shows those there are"));
  }

  /** The place of the subsystem that a control file belongs to. */
  int index(String control) {
    var index = indexes.get(control.substring(0, Math.max(0, control.indexOf('.'))));
    if (index == null || subsystems.get(index).controlFile(control).isEmpty()) {
      throw new BadRequest(
          control
              + ": no subsystem of the hierarchy "
              + name
              + " has this control; it has "
              + String.join(", ", subsystems.stream().map(Subsystem::name).toList()));
    }
    return index;
  }
}
