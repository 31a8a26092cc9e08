package bailey.core.container;

import bailey.core.container.Hierarchy.Emptied;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node of a hierarchy: a name, tasks, and one state for each subsystem of its hierarchy, which is
 * its own or that of the nearest container above that has its own: so it may be new in pid alone.
 * It is itself the state of those subsystems whose state says no more than whose it is.
 *
 * <p>Any thread may call any method; they take the lock of {@link Hierarchies}.
 */
public final class Container implements State {
  private static final State[] NONE = {};

  private final Hierarchy hierarchy;
  private final @Nullable Container parent;
  private final String name;

  /** Of its path: for tables. */
  private final int hash;

  /** A bit for each subsystem, by index, of which the state is its own; all for a root. */
  private final long owned;

  /** The states of its own, but those that it is itself, in the order of the indexes. */
  private final State[] made;

  // From here on under the lock of the hierarchies.

  private @Nullable Container firstChild;
  private @Nullable Container next;
  private @Nullable Container previous;

  /**
   * What it does when it gets empty, said of it or of one above. It is kept, because looking
   * upwards costs a deep container more than all else when it gets empty.
   */
  private OnEmpty onEmpty;

  /** The sets with tasks in it. */
  @Nullable TaskSet sets;

  /** The next in the same bucket of {@link ContainerTable}. */
  @Nullable Container nextInTable;

  /** The root of a hierarchy, which has the states that all roots have in turn. */
  Container(Hierarchy hierarchy) {
    this.hierarchy = hierarchy;
    parent = null;
    name = "";
    hash = hierarchy.name().hashCode();
    owned = -1L;
    made = NONE;
    onEmpty = OnEmpty.IGNORE;
  }

  private Container(Container parent, String name, long owned) {
    this.hierarchy = parent.hierarchy;
    this.parent = parent;
    this.name = name;
    hash = hash(parent, name, 0, name.length());
    this.owned = owned;
    made = hierarchy.machine().kinds().make(this, parent, owned);
    onEmpty = parent.onEmpty;
  }

  /** Of one that is called as {@code path} has it from {@code from} to {@code to}. */
  static int hash(Container parent, String path, int from, int to) {
    int hash = parent.hash;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + path.charAt(i);
    }
    return hash ^ hash >>> 15;
  }

  int hash() {
    return hash;
  }

  boolean is(Container above, String path, int from, int to) {
    return parent == above && name.length() == to - from && path.startsWith(name, from);
  }

  // ---- what it is ----

  /** The hierarchy that it is in. */
  public Hierarchy hierarchy() {
    return hierarchy;
  }

  /** Its name; empty for the root. */
  public String name() {
    return name;
  }

  /** Its names from the root on, joined by {@code /}; empty for the root. */
  public String path() {
    var path = new StringBuilder(name);
    for (var at = parent; at != null && at.parent != null; at = at.parent) {
      path.insert(0, '/').insert(0, at.name);
    }
    return path.toString();
  }

  /** The container that it is in; empty for the root. */
  public Optional<Container> parent() {
    return Optional.ofNullable(parent);
  }

  /** The containers in it, by name. */
  public List<Container> children() {
    synchronized (lock()) {
      var all = new ArrayList<Container>();
      for (var child = firstChild; child != null; child = child.next) {
        all.add(child);
      }
      all.sort(Comparator.comparing(Container::name));
      return all;
    }
  }

  /** The tasks in it, without those of its children, in no order. */
  public List<Task> tasks() {
    synchronized (lock()) {
      var all = new ArrayList<Task>();
      for (var set = sets; set != null; set = set.next(hierarchy.place())) {
        synchronized (set) {
          set.collect(all);
        }
      }
      return all;
    }
  }

  /** Whether no task is in it and no container. */
  public boolean isEmpty() {
    synchronized (lock()) {
      return isVacant();
    }
  }

  /** Whether a task is in it or below it. */
  public boolean isPopulated() {
    synchronized (lock()) {
      return heldPopulated();
    }
  }

  private boolean heldPopulated() {
    if (sets != null) {
      return true;
    }
    for (var child = firstChild; child != null; child = child.next) {
      if (child.heldPopulated()) {
        return true;
      }
    }
    return false;
  }

  // ---- states ----

  /**
   * What its tasks see of a subsystem.
   *
   * @param subsystem what {@link Hierarchies#index} said
   * @throws BadRequest where that is not bound to its hierarchy
   */
  public State state(int subsystem) {
    synchronized (lock()) {
      return owner(subsystem).ownState(subsystem);
    }
  }

  /**
   * Whose state of a subsystem its tasks see: its own, or that of one above.
   *
   * @param subsystem what {@link Hierarchies#index} said
   * @throws BadRequest where that is not bound to its hierarchy
   */
  public Container owner(int subsystem) {
    synchronized (lock()) {
      if ((hierarchy.bound() & 1L << subsystem) == 0) {
        throw new BadRequest(
            hierarchy.machine().kinds().get(subsystem).name()
                + " is not bound to the hierarchy "
                + hierarchy
                + "; it has "
                + String.join(", ", hierarchy.subsystems()));
      }
      return heldOwner(subsystem);
    }
  }

  private Container heldOwner(int subsystem) {
    var at = this;
    while ((at.owned & 1L << subsystem) == 0 && at.parent != null) {
      at = at.parent;
    }
    return at;
  }

  State heldState(int subsystem) {
    return heldOwner(subsystem).ownState(subsystem);
  }

  private State ownState(int subsystem) {
    var kinds = hierarchy.machine().kinds();
    return parent == null ? kinds.ofRoot(subsystem) : kinds.own(this, owned, made, subsystem);
  }

  /** Puts what its tasks see where the index of each subsystem says. */
  void show(State[] states) {
    long rest = hierarchy.bound();
    for (var at = this; at != null && rest != 0; at = at.parent) {
      for (long own = rest & at.owned; own != 0; own &= own - 1) {
        int index = Long.numberOfTrailingZeros(own);
        states[index] = at.ownState(index);
      }
      rest &= ~at.owned;
    }
  }

  // ---- life ----

  /**
   * Makes a container in it, with a state of its own of every subsystem.
   *
   * @throws BadRequest where the name is no name of a directory
   * @throws NoSuchContainer where this one was removed
   * @throws ContainerBusy where the name is in use
   */
  public Container create(String child) {
    synchronized (lock()) {
      return create(child, hierarchy.bound());
    }
  }

  /**
   * Makes a container in it, with a state of its own of some subsystems; it shares the others with
   * this one.
   *
   * @param own names of subsystems of the hierarchy
   * @throws BadRequest where the name is no name of a directory, or one of {@code own} is not bound
   *     to the hierarchy
   * @throws NoSuchContainer where this one was removed
   * @throws ContainerBusy where the name is in use
   */
  public Container create(String child, Collection<String> own) {
    synchronized (lock()) {
      long bits = hierarchy.machine().kinds().bits(own);
      long foreign = bits & ~hierarchy.bound();
      if (foreign != 0) {
        owner(Long.numberOfTrailingZeros(foreign)); // refuses
      }
      return create(child, bits);
    }
  }

  private Container create(String child, long own) {
    if (child.isEmpty() || child.equals(".") || child.equals("..") || child.indexOf('/') >= 0) {
      throw new BadRequest(
          "a container cannot be called \"" + child + "\"; write one component, such as web");
    }
    if (isRemoved()) {
      throw new NoSuchContainer(
          "cannot create " + child + " in " + this + ": that was removed; create that first");
    }
    if (hierarchy.table().find(this, child) != null) {
      throw new ContainerBusy(
          "cannot create " + child + " in " + this + ": the name is in use; choose another");
    }
    var container = new Container(this, child, own);
    container.next = firstChild;
    if (firstChild != null) {
      firstChild.previous = container;
    }
    firstChild = container;
    hierarchy.table().add(container);
    return container;
  }

  /**
   * Removes it.
   *
   * @return the containers above that got empty by it, from below
   * @throws NoSuchContainer where it was removed
   * @throws ContainerBusy where tasks or containers are in it, or it is the root
   */
  public List<Emptied> remove() {
    synchronized (lock()) {
      if (isRemoved()) {
        throw new NoSuchContainer("cannot remove " + this + ": it was removed");
      }
      if (parent == null) {
        throw new ContainerBusy(
            "cannot remove " + this + ": it is the root; unmount the hierarchy");
      }
      if (!isVacant()) {
        throw new ContainerBusy(
            "cannot remove " + this + ": there are tasks or containers in it; remove those first");
      }
      var emptied = new ArrayList<Emptied>();
      leave().emptied(emptied);
      return emptied;
    }
  }

  /** Goes, empty as it is; its parent. */
  private Container leave() {
    var above = parent();
    if (next != null) {
      next.previous = previous;
    }
    if (previous != null) {
      previous.next = next;
    } else {
      above.orElseThrow().firstChild = next;
    }
    next = null;
    previous = null;
    hierarchy.table().remove(this);
    hierarchy.told().remove(this);
    return above.orElseThrow();
  }

  boolean isVacant() {
    return sets == null && firstChild == null;
  }

  boolean isRemoved() {
    return parent != null && hierarchy.table().find(parent, name) != this;
  }

  /**
   * What happens when it gets empty: what was said of it, else of the nearest above; else nothing.
   */
  public OnEmpty onEmpty() {
    synchronized (lock()) {
      return onEmpty;
    }
  }

  /**
   * Says what happens when it gets empty.
   *
   * @param choice null to do as the container above
   * @throws BadRequest where a subsystem that it has a state of its own of cannot
   * @throws NoSuchContainer where it was removed
   */
  public void onEmpty(@Nullable OnEmpty choice) {
    synchronized (lock()) {
      if (isRemoved()) {
        throw new NoSuchContainer("cannot set on-empty of " + this + ": it was removed");
      }
      var kinds = hierarchy.machine().kinds();
      for (long own = hierarchy.bound() & owned; own != 0 && choice != null; own &= own - 1) {
        var kind = kinds.get(Long.numberOfTrailingZeros(own));
        if (!kind.onEmpty().contains(choice)) {
          throw new BadRequest(
              "on-empty: "
                  + choice
                  + " is not possible for "
                  + kind.name()
                  + "; write one of "
                  + kind.onEmpty());
        }
      }
      if (choice == null) {
        hierarchy.told().remove(this);
        hand(parent == null ? OnEmpty.IGNORE : parent.onEmpty);
      } else {
        hierarchy.told().add(this);
        hand(choice);
      }
    }
  }

  /** To all below that nothing else was said of. */
  private void hand(OnEmpty action) {
    onEmpty = action;
    for (var child = firstChild; child != null; child = child.next) {
      if (!hierarchy.told().contains(child)) {
        child.hand(action);
      }
    }
  }

  /** Adds what follows if it is empty now: where it goes, the one above may be empty too. */
  void emptied(List<Emptied> all) {
    if (isVacant() && parent != null) {
      all.add(new Emptied(this, onEmpty));
      if (onEmpty == OnEmpty.DELETE) {
        leave().emptied(all);
      }
    }
  }

  private Object lock() {
    return hierarchy.machine().lock;
  }

  @Override
  public String toString() {
    return hierarchy.name() + ":/" + path();
  }
}
