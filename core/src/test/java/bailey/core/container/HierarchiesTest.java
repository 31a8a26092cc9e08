package bailey.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.Hierarchy.Emptied;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tasks in several hierarchies. */
class HierarchiesTest {
  private static final Set<OnEmpty> ANY = EnumSet.allOf(OnEmpty.class);

  private final List<String> events = new ArrayList<>();

  /** Who refuses the next task. */
  private @Nullable Recorder refusing;

  /** Done when a task has come. */
  private Runnable onCommit = () -> {};

  /** A state that writes down what it is told. */
  private final class Recorder implements FollowingState {
    private Container container;

    Recorder(Container container) {
      this.container = container;
    }

    @Override
    public boolean start() {
      events.add("start " + container);
      return refusing != this;
    }

    @Override
    public void end() {
      events.add("end " + container);
    }

    @Override
    public boolean prepare(FollowingState from) {
      events.add("prepare " + from + " " + container);
      return refusing != this;
    }

    @Override
    public void commit(FollowingState from) {
      events.add("commit " + from + " " + container);
      onCommit.run();
    }

    @Override
    public void abort(FollowingState from) {
      events.add("abort " + from + " " + container);
    }

    @Override
    public void bind(Container root) {
      container = root;
    }

    @Override
    public String toString() {
      return container.toString();
    }
  }

  private final Hierarchies machine =
      new Hierarchies(
          List.of(
              new StateKind("pids", ANY, true, (_, up) -> new TaskCounter((TaskCounter) up)),
              new StateKind(
                  "memory", ANY, false, (_, up) -> new ResourceCounter((ResourceCounter) up)),
              new StateKind("watch", ANY, true, (container, _) -> new Recorder(container)),
              new StateKind("uts", ANY, false, null)));
  private final int pids = machine.index("pids");
  private final int memory = machine.index("memory");
  private final int watch = machine.index("watch");
  private final Hierarchy one = machine.mount("one", List.of("pids", "memory"));
  private final Hierarchy two = machine.mount("two", List.of("watch"));
  private final Container a = one.root().create("a");
  private final Container x = two.root().create("x");
  private final Task init = Objects.requireNonNull(machine.start(1));

  private Task fork(Task parent, int number) {
    return Objects.requireNonNull(machine.fork(parent, number));
  }

  private static long used(Container container, int subsystem) {
    return ((ResourceCounter) container.state(subsystem)).used();
  }

  @Test
  void aTaskIsInOneContainerOfEach() {
    assertThat(init.container(one)).isSameAs(one.root());
    machine.attach(List.of(init), a, x);
    assertThat(init.container(one)).isSameAs(a);
    assertThat(init.container(two)).isSameAs(x);
    assertThat(init.container(machine.defaultHierarchy()))
        .isSameAs(machine.defaultHierarchy().root());
    assertThat(init.state(pids)).isSameAs(a.state(pids));
    assertThat(init.state(watch)).isSameAs(x.state(watch));
    var child = fork(init, 2);
    machine.attach(child, one.root());
    assertThat(child.container(two)).isSameAs(x);
    assertThat(x.tasks()).containsExactlyInAnyOrder(init, child);
    assertThat(a.tasks()).containsExactly(init);
  }

  @Test
  void childrenAreWhereTheirParentsAreAndAreCounted() {
    machine.attach(init, a);
    var child = fork(init, 2);
    var grandchild = fork(child, 3);
    assertThat(grandchild.number()).isEqualTo(3);
    assertThat(grandchild.container(one)).isSameAs(a);
    assertThat(used(a, pids)).isEqualTo(3);
    assertThat(used(one.root(), pids)).isEqualTo(3);
    machine.exit(child);
    assertThat(child.ended()).isTrue();
    assertThat(used(a, pids)).isEqualTo(2);
    assertThat(a.tasks()).containsExactlyInAnyOrder(init, grandchild);
    assertThatThrownBy(() -> machine.fork(child, 4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("task 2 has ended");
    assertThatThrownBy(() -> machine.exit(child)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> child.state(pids)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> machine.attach(child, a))
        .isInstanceOf(BadRequest.class)
        .hasMessage("task 2 has ended; name tasks that run");
  }

  @Test
  void aTaskThatHasNoRoomIsNotStarted() {
    machine.attach(init, a);
    init.counter(pids).limit(View.EXTERNAL, 2);
    fork(init, 2);
    events.clear();
    assertThat(machine.fork(init, 3)).isNull();
    assertThat(used(one.root(), pids)).isEqualTo(2);
    assertThat(events).isEmpty();
    init.counter(pids).limit(View.EXTERNAL, 3);
    refusing = (Recorder) init.state(watch);
    assertThat(machine.fork(init, 3)).isNull();
    assertThat(used(one.root(), pids)).isEqualTo(2);
    assertThat(machine.start(4)).isNull();
    assertThat(a.tasks()).hasSize(2);
  }

  @Test
  void chargesStayWhereTheyWereMade() {
    machine.attach(init, a);
    var charged = Objects.requireNonNull(init.charge(memory, 100));
    machine.attach(init, one.root());
    assertThat(used(a, memory)).isEqualTo(100);
    charged.uncharge(100);
    assertThat(used(one.root(), memory)).isZero();
    charged.limit(View.EXTERNAL, 10);
    assertThat(init.charge(memory, 11)).isSameAs(one.root().state(memory));
    machine.attach(init, a);
    assertThat(init.charge(memory, 11)).isNull();
  }

  @Test
  void countedTasksMoveWithTheirCharge() {
    var b = a.create("b");
    machine.attach(List.of(init, fork(init, 2)), a);
    ((ResourceCounter) a.state(pids)).limit(View.EXTERNAL, 2);
    machine.attach(init, b);
    assertThat(used(a, pids)).isEqualTo(2);
    assertThat(used(b, pids)).isEqualTo(1);
    machine.attach(init, one.root());
    assertThat(used(a, pids)).isEqualTo(1);
    assertThat(used(b, pids)).isZero();
    assertThat(used(one.root(), pids)).isEqualTo(2);
  }

  @Test
  void allAreMovedOrNone() {
    var child = fork(init, 2);
    var stranger = Objects.requireNonNull(machine.start(3));
    ((ResourceCounter) a.state(pids)).limit(View.EXTERNAL, 2);
    events.clear();
    assertThatThrownBy(() -> machine.attach(List.of(init, child, stranger), a, x))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage(
            "cannot attach task 3 to one:/a and two:/x: pids has no room for it there; raise its"
                + " limit, or move fewer tasks");
    assertThat(events)
        .containsExactly(
            "prepare two:/ two:/x",
            "prepare two:/ two:/x",
            "abort two:/ two:/x",
            "abort two:/ two:/x");
    assertThat(used(a, pids)).isZero();
    assertThat(used(one.root(), pids)).isEqualTo(3);
    assertThat(a.isEmpty()).isTrue();
    assertThat(init.container(two)).isSameAs(two.root());
    events.clear();
    machine.attach(List.of(init, child), a, x);
    assertThat(events)
        .containsExactly(
            "prepare two:/ two:/x",
            "prepare two:/ two:/x",
            "commit two:/ two:/x",
            "commit two:/ two:/x");
    assertThat(used(a, pids)).isEqualTo(2);
  }

  @Test
  void aRefusalLateInTheRowTakesBackTheOthers() {
    refusing = (Recorder) x.state(watch);
    assertThatThrownBy(() -> machine.attach(List.of(init), a, x)).isInstanceOf(ContainerBusy.class);
    assertThat(used(a, pids)).isZero();
    assertThat(events).containsExactly("start two:/", "prepare two:/ two:/x");
    a.onEmpty(OnEmpty.DELETE);
    assertThatThrownBy(() -> machine.attach(List.of(init), a, x)).isInstanceOf(ContainerBusy.class);
    assertThat(one.find("a")).as("nobody has left it").contains(a);
  }

  /** Who ends it waits for the move to be over, and may find its set gone then. */
  @Test
  void aTaskThatEndsWhenItHasJustComeLeavesAnEmptyContainer() throws Exception {
    var ends = new FutureTask<>(() -> machine.exit(init));
    onCommit =
        () -> {
          new Thread(ends).start();
          while (!init.ended()) {
            Thread.onSpinWait();
          }
        };
    x.onEmpty(OnEmpty.DELETE);
    var told = new ArrayList<>(machine.attach(init, x));
    told.addAll(ends.get());
    assertThat(told).containsExactly(new Emptied(x, OnEmpty.DELETE));
    assertThat(two.find("x")).isEmpty();
  }

  @Test
  void targetsAreOfDifferentHierarchiesThatAreThere() {
    var b = one.root().create("b");
    assertThatThrownBy(() -> machine.attach(List.of(init), a, b))
        .isInstanceOf(BadRequest.class)
        .hasMessage("cannot attach to two containers of the hierarchy one; name one of each");
    var three = machine.mount("three", List.of());
    machine.unmount("three");
    assertThatThrownBy(() -> machine.attach(init, three.root()))
        .isInstanceOf(NoSuchContainer.class);
    assertThatThrownBy(() -> init.container(three))
        .isInstanceOf(NoSuchContainer.class)
        .hasMessage("the hierarchy three is not mounted");
  }

  @Test
  void mountingKeepsTasksAndWhatTheyHaveCharged() {
    x.remove();
    var watched = init.state(watch);
    machine.unmount("two");
    assertThat(init.state(watch)).isSameAs(watched).hasToString("default:/");
    assertThat(machine.defaultHierarchy().subsystems()).containsExactly("watch", "uts");
    machine.attach(init, a);
    var three = machine.mount("three", List.of("uts", "watch"));
    assertThat(init.container(three)).isSameAs(three.root());
    assertThat(init.state(watch)).isSameAs(watched).hasToString("three:/");
    assertThat(init.container(one)).isSameAs(a);
    assertThat(three.root().state(watch)).isSameAs(watched);
    var child = fork(init, 2);
    machine.attach(child, three.root().create("y"));
    assertThat(child.container(one)).isSameAs(a);
    assertThat(machine.all())
        .extracting(Hierarchy::name)
        .containsExactly("default", "one", "three");
    assertThat(machine.hierarchy("two")).isEmpty();
    assertThat(machine.bindings().holder("watch")).isEqualTo("three");
    assertThatThrownBy(() -> machine.unmount("three"))
        .isInstanceOf(ContainerBusy.class)
        .hasMessageContaining("has containers (y)");
    assertThatThrownBy(() -> machine.mount("four", List.of("pids")))
        .isInstanceOf(ContainerBusy.class)
        .hasMessageContaining("pids is bound to the hierarchy one");
    assertThatThrownBy(() -> machine.unmount("one"))
        .isInstanceOf(ContainerBusy.class)
        .hasMessageContaining("has containers (a)");
  }

  @Test
  void aTaskThatStaysIsNotMoved() {
    events.clear();
    assertThat(machine.attach(init, two.root())).isEmpty();
    assertThat(events).isEmpty();
    machine.attach(List.of(init, init), x);
    assertThat(x.tasks()).containsExactly(init);
  }
}
