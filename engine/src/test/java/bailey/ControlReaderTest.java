package bailey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.ContainerPath;
import bailey.core.error.NoSuchContainer;
import bailey.core.spec.ContainerSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is kept for those who ask again and again. */
class ControlReaderTest {
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
    try (var reader = one.reader("pids.max")) {
      assertThat(reader.read()).isEqualTo(new ControlReader.Value("max", true));
      one.set("pids.max", "7");
      assertThat(reader.read().text()).isEqualTo("7");
      assertThat(reader.isKept()).isTrue();
      one.remove(false);
      assertThat(reader.isKept()).isFalse();
      assertThatThrownBy(reader::read).isInstanceOf(NoSuchContainer.class);
    }
  }

  @Test
  void whatIsNotTheKernelsIsReadToo() {
    var one = create("one");
    try (var reader = one.reader("container.on_empty")) {
      assertThat(reader.read()).isEqualTo(new ControlReader.Value("ignore", false));
      assertThat(reader.descriptor()).isEmpty();
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
