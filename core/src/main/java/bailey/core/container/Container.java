package bailey.core.container;

import bailey.core.error.BadRequest;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A node of a hierarchy: a name, tasks, one state for each subsystem of its hierarchy, control
 * files. It is made, moved to and removed through its {@link Hierarchy}.
 */
public final class Container {
  private final Hierarchy hierarchy;
  private final ContainerPath path;
  private final @Nullable Container parent;
  private final Map<String, Container> children = new TreeMap<>();
  private final Set<TaskId> tasks = new HashSet<>();
  private final State[] states;
  private @Nullable OnEmpty onEmpty;

  /** What was set of one subsystem: values by the full name of the control file. */
  private static final class State {
    private final Map<String, String> values = new LinkedHashMap<>();
  }

  Container(Hierarchy hierarchy, ContainerPath path, @Nullable Container parent) {
    this.hierarchy = hierarchy;
    this.path = path;
    this.parent = parent;
    states = new State[hierarchy.subsystems().size()];
    for (int i = 0; i < states.length; i++) {
      states[i] = new State();
    }
  }

  /** The hierarchy that it is in. */
  public Hierarchy hierarchy() {
    return hierarchy;
  }

  /** Its name in the hierarchy. */
  public ContainerPath path() {
    return path;
  }

  /** The container that it is in; empty for the root. */
  public Optional<Container> parent() {
    return Optional.ofNullable(parent);
  }

  /** The containers in it, by name. */
  public Collection<Container> children() {
    return Collections.unmodifiableCollection(children.values());
  }

  /** The tasks in it, without those of its children. */
  public Set<TaskId> tasks() {
    return Collections.unmodifiableSet(tasks);
  }

  /** Whether no task is in it and no container. */
  public boolean isEmpty() {
    return tasks.isEmpty() && children.isEmpty();
  }

  /**
   * What happens when it gets empty: what was said of it, else of the nearest above; else nothing.
   */
  public OnEmpty onEmpty() {
    for (var container = this; container != null; container = container.parent) {
      if (container.onEmpty != null) {
        return container.onEmpty;
      }
    }
    return OnEmpty.IGNORE;
  }

  /**
   * Says what happens when it gets empty.
   *
   * @param choice null to do as the container above
   * @throws BadRequest where a subsystem of the hierarchy cannot
   */
  public void onEmpty(@Nullable OnEmpty choice) {
    for (var subsystem : hierarchy.subsystems()) {
      if (choice != null && !subsystem.onEmpty().contains(choice)) {
        throw new BadRequest(
            "on-empty: "
                + choice
                + " is not possible for "
                + subsystem.name()
                + "; write one of "
                + subsystem.onEmpty());
      }
    }
    onEmpty = choice;
  }

  /**
   * What was set of a control file, in its canonical form; empty where nothing was, and the
   * kernel's default holds.
   *
   * @throws BadRequest where no subsystem of the hierarchy has it, or it does not exist in that
   *     view
   */
  public Optional<String> value(View view, String control) {
    var file = file(control);
    if (!file.access(view).readable()) {
      throw new BadRequest(control + ": this control cannot be read " + side(view));
    }
    return Optional.ofNullable(state(control).values.get(control));
  }

  /**
   * Sets a control file.
   *
   * @param value as a user writes it
   * @throws BadRequest where no subsystem of the hierarchy has it, it cannot be set in that view,
   *     or the value is malformed
   */
  public void set(View view, String control, String value) {
    var file = file(control);
    if (!file.access(view).writable()) {
      throw new BadRequest(control + ": this control cannot be set " + side(view));
    }
    state(control).values.put(control, file.canonical(value));
  }

  private static String side(View view) {
    return view == View.INTERNAL ? "from inside its container" : "at all";
  }

  private ControlFile file(String control) {
    return hierarchy.subsystems().get(hierarchy.index(control)).controlFile(control).orElseThrow();
  }

  private State state(String control) {
    return states[hierarchy.index(control)];
  }

  Map<String, Container> childrenByName() {
    return children;
  }

  Set<TaskId> changeableTasks() {
    return tasks;
  }

  @Override
  public String toString() {
    return hierarchy.name() + ":/" + path;
  }
}
