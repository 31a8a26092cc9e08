package bailey.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.container.Container;
import bailey.core.container.Hierarchies;
import bailey.core.container.Hierarchy.Emptied;
import bailey.core.container.OnEmpty;
import bailey.core.container.ResourceCounter;
import bailey.core.container.StateKind;
import bailey.core.container.Task;
import bailey.core.container.TaskCounter;
import bailey.core.container.View;
import bailey.core.error.ContainerException;
import bailey.testkit.Gen;
import bailey.testkit.model.NaiveModel.Charge;
import bailey.testkit.model.NaiveModel.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is done to the model, it answers and is as the naive one. */
class ModelPropertyTest {
  private static final List<String> SUBSYSTEMS = List.of("memory", "pids", "uts");
  private static final List<String> HIERARCHIES = List.of("default", "a", "b", "c");
  private static final List<String> NAMES = List.of("x", "y", "z");
  private static final int STEPS = 1_000;
  private static final int MOST_CONTAINERS = 16;
  private static final int MOST_TASKS = 12;

  private final NaiveModel naive = new NaiveModel(SUBSYSTEMS);
  private final Hierarchies model =
      new Hierarchies(
          List.of(
              kind("memory", false, (_, up) -> new ResourceCounter((ResourceCounter) up)),
              kind("pids", true, (_, up) -> new TaskCounter((TaskCounter) up)),
              kind("uts", false, null)));
  private final Map<Integer, Task> tasks = new TreeMap<>();
  private final Map<Charge, List<ResourceCounter>> charged = new LinkedHashMap<>();
  private int number;

  private static StateKind kind(String name, boolean follows, StateKind.@Nullable Maker maker) {
    return new StateKind(name, EnumSet.allOf(OnEmpty.class), follows, maker);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void answersAndIsAsTheNaiveOne(long seed) {
    var gen = new Gen(seed);
    for (int i = 0; i < STEPS; i++) {
      String what = "seed " + seed + ", step " + i + ": " + step(gen);
      assertThat(state(model)).as(what).containsExactlyInAnyOrderElementsOf(expected());
    }
  }

  private String step(Gen gen) {
    return switch ((int) gen.number(0, 15)) {
      case 0 -> mount(gen);
      case 1 -> unmount(gen);
      case 2, 3 -> naive.all().size() < MOST_CONTAINERS ? create(gen) : remove(gen);
      case 4 -> remove(gen);
      case 5 -> onEmpty(gen);
      case 6, 7, 8 -> tasks.size() < MOST_TASKS ? fork(gen) : exit(gen);
      case 9 -> exit(gen);
      case 10, 11 -> attach(gen);
      case 12 -> limit(gen);
      case 13 -> uncharge(gen);
      default -> charge(gen);
    };
  }

  private String mount(Gen gen) {
    var name = gen.oneOf(HIERARCHIES);
    var some = some(gen, new ArrayList<>(SUBSYSTEMS));
    boolean expected = naive.mount(name, some);
    assertThat(done(() -> model.mount(name, some))).as("mount").isEqualTo(expected);
    return "mount " + name + some;
  }

  private String unmount(Gen gen) {
    var name = gen.oneOf(HIERARCHIES);
    boolean expected = naive.unmount(name);
    assertThat(done(() -> model.unmount(name))).isEqualTo(expected);
    return "unmount " + name;
  }

  private String create(Gen gen) {
    var parent = gen.oneOf(naive.all());
    var name = gen.oneOf(NAMES);
    var own = new HashSet<>(some(gen, new ArrayList<>(naive.boundTo(parent.hierarchy))));
    var there = real(parent);
    var expected = naive.create(parent, name, own);
    assertThat(done(() -> there.create(name, own))).isEqualTo(expected != null);
    return "create " + name + " in " + parent;
  }

  private String remove(Gen gen) {
    var node = gen.oneOf(naive.all());
    var there = real(node);
    var expected = naive.remove(node);
    assertThat(answer(there::remove)).isEqualTo(sorted(expected));
    return "remove " + node;
  }

  private String onEmpty(Gen gen) {
    var node = gen.oneOf(naive.all());
    var choices = Arrays.asList(null, OnEmpty.IGNORE, OnEmpty.NOTIFY, OnEmpty.DELETE);
    node.onEmpty = choices.get((int) gen.number(0, 3));
    real(node).onEmpty(node.onEmpty);
    return node + " does " + node.onEmpty;
  }

  private String fork(Gen gen) {
    int child = ++number;
    if (tasks.isEmpty() || gen.number(0, 9) == 0) {
      return started(child, naive.start(child), model.start(child));
    }
    int parent = gen.oneOf(List.copyOf(tasks.keySet()));
    return started(child, naive.fork(parent, child), model.fork(task(parent), child));
  }

  private String started(int child, boolean expected, @Nullable Task task) {
    assertThat(task != null).isEqualTo(expected);
    if (task != null) {
      tasks.put(child, task);
    }
    return "start " + child;
  }

  private String exit(Gen gen) {
    if (tasks.isEmpty()) {
      return "nothing";
    }
    int number = gen.oneOf(List.copyOf(tasks.keySet()));
    var expected = naive.exit(number);
    assertThat(answer(() -> model.exit(task(number)))).isEqualTo(sorted(expected));
    tasks.remove(number);
    return "exit " + number;
  }

  private String attach(Gen gen) {
    var moved = some(gen, new ArrayList<>(tasks.keySet()));
    var to = new ArrayList<Node>();
    for (var hierarchy : some(gen, new ArrayList<>(naive.roots.keySet()))) {
      to.add(gen.oneOf(naive.all().stream().filter(n -> n.hierarchy.equals(hierarchy)).toList()));
    }
    var targets = to.stream().map(this::real).toArray(Container[]::new);
    var expected = naive.attach(moved, to);
    assertThat(answer(() -> model.attach(moved.stream().map(this::task).toList(), targets)))
        .as("attach %s %s", moved, to)
        .isEqualTo(sorted(expected));
    return "attach " + moved + " " + to;
  }

  private String limit(Gen gen) {
    var node = gen.oneOf(naive.all());
    var some = naive.boundTo(node.hierarchy);
    some.remove("uts");
    if (some.isEmpty()) {
      return "nothing";
    }
    var subsystem = gen.oneOf(List.copyOf(some));
    var view = gen.oneOf(List.of(View.values()));
    long value = gen.oneOf(List.of(gen.number(0, 40), Long.MAX_VALUE));
    var counter = (ResourceCounter) real(node).state(model.index(subsystem));
    boolean expected = naive.limit(subsystem, naive.owner(subsystem, node), view, value);
    assertThat(counter.limit(view, value)).isEqualTo(expected);
    return "limit " + subsystem + " of " + node + " to " + value;
  }

  private String charge(Gen gen) {
    if (tasks.isEmpty()) {
      return "nothing";
    }
    int number = gen.oneOf(List.copyOf(tasks.keySet()));
    var subsystem = gen.oneOf(List.of("memory", "pids"));
    long amount = gen.number(0, 12);
    var expected = naive.charge(number, subsystem, amount);
    var counter = task(number).charge(model.index(subsystem), amount);
    assertThat(counter != null).isEqualTo(expected != null);
    if (expected != null && counter != null) {
      charged.computeIfAbsent(expected, _ -> new ArrayList<>()).add(counter);
    }
    return "charge " + amount + " " + subsystem + " to " + number;
  }

  private String uncharge(Gen gen) {
    if (charged.isEmpty()) {
      return "nothing";
    }
    var charge = gen.oneOf(List.copyOf(charged.keySet()));
    var counters = Objects.requireNonNull(charged.get(charge));
    counters.removeLast().uncharge(charge.amount());
    if (counters.isEmpty()) {
      charged.remove(charge);
    }
    naive.uncharge(charge);
    return "uncharge " + charge;
  }

  // ---- comparing ----

  private Set<String> expected() {
    var all = new HashSet<String>();
    for (var node : naive.all()) {
      all.add(node + " has " + naive.tasksIn(node));
      for (var subsystem : naive.boundTo(node.hierarchy)) {
        var owner = naive.owner(subsystem, node);
        var used = subsystem.equals("uts") ? "" : " " + naive.used(subsystem, owner);
        all.add(node + " " + subsystem + " of " + owner + used);
      }
    }
    tasks
        .keySet()
        .forEach(
            task ->
                all.add(
                    task
                        + " in "
                        + naive.where(task).values().stream()
                            .map(Node::toString)
                            .sorted()
                            .toList()));
    return all;
  }

  private Set<String> state(Hierarchies model) {
    var all = new HashSet<String>();
    for (var hierarchy : model.all()) {
      var containers = new ArrayList<>(List.of(hierarchy.root()));
      for (int i = 0; i < containers.size(); i++) {
        var container = containers.get(i);
        containers.addAll(container.children());
        var in = new TreeSet<Integer>();
        container.tasks().forEach(task -> in.add(task.number()));
        all.add(container + " has " + in);
        for (var subsystem : hierarchy.subsystems()) {
          int index = model.index(subsystem);
          var state = container.state(index);
          container.tasks().forEach(task -> assertThat(task.state(index)).isSameAs(state));
          var used = state instanceof ResourceCounter counter ? " " + counter.used() : "";
          all.add(container + " " + subsystem + " of " + container.owner(index) + used);
        }
      }
      assertThat(hierarchy.size()).isEqualTo(containers.size() - 1);
    }
    tasks.forEach(
        (number, task) ->
            all.add(
                number
                    + " in "
                    + model.all().stream()
                        .map(hierarchy -> task.container(hierarchy).toString())
                        .sorted()
                        .toList()));
    return all;
  }

  private Task task(int number) {
    return Objects.requireNonNull(tasks.get(number));
  }

  private Container real(Node node) {
    return model.hierarchy(node.hierarchy).orElseThrow().get(node.path());
  }

  private static boolean done(Runnable operation) {
    try {
      operation.run();
      return true;
    } catch (ContainerException _) {
      return false;
    }
  }

  /** What got empty, or null where it was refused. */
  private static @Nullable List<String> answer(Supplier<List<Emptied>> operation) {
    try {
      return sorted(operation.get().stream().map(e -> e.container() + " " + e.action()).toList());
    } catch (ContainerException _) {
      return null;
    }
  }

  private static @Nullable List<String> sorted(@Nullable List<String> answer) {
    return answer == null ? null : answer.stream().sorted().toList();
  }

  private static <T> List<T> some(Gen gen, List<T> all) {
    all.removeIf(_ -> gen.number(0, 2) != 0);
    return all;
  }
}
