package bailey.core.container;

import bailey.core.error.BadRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** All subsystems of a model, each with its index, and the states that the roots have of them. */
final class Kinds {
  /** Sets of subsystems are the bits of a long. */
  private static final int MOST = Long.SIZE;

  /** The indexes of those that are told when tasks come and go. */
  final int[] followers;

  private final List<StateKind> all;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final long makers;
  private final State[] ofRoots;

  Kinds(List<StateKind> all) {
    if (all.size() > MOST) {
      throw new IllegalArgumentException("more than " + MOST + " subsystems");
    }
    this.all = List.copyOf(all);
    long making = 0;
    for (int i = 0; i < all.size(); i++) {
      indexes.put(all.get(i).name(), i);
      making |= all.get(i).maker() == null ? 0 : 1L << i;
    }
    makers = making;
    followers = IntStream.range(0, all.size()).filter(i -> all.get(i).followsTasks()).toArray();
    ofRoots = new State[all.size()];
  }

  /** The states of the first root; they stay, whichever root they are bound to later. */
  void begin(Container root) {
    for (int i = 0; i < ofRoots.length; i++) {
      var maker = all.get(i).maker();
      ofRoots[i] = maker == null ? new State() {} : maker.make(root, null);
    }
  }

  List<String> names() {
    return all.stream().map(StateKind::name).toList();
  }

  List<String> names(long bits) {
    return all.stream().map(StateKind::name).filter(name -> (bits & bit(name)) != 0).toList();
  }

  int size() {
    return all.size();
  }

  StateKind get(int index) {
    return all.get(index);
  }

  int index(String name) {
    var index = indexes.get(name);
    if (index == null) {
      throw new BadRequest(name + " is no subsystem; write one of " + String.join(", ", names()));
    }
    return index;
  }

  private long bit(String name) {
    return 1L << index(name);
  }

  long bits(Collection<String> names) {
    long bits = 0;
    for (var name : names) {
      bits |= bit(name);
    }
    return bits;
  }

  State ofRoot(int index) {
    return ofRoots[index];
  }

  /** The state of all roots is that of this one from now on. */
  void bind(int index, Container root) {
    if (ofRoots[index] instanceof FollowingState following) {
      following.bind(root);
    }
  }

  /** The states that a container below {@code above} makes for itself. */
  State[] make(Container container, Container above, long owned) {
    var made = new ArrayList<State>();
    for (long rest = owned & makers; rest != 0; rest &= rest - 1) {
      int index = Long.numberOfTrailingZeros(rest);
      var maker = all.get(index).maker();
      if (maker != null) {
        made.add(maker.make(container, above.heldState(index)));
      }
    }
    return made.toArray(State[]::new);
  }

  /** The state of a subsystem that a container owns; {@code made} is what {@link #make} gave. */
  State own(Container container, long owned, State[] made, int index) {
    long bit = 1L << index;
    return (makers & bit) == 0 ? container : made[Long.bitCount(owned & makers & (bit - 1))];
  }
}
