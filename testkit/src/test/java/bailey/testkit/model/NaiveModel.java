package bailey.testkit.model;

import bailey.core.container.OnEmpty;
import bailey.core.container.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@link bailey.core.container.Hierarchies} is to do, said in the simplest way: nothing is
 * kept that can be counted, everything is found by looking at all.
 */
final class NaiveModel {
  static final String DEFAULT = "default";
  static final String TASKS = "pids";

  final Map<String, String> bound = new LinkedHashMap<>();
  final Map<String, Node> roots = new LinkedHashMap<>();
  final Map<Integer, Map<String, Node>> tasks = new TreeMap<>();
  private final Map<String, Map<View, Long>> rootLimits = new HashMap<>();
  private final List<Charge> charges = new ArrayList<>();

  /** A container. */
  static final class Node {
    final String hierarchy;
    final String name;
    final @Nullable Node parent;
    final Set<String> own;
    final Map<String, Node> children = new TreeMap<>();
    final Map<String, Map<View, Long>> limits = new HashMap<>();
    @Nullable OnEmpty onEmpty;

    Node(String hierarchy, String name, @Nullable Node parent, Set<String> own) {
      this.hierarchy = hierarchy;
      this.name = name;
      this.parent = parent;
      this.own = own;
    }

    String path() {
      return parent == null || parent.parent == null ? name : parent.path() + "/" + name;
    }

    List<Node> upwards() {
      return Stream.<Node>iterate(this, node -> node != null, node -> node.parent).toList();
    }

    boolean isWithin(Node other) {
      return upwards().contains(other);
    }

    @Override
    public String toString() {
      return hierarchy + ":/" + path();
    }
  }

  /** What is in use; at a root it is the machine's, whichever hierarchy the subsystem is in. */
  record Charge(String subsystem, Node owner, long amount) {}

  NaiveModel(List<String> subsystems) {
    roots.put(DEFAULT, new Node(DEFAULT, "", null, Set.of()));
    subsystems.forEach(subsystem -> bound.put(subsystem, DEFAULT));
  }

  // ---- hierarchies ----

  boolean mount(String name, List<String> subsystems) {
    boolean fits =
        !roots.containsKey(name)
            && subsystems.stream().allMatch(s -> DEFAULT.equals(bound.get(s)))
            && (subsystems.isEmpty() || root(DEFAULT).children.isEmpty());
    if (fits) {
      var root = new Node(name, "", null, Set.of());
      roots.put(name, root);
      subsystems.forEach(subsystem -> bound.put(subsystem, name));
      tasks.values().forEach(where -> where.put(name, root));
    }
    return fits;
  }

  boolean unmount(String name) {
    var root = roots.get(name);
    boolean fits =
        root != null
            && !name.equals(DEFAULT)
            && root.children.isEmpty()
            && (!bound.containsValue(name) || root(DEFAULT).children.isEmpty());
    if (fits) {
      roots.remove(name);
      bound.replaceAll((_, holder) -> holder.equals(name) ? DEFAULT : holder);
      tasks.values().forEach(where -> where.remove(name));
    }
    return fits;
  }

  Node root(String hierarchy) {
    return Objects.requireNonNull(roots.get(hierarchy), hierarchy);
  }

  Set<String> boundTo(String hierarchy) {
    var all = new TreeSet<>(bound.keySet());
    all.removeIf(subsystem -> !hierarchy.equals(bound.get(subsystem)));
    return all;
  }

  List<Node> all() {
    var all = new ArrayList<>(roots.values());
    for (int i = 0; i < all.size(); i++) {
      all.addAll(all.get(i).children.values());
    }
    return all;
  }

  // ---- containers ----

  @Nullable Node create(Node parent, String name, Set<String> own) {
    if (parent.children.containsKey(name)) {
      return null;
    }
    var node = new Node(parent.hierarchy, name, parent, own);
    parent.children.put(name, node);
    return node;
  }

  /** What got empty, or null where it is refused. */
  @Nullable List<String> remove(Node node) {
    var parent = node.parent;
    return parent == null || !isEmpty(node) ? null : removed(node, parent);
  }

  private List<String> removed(Node node, Node parent) {
    parent.children.remove(node.name);
    return emptied(parent);
  }

  private List<String> emptied(Node node) {
    var parent = node.parent;
    if (parent == null || !isEmpty(node)) {
      return List.of();
    }
    var action =
        node.upwards().stream()
            .flatMap(at -> Stream.ofNullable(at.onEmpty))
            .findFirst()
            .orElse(OnEmpty.IGNORE);
    var all = new ArrayList<String>();
    all.add(node + " " + action);
    if (action == OnEmpty.DELETE) {
      all.addAll(removed(node, parent));
    }
    return all;
  }

  private boolean isEmpty(Node node) {
    return node.children.isEmpty() && tasksIn(node).isEmpty();
  }

  Set<Integer> tasksIn(Node node) {
    var in = new TreeSet<>(tasks.keySet());
    in.removeIf(task -> where(task).get(node.hierarchy) != node);
    return in;
  }

  // ---- tasks ----

  Map<String, Node> where(int task) {
    return Objects.requireNonNull(tasks.get(task));
  }

  boolean start(int task) {
    var where = new HashMap<>(roots);
    return startIn(task, where);
  }

  boolean fork(int parent, int child) {
    return startIn(child, new HashMap<>(where(parent)));
  }

  private boolean startIn(int task, Map<String, Node> where) {
    boolean fits = fits(TASKS, holder(where, TASKS), 1);
    if (fits) {
      tasks.put(task, where);
    }
    return fits;
  }

  List<String> exit(int task) {
    var where = where(task);
    tasks.remove(task);
    return where.values().stream().flatMap(node -> emptied(node).stream()).toList();
  }

  /** What got empty, or null where it is refused. */
  @Nullable List<String> attach(List<Integer> moved, List<Node> to) {
    for (var target : to) {
      if (target.hierarchy.equals(bound.get(TASKS))) {
        for (var owner : owners(TASKS, target)) {
          long more =
              moved.stream()
                  .filter(t -> !owners(TASKS, holder(where(t), TASKS)).contains(owner))
                  .count();
          if (more > 0 && used(TASKS, owner) + more > limit(TASKS, owner)) {
            return null;
          }
        }
      }
    }
    var left = new HashSet<Node>();
    for (int task : moved) {
      for (var target : to) {
        var from = where(task).put(target.hierarchy, target);
        if (from != target && from != null) {
          left.add(from);
        }
      }
    }
    return left.stream().flatMap(node -> emptied(node).stream()).toList();
  }

  // ---- amounts ----

  Node holder(Map<String, Node> where, String subsystem) {
    var hierarchy = Objects.requireNonNull(bound.get(subsystem));
    return Objects.requireNonNull(where.get(hierarchy));
  }

  /** Those that have a state of their own on the way up; the root is the last one. */
  private List<Node> owners(String subsystem, Node node) {
    return node.upwards().stream()
        .filter(at -> at.parent == null || at.own.contains(subsystem))
        .toList();
  }

  Node owner(String subsystem, Node node) {
    return owners(subsystem, node).getFirst();
  }

  @Nullable Charge charge(int task, String subsystem, long amount) {
    var holder = holder(where(task), subsystem);
    if (!fits(subsystem, holder, amount)) {
      return null;
    }
    var charge = new Charge(subsystem, owner(subsystem, holder), amount);
    charges.add(charge);
    return charge;
  }

  void uncharge(Charge charge) {
    charges.remove(charge);
  }

  private boolean fits(String subsystem, Node holder, long amount) {
    return owners(subsystem, holder).stream()
        .allMatch(owner -> used(subsystem, owner) + amount <= limit(subsystem, owner));
  }

  long used(String subsystem, Node owner) {
    boolean all = owner.parent == null;
    long charged =
        charges.stream()
            .filter(c -> c.subsystem().equals(subsystem) && (all || c.owner().isWithin(owner)))
            .mapToLong(Charge::amount)
            .sum();
    long counted =
        tasks.values().stream()
            .filter(where -> all || holder(where, subsystem).isWithin(owner))
            .count();
    return charged + (subsystem.equals(TASKS) ? counted : 0);
  }

  private Map<View, Long> limits(String subsystem, Node owner) {
    return (owner.parent == null ? rootLimits : owner.limits)
        .computeIfAbsent(subsystem, _ -> new HashMap<>());
  }

  private long limit(String subsystem, Node owner) {
    return limits(subsystem, owner).values().stream().mapToLong(x -> x).min().orElse(NONE);
  }

  private static final long NONE = Long.MAX_VALUE;

  boolean limit(String subsystem, Node owner, View view, long value) {
    var limits = limits(subsystem, owner);
    var before = limits.put(view, value);
    if (used(subsystem, owner) > limit(subsystem, owner)) {
      if (before == null) {
        limits.remove(view);
      } else {
        limits.put(view, before);
      }
      return false;
    }
    return true;
  }
}
