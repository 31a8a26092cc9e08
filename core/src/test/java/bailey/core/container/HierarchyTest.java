package bailey.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.Hierarchy.Emptied;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import bailey.core.subsystem.MemorySubsystem;
import bailey.core.subsystem.PidsSubsystem;
import bailey.core.subsystem.UtsNamespace;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tree of one hierarchy, and what its containers have. */
class HierarchyTest {
  private final Hierarchies machine =
      new Hierarchies(
          List.of(
              StateKind.counting(new MemorySubsystem()),
              StateKind.ofTasks(new PidsSubsystem()),
              StateKind.plain(new UtsNamespace()),
              new StateKind("pid", Set.of(OnEmpty.NOTIFY, OnEmpty.DELETE), false, null)));
  private final int memory = machine.index("memory");
  private final int uts = machine.index("uts");
  private final Hierarchy hierarchy = machine.mount("batch", List.of("uts", "memory", "pids"));
  private final Container root = hierarchy.root();
  private final Task task = Objects.requireNonNull(machine.start(7));
  private final Task other = Objects.requireNonNull(machine.start(8));

  @Test
  void startsWithARootThatHoldsEveryTask() {
    assertThat(root.children()).isEmpty();
    assertThat(root.tasks()).containsExactlyInAnyOrder(task, other);
    assertThat(task.container(hierarchy)).isSameAs(root);
    assertThat(hierarchy.find("")).contains(root);
    assertThat(hierarchy.subsystems()).containsExactly("memory", "pids", "uts");
    assertThat(root).hasToString("batch:/");
  }

  @Test
  void containersNest() {
    var a = root.create("a");
    var b = a.create("b");
    assertThat(b.parent()).contains(a);
    assertThat(a.children()).containsExactly(b);
    assertThat(hierarchy.find("a/b")).contains(b);
    assertThat(hierarchy.find("b")).isEmpty();
    assertThat(b).hasToString("batch:/a/b");
    assertThat(hierarchy.size()).isEqualTo(2);
    assertThatThrownBy(() -> hierarchy.get("x/b"))
        .isInstanceOf(NoSuchContainer.class)
        .hasMessage("there is no container x/b in batch; bailey ls shows those there are");
    assertThatThrownBy(() -> root.create("a"))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage("cannot create a in batch:/: the name is in use; choose another");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "/"})
  void namesAreOneComponent(String name) {
    assertThatThrownBy(() -> root.create(name))
        .isInstanceOf(BadRequest.class)
        .hasMessageEndingWith("write one component, such as web");
  }

  @Test
  void childrenAreInTheOrderOfTheirNames() {
    var names = List.of("m", "a", "z", "b");
    names.forEach(root::create);
    assertThat(root.children()).extracting(Container::name).containsExactly("a", "b", "m", "z");
    hierarchy.get("b").remove();
    hierarchy.get("z").remove();
    assertThat(root.children()).extracting(Container::name).containsExactly("a", "m");
  }

  @Test
  void manyContainersAreFound() {
    for (int i = 0; i < 500; i++) {
      root.create("c" + i).create("c" + i);
    }
    for (int i = 0; i < 500; i += 2) {
      hierarchy.get("c" + i + "/c" + i).remove();
    }
    for (int i = 0; i < 500; i++) {
      assertThat(hierarchy.find("c" + i + "/c" + i).isPresent()).isEqualTo(i % 2 == 1);
      assertThat(hierarchy.find("c" + i + "/c" + (i + 1))).isEmpty();
    }
    assertThat(hierarchy.size()).isEqualTo(750);
  }

  @Test
  void onlyEmptyContainersAreRemoved() {
    var a = root.create("a");
    var b = a.create("b");
    machine.attach(task, b);
    assertThatThrownBy(a::remove).isInstanceOf(ContainerBusy.class);
    assertThatThrownBy(b::remove)
        .isInstanceOf(ContainerBusy.class)
        .hasMessage(
            "cannot remove batch:/a/b: there are tasks or containers in it; remove those first");
    assertThatThrownBy(root::remove).isInstanceOf(ContainerBusy.class);
    machine.exit(task);
    b.remove();
    assertThat(hierarchy.find("a/b")).isEmpty();
    assertThatThrownBy(b::remove).isInstanceOf(NoSuchContainer.class);
    assertThatThrownBy(() -> b.create("c")).isInstanceOf(NoSuchContainer.class);
    assertThatThrownBy(() -> machine.attach(other, b)).isInstanceOf(NoSuchContainer.class);
    assertThat(a.create("b")).isNotSameAs(b);
  }

  @Test
  void whatHappensOnEmptyIsInherited() {
    var a = root.create("a");
    var b = a.create("b");
    assertThat(b.onEmpty()).isEqualTo(OnEmpty.IGNORE);
    a.onEmpty(OnEmpty.NOTIFY);
    assertThat(b.onEmpty()).isEqualTo(OnEmpty.NOTIFY);
    b.onEmpty(OnEmpty.DELETE);
    assertThat(b.onEmpty()).isEqualTo(OnEmpty.DELETE);
    b.onEmpty(null);
    assertThat(b.onEmpty()).isEqualTo(OnEmpty.NOTIFY);
    b.onEmpty(OnEmpty.DELETE);
    a.onEmpty(null);
    assertThat(a.onEmpty()).isEqualTo(OnEmpty.IGNORE);
    assertThat(b.onEmpty()).isEqualTo(OnEmpty.DELETE);
    assertThat(b.create("c").onEmpty()).isEqualTo(OnEmpty.DELETE);
    b.onEmpty(null);
    assertThat(hierarchy.get("a/b/c").onEmpty()).isEqualTo(OnEmpty.IGNORE);
    var gone = root.create("gone");
    gone.remove();
    assertThatThrownBy(() -> gone.onEmpty(OnEmpty.NOTIFY)).isInstanceOf(NoSuchContainer.class);
  }

  @Test
  void aSubsystemMayRuleAnActionOutForWhoHasItsState() {
    var machineRoot = machine.defaultHierarchy().root();
    var own = machineRoot.create("own");
    var sharing = machineRoot.create("sharing", List.of());
    assertThatThrownBy(() -> own.onEmpty(OnEmpty.IGNORE))
        .isInstanceOf(BadRequest.class)
        .hasMessage("on-empty: ignore is not possible for pid; write one of [notify, delete]");
    sharing.onEmpty(OnEmpty.IGNORE);
    assertThat(sharing.onEmpty()).isEqualTo(OnEmpty.IGNORE);
  }

  @Test
  void theLastTaskThatLeavesSetsItOff() {
    var a = root.create("a");
    a.onEmpty(OnEmpty.NOTIFY);
    assertThat(machine.attach(List.of(task, other), a)).isEmpty();
    assertThat(machine.exit(task)).isEmpty();
    assertThat(machine.attach(other, root)).containsExactly(new Emptied(a, OnEmpty.NOTIFY));
    assertThat(machine.attach(other, root)).isEmpty();
  }

  @Test
  void aContainerThatGoesMayEmptyTheOneAbove() {
    var a = root.create("a");
    var b = a.create("b");
    a.onEmpty(OnEmpty.DELETE);
    machine.attach(task, b);
    assertThat(machine.exit(task))
        .containsExactly(new Emptied(b, OnEmpty.DELETE), new Emptied(a, OnEmpty.DELETE));
    assertThat(root.children()).isEmpty();
  }

  @Test
  void aContainerWithContainersIsNotEmpty() {
    var a = root.create("a");
    a.onEmpty(OnEmpty.DELETE);
    var b = a.create("b");
    b.onEmpty(OnEmpty.IGNORE);
    machine.attach(task, a);
    assertThat(machine.exit(task)).isEmpty();
    assertThat(b.remove()).containsExactly(new Emptied(a, OnEmpty.DELETE));
  }

  @Test
  void populatedIsWhatHasATaskSomewhereBelow() {
    var b = root.create("a").create("b");
    assertThat(hierarchy.get("a").isPopulated()).isFalse();
    machine.attach(task, b);
    assertThat(hierarchy.get("a").isPopulated()).isTrue();
    assertThat(hierarchy.get("a").isEmpty()).isFalse();
    assertThat(hierarchy.get("a").tasks()).isEmpty();
    machine.exit(task);
    assertThat(hierarchy.get("a").isPopulated()).isFalse();
  }

  @Test
  void aContainerHasItsOwnStateOrSharesThatOfOneAbove() {
    var a = root.create("a");
    var b = a.create("b", List.of("uts"));
    assertThat(b.owner(uts)).isSameAs(b);
    assertThat(b.state(uts)).isSameAs(b);
    assertThat(b.owner(memory)).isSameAs(a);
    assertThat(b.state(memory)).isSameAs(a.state(memory)).isNotSameAs(root.state(memory));
    machine.attach(task, b);
    assertThat(task.state(uts)).isSameAs(b);
    assertThat(task.state(memory)).isSameAs(a.state(memory));
    assertThatThrownBy(() -> b.state(machine.index("pid")))
        .isInstanceOf(BadRequest.class)
        .hasMessage("pid is not bound to the hierarchy batch; it has memory, pids, uts");
    assertThatThrownBy(() -> b.create("c", List.of("pid"))).isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> b.create("c", List.of("cpu")))
        .isInstanceOf(BadRequest.class)
        .hasMessage("cpu is no subsystem; write one of memory, pids, uts, pid");
    assertThat(b.children()).isEmpty();
  }
}
