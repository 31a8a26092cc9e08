package bailey;

import static bailey.FakeMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import bailey.core.spec.Capability;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may enter what, on a machine in memory. */
class EnterTest {
  private static final List<String> TRUE = List.of("/bin/true");
  private static final List<String> CAT = List.of("/bin/cat");

  @RegisterExtension final FakeMachine machine = new FakeMachine();

  private final List<ContainerProcess> running = new ArrayList<>();

  private Container web(ContainerSpec.Builder spec) {
    var process = machine.start(spec.name("web"), "/bin/cat");
    running.add(process);
    return process.container();
  }

  private void end() throws Exception {
    for (var process : running.reversed()) {
      process.getOutputStream().close();
      process.waitFor();
    }
  }

  /** The namespaces of a process that are also the container's first one's, and not bailey's. */
  private Set<NamespaceKind> shared(ContainerProcess process, Container container) {
    var processes = machine.kernel().processes();
    var kinds = EnumSet.noneOf(NamespaceKind.class);
    long self = processes.self().pid();
    long first = container.pid().orElseThrow();
    for (var kind : NamespaceKind.values()) {
      var number = processes.namespace(process.pid(), kind);
      if (number.equals(processes.namespace(first, kind))
          && !number.equals(processes.namespace(self, kind))) {
        kinds.add(kind);
      }
    }
    return kinds;
  }

  private ContainerProcess enter(Container container, EnterSpec spec) {
    var process = container.enter(spec, CAT);
    running.add(process);
    return process;
  }

  @Test
  void onlyWhatIsChosenIsEntered() throws Exception {
    var web = web(spec().memory("64M"));
    var some = enter(web, EnterSpec.of(NamespaceKind.UTS, NamespaceKind.NET));
    assertThat(shared(some, web)).containsExactlyInAnyOrder(NamespaceKind.UTS, NamespaceKind.NET);
    assertThat(machine.kernel().groupsOf(some.pid()).get("memory")).doesNotContain("c-web");
    var all = enter(web, EnterSpec.ALL);
    assertThat(shared(all, web)).contains(NamespaceKind.MNT, NamespaceKind.PID, NamespaceKind.UTS);
    assertThat(machine.kernel().groupsOf(all.pid()).get("memory")).endsWith("/c-web");
    end();
    assertThat(machine.system().containers()).isEmpty();
  }

  @Test
  void itsEndIsTold() throws Exception {
    var web = web(spec());
    var entered = web.enter(EnterSpec.of(NamespaceKind.NET), List.of("/bin/exit", "7"));
    assertThat(entered.waitFor()).isEqualTo(7);
    end();
  }

  private static void refused(Container container, String message, NamespaceKind... kinds) {
    assertThatThrownBy(() -> container.enter(EnterSpec.of(kinds), TRUE))
        .isInstanceOf(BadRequest.class)
        .hasMessage(message);
  }

  @Test
  void whatItHasNotIsNotEntered() throws Exception {
    var web =
        web(
            spec()
                .namespace(NamespaceKind.NET, NamespaceRequest.SHARED)
                .namespace(NamespaceKind.IPC, NamespaceRequest.SHARED)
                .namespace(NamespaceKind.CGROUP, NamespaceRequest.SHARED));
    refused(
        web,
        "cannot enter the net namespace of web: it has none of its own; it has pid, mnt, uts",
        NamespaceKind.NET);
    refused(
        web,
        "cannot enter the mnt namespace of web without the others that it has of its own (pid,"
            + " uts): its programs are run behind all of its walls or not at all; leave out -o to"
            + " enter all, or leave out mnt to run this machine's programs",
        NamespaceKind.MNT);
    assertThatThrownBy(() -> web.enter(EnterSpec.of(NamespaceKind.UTS), List.of()))
        .isInstanceOf(BadRequest.class);
    end();
  }

  @Test
  void tracersOfTheMachineSeeNoCommandOfTheMachine() throws Exception {
    var traces = CapabilitySet.CONTAINER_DEFAULT.with(CapabilitySet.of(Capability.SYS_PTRACE));
    var web = web(spec().capabilities(traces));
    refused(
        web,
        "cannot enter the pid namespace of web with a command of this machine: what is inside has"
            + " CAP_SYS_PTRACE and could take over what it sees; leave pid out of -o",
        NamespaceKind.PID);
    assertThat(web.enter(EnterSpec.of(NamespaceKind.NET), TRUE).waitFor()).isZero();
    assertThat(web.enter(EnterSpec.ALL, TRUE).waitFor()).isZero();
    end();
  }

  @Test
  void onlyWhereItRunsOrHoldsSomething() throws Exception {
    var empty = machine.system().create(spec().name("empty").build());
    assertThatThrownBy(() -> empty.enter(EnterSpec.of(NamespaceKind.NET), TRUE))
        .isInstanceOf(BadRequest.class)
        .hasMessage(
            "cannot enter the net namespace of empty: it has none of its own, nor any other");
    var web = web(spec());
    web.freeze();
    assertThatThrownBy(() -> web.enter(EnterSpec.of(NamespaceKind.NET), TRUE))
        .isInstanceOf(ContainerBusy.class);
    web.thaw();
    end();
    assertThatThrownBy(() -> web.enter(EnterSpec.ALL, TRUE)).isInstanceOf(NoSuchContainer.class);
  }
}
