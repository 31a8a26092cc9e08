package bailey.core.container;

import bailey.core.error.NoSuchContainer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A tree of containers and the set of subsystems bound to it. Each task is in exactly one container
 * of it: in the root, until it is moved. It is made and taken away by {@link Hierarchies}.
 *
 * <p>Any thread may call any method; they take the lock of {@link Hierarchies}.
 */
public final class Hierarchy {
  private final Hierarchies machine;
  private final String name;
  private final int place;
  private final Container root;
  private final ContainerTable table = new ContainerTable();
  private final Set<Container> told = new HashSet<>();

  /** The bits of its subsystems, under the lock of the hierarchies. */
  private long bound;

  /**
   * What becomes of a container that got empty.
   *
   * @param container which; with {@link OnEmpty#DELETE} it is gone already
   * @param action what its setting says
   */
  public record Emptied(Container container, OnEmpty action) {}

  Hierarchy(Hierarchies machine, String name, int place, long bound) {
    this.machine = machine;
    this.name = name;
    this.place = place;
    this.bound = bound;
    root = new Container(this);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The names of the subsystems bound to it. */
  public List<String> subsystems() {
    synchronized (machine.lock) {
      return machine.kinds().names(bound);
    }
  }

  /** The container at the top, which every task is in that was not moved. */
  public Container root() {
    return root;
  }

  /** How many containers it has, without the root. */
  public int size() {
    synchronized (machine.lock) {
      return table.size();
    }
  }

  /**
   * A container.
   *
   * @param path names from the root on, joined by {@code /}; the root's is empty
   */
  public Optional<Container> find(String path) {
    synchronized (machine.lock) {
      var at = root;
      for (int from = 0; from < path.length(); ) {
        int slash = path.indexOf('/', from);
        int to = slash < 0 ? path.length() : slash;
        var child = table.find(at, path, from, to);
        if (child == null) {
          return Optional.empty();
        }
        at = child;
        from = to + 1;
      }
      return Optional.of(at);
    }
  }

  /**
   * The container of that path.
   *
   * @throws NoSuchContainer where it is not there
   */
  public Container get(String path) {
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

  Hierarchies machine() {
    return machine;
  }

  int place() {
    return place;
  }

  // ---- under the lock of the hierarchies ----

  ContainerTable table() {
    return table;
  }

  long bound() {
    return bound;
  }

  void bind(long bits) {
    bound = bits;
  }

  /** The containers of which was said what happens when they get empty. */
  Set<Container> told() {
    return told;
  }

  @Override
  public String toString() {
    return name;
  }
}
