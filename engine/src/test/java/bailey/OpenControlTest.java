package bailey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.NoSuchContainer;
import bailey.core.spec.ContainerSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is kept for those who ask again and again. */
class OpenControlTest {
  private static final int MANY = 70;

  @RegisterExtension final FakeMachine machine = new FakeMachine();

  private Container create(String name) {
    return machine
        .system()
        .create(ContainerSpec.builder().name(name).removed(false).detached(true).build());
  }

  @SuppressWarnings("ReferenceEquality") // that is what is meant
  private static boolean isSame(Object one, Object other) {
    return one == other;
  }

  @Test
  void aReaderReadsWhatIsThereNow() {
    var one = create("one");
    try (var control = one.open("pids.max")) {
      assertThat(control.read()).isEqualTo(new OpenControl.Value("max", true));
      one.set("pids.max", "7");
      assertThat(control.read().text()).isEqualTo("7");
      assertThat(control.isKept()).isTrue();
      one.remove(false);
      assertThat(control.isKept()).isFalse();
      assertThatThrownBy(control::read).isInstanceOf(NoSuchContainer.class);
    }
  }

  @Test
  void whatIsSetIsSetInTheContainerThatIsThereNow() {
    try (var one = create("one");
        var control = one.open("pids.max")) {
      assertThat(control.set("7")).isTrue();
      assertThat(one.get("pids.max")).isEqualTo("7");
      assertThatThrownBy(() -> control.set("seven")).isInstanceOf(BadRequest.class);
      assertThat(one.get("pids.max")).isEqualTo("7");
      one.remove(false);
      assertThatThrownBy(() -> control.set("8")).isInstanceOf(NoSuchContainer.class);
      try (var other = create("one")) {
        var _ = control.set("9");
        assertThat(other.get("pids.max")).isEqualTo("9");
      }
    }
  }

  @Test
  void whatIsNotTheKernelsIsSetToo() {
    try (var one = create("one");
        var control = one.open("container.on_empty")) {
      assertThat(control.set("delete")).isFalse();
      assertThat(control.read().text()).isEqualTo("delete");
    }
  }

  @Test
  void whatIsNotTheKernelsIsReadToo() {
    var one = create("one");
    try (var control = one.open("container.on_empty")) {
      assertThat(control.read()).isEqualTo(new OpenControl.Value("ignore", false));
      assertThat(control.descriptor()).isEmpty();
    }
    one.remove(false);
  }

  /** At first while they are new, then from what was kept. */
  @Test
  void namesAreThoseThatAreThere() throws InterruptedException {
    for (int i = 0; i < MANY; i++) {
      create("c" + i);
    }
    var system = machine.system();
    var names = system.names(ContainerPath.ROOT);
    assertThat(names).hasSize(MANY).isSorted();
    List<ContainerPath> before = List.of();
    for (var now = names; !isSame(before, now); now = system.names(ContainerPath.ROOT)) {
      before = now; // until the directory is older than a tick of its clock
    }
    system.container("c3").remove(false);
    assertThat(system.names(ContainerPath.ROOT))
        .hasSize(MANY - 1)
        .doesNotContain(ContainerPath.parse("name", "c3"));
    create("c3");
    assertThat(system.names(ContainerPath.ROOT)).isEqualTo(names);
    List.copyOf(system.containers()).forEach(container -> container.remove(false));
    assertThat(system.names(ContainerPath.ROOT)).isEmpty();
  }
}
