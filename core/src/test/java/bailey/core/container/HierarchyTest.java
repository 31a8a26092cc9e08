package bailey.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.Hierarchy.Emptied;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import bailey.core.subsystem.MemorySubsystem;
import bailey.core.subsystem.PidNamespace;
import bailey.core.subsystem.PidsSubsystem;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HierarchyTest {
  private static final List<OnEmpty> ACTIONS =
      List.of(OnEmpty.IGNORE, OnEmpty.NOTIFY, OnEmpty.DELETE);
  private static final TaskId TASK = new TaskId(7);
  private static final TaskId OTHER = new TaskId(8);

  private final Hierarchy hierarchy =
      new Hierarchy("batch", List.of(new MemorySubsystem(), new PidsSubsystem()));

  private static ContainerPath path(String text) {
    return ContainerPath.parse("name", text);
  }

  @Test
  void startsWithARootThatHoldsEveryTask() {
    assertThat(hierarchy.root().children()).isEmpty();
    assertThat(hierarchy.holder(TASK)).isSameAs(hierarchy.root());
    assertThat(hierarchy.find(ContainerPath.ROOT)).contains(hierarchy.root());
    assertThat(hierarchy.root()).hasToString("batch:/");
  }

  @Test
  void aSubsystemIsBoundOnce() {
    assertThatThrownBy(() -> new Hierarchy("h", List.of(new PidsSubsystem(), new PidsSubsystem())))
        .isInstanceOf(BadRequest.class)
        .hasMessage("h: pids is there twice; name each subsystem once");
  }

  @Test
  void containersNest() {
    var a = hierarchy.create(path("a"));
    var b = hierarchy.create(path("a/b"));
    assertThat(b.parent()).contains(a);
    assertThat(a.children()).containsExactly(b);
    assertThat(hierarchy.find(path("a/b"))).contains(b);
    assertThat(hierarchy.find(path("b"))).isEmpty();
    assertThatThrownBy(() -> hierarchy.create(path("x/b"))).isInstanceOf(NoSuchContainer.class);
    assertThatThrownBy(() -> hierarchy.create(path("a")))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage("cannot create a: the name is in use; choose another");
    assertThatThrownBy(() -> hierarchy.create(ContainerPath.ROOT))
        .isInstanceOf(ContainerBusy.class);
  }

  @Test
  void onlyEmptyContainersAreRemoved() {
    hierarchy.create(path("a"));
    hierarchy.create(path("a/b"));
    hierarchy.attach(TASK, path("a/b"));
    assertThatThrownBy(() -> hierarchy.remove(path("a"))).isInstanceOf(ContainerBusy.class);
    assertThatThrownBy(() -> hierarchy.remove(path("a/b"))).isInstanceOf(ContainerBusy.class);
    assertThatThrownBy(() -> hierarchy.remove(ContainerPath.ROOT))
        .isInstanceOf(ContainerBusy.class);
    hierarchy.exited(TASK);
    hierarchy.remove(path("a/b"));
    assertThat(hierarchy.find(path("a/b"))).isEmpty();
    assertThatThrownBy(() -> hierarchy.remove(path("a/b"))).isInstanceOf(NoSuchContainer.class);
  }

  @Test
  void aTaskIsInOneContainerAndItsChildrenStartThere() {
    var a = hierarchy.create(path("a"));
    var b = hierarchy.create(path("b"));
    hierarchy.attach(TASK, path("a"));
    hierarchy.forked(TASK, OTHER);
    assertThat(a.tasks()).containsExactlyInAnyOrder(TASK, OTHER);
    hierarchy.attach(TASK, path("b"));
    assertThat(a.tasks()).containsExactly(OTHER);
    assertThat(b.tasks()).containsExactly(TASK);
    assertThat(hierarchy.holder(TASK)).isSameAs(b);
    assertThatThrownBy(() -> hierarchy.attach(TASK, path("c"))).isInstanceOf(NoSuchContainer.class);
    assertThat(hierarchy.holder(TASK)).isSameAs(b);
  }

  @Test
  void whatHappensOnEmptyIsInherited() {
    var a = hierarchy.create(path("a"));
    var b = hierarchy.create(path("a/b"));
    assertThat(b.onEmpty()).isEqualTo(OnEmpty.IGNORE);
    a.onEmpty(OnEmpty.NOTIFY);
    assertThat(b.onEmpty()).isEqualTo(OnEmpty.NOTIFY);
    b.onEmpty(OnEmpty.DELETE);
    assertThat(b.onEmpty()).isEqualTo(OnEmpty.DELETE);
    b.onEmpty(null);
    assertThat(b.onEmpty()).isEqualTo(OnEmpty.NOTIFY);
  }

  @Test
  void aSubsystemMayRuleAnActionOut() {
    var pids = new Hierarchy("h", List.of(new PidNamespace()));
    assertThatThrownBy(() -> pids.create(path("a")).onEmpty(OnEmpty.IGNORE))
        .isInstanceOf(BadRequest.class)
        .hasMessage("on-empty: ignore is not possible for pid; write one of [notify, delete]");
  }

  @Test
  void theLastTaskThatLeavesSetsItOff() {
    var a = hierarchy.create(path("a"));
    a.onEmpty(OnEmpty.NOTIFY);
    hierarchy.attach(TASK, path("a"));
    hierarchy.attach(OTHER, path("a"));
    assertThat(hierarchy.exited(TASK)).isEmpty();
    assertThat(hierarchy.attach(OTHER, ContainerPath.ROOT))
        .containsExactly(new Emptied(a, OnEmpty.NOTIFY));
    assertThat(hierarchy.attach(OTHER, ContainerPath.ROOT)).isEmpty();
  }

  @Test
  void aContainerThatGoesMayEmptyTheOneAbove() {
    var a = hierarchy.create(path("a"));
    var b = hierarchy.create(path("a/b"));
    a.onEmpty(OnEmpty.DELETE);
    hierarchy.attach(TASK, path("a/b"));
    assertThat(hierarchy.exited(TASK))
        .containsExactly(new Emptied(b, OnEmpty.DELETE), new Emptied(a, OnEmpty.DELETE));
    assertThat(hierarchy.root().children()).isEmpty();
  }

  @Test
  void aContainerWithContainersIsNotEmpty() {
    var a = hierarchy.create(path("a"));
    a.onEmpty(OnEmpty.DELETE);
    var b = hierarchy.create(path("a/b"));
    b.onEmpty(OnEmpty.IGNORE);
    hierarchy.attach(TASK, path("a"));
    assertThat(hierarchy.exited(TASK)).isEmpty();
    assertThat(hierarchy.remove(path("a/b"))).containsExactly(new Emptied(a, OnEmpty.DELETE));
  }

  @Test
  void controlFilesAreSetFromOutsideAndReadFromBothSides() {
    var a = hierarchy.create(path("a"));
    assertThat(a.value(View.EXTERNAL, "memory.max")).isEmpty();
    a.set(View.EXTERNAL, "memory.max", "64M");
    assertThat(a.value(View.INTERNAL, "memory.max")).contains("67108864");
    assertThatThrownBy(() -> a.set(View.INTERNAL, "memory.max", "128M"))
        .isInstanceOf(BadRequest.class)
        .hasMessage("memory.max: this control cannot be set from inside its container");
    assertThatThrownBy(() -> a.set(View.EXTERNAL, "memory.current", "1"))
        .hasMessage("memory.current: this control cannot be set at all");
    assertThatThrownBy(() -> a.set(View.EXTERNAL, "memory.max", "64Q"))
        .hasMessageStartingWith("memory.max: 64Q is not a size");
    assertThat(a.value(View.EXTERNAL, "memory.max")).contains("67108864");
  }

  @Test
  void aHierarchyHasTheControlsOfItsSubsystemsOnly() {
    assertThatThrownBy(() -> hierarchy.root().set(View.EXTERNAL, "cpu.weight", "5"))
        .isInstanceOf(BadRequest.class)
        .hasMessage(
            "cpu.weight: no subsystem of the hierarchy batch has this control; it has memory,"
                + " pids");
    assertThatThrownBy(() -> hierarchy.root().set(View.EXTERNAL, "memory.mx", "5"))
        .isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> hierarchy.root().set(View.EXTERNAL, "memory", "5"))
        .isInstanceOf(BadRequest.class);
  }

  /** Whatever is done to it, each task is in one container, and each container is where it says. */
  @Test
  void staysATree() {
    long seed = 23;
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      var name = path("a/b/c/d".substring(0, 1 + 2 * random.nextInt(4)));
      var task = new TaskId(1 + random.nextInt(5));
      try {
        switch (random.nextInt(6)) {
          case 0, 1 -> hierarchy.create(name).onEmpty(ACTIONS.get(random.nextInt(3)));
          case 2 -> hierarchy.remove(name);
          case 3 -> hierarchy.attach(task, name);
          case 4 -> hierarchy.forked(task, new TaskId(1 + random.nextInt(5)));
          default -> hierarchy.exited(task);
        }
      } catch (ContainerBusy | NoSuchContainer _) {
        // as the model says
      }
      check(hierarchy.root(), seed);
    }
  }

  private void check(Container container, long seed) {
    assertThat(hierarchy.find(container.path())).as("seed %s", seed).contains(container);
    for (var task : container.tasks()) {
      assertThat(hierarchy.holder(task)).isSameAs(container);
    }
    container.children().forEach(child -> check(child, seed));
  }
}
