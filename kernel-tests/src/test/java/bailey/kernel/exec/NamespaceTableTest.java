package bailey.kernel.exec;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.abi.Flags;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.NamespaceHold;
import bailey.core.kernel.NamespaceHold.Holder;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Registers;
import bailey.core.plan.Steps;
import bailey.core.spec.NamespaceKind;
import bailey.linux.sys.PipeEnds;
import bailey.testkit.KernelAbility;
import java.io.FileInputStream;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** What keeps a namespace in being: its members, descriptors, mounts. */
class NamespaceTableTest {
  private static final String TARGET = "/etc/passwd"; // a file that is there everywhere

  @Test
  void holdersOfANetworkNamespace() throws Exception {
    try (var kernel = ServiceLoader.load(Kernel.class).findFirst().orElseThrow();
        var input = PipeEnds.open()) {
      KernelAbility.require(kernel.features().privileged(), "root");
      long self = ProcessHandle.current().pid();
      var execution = kernel.executor().execute(waiting(), List.of(input.read().number()));
      long pid = execution.start().get().pid();
      long inode = kernel.processes().namespace(pid, NamespaceKind.NET).orElseThrow();
      assertThat(kernel.processes().namespace(self, NamespaceKind.NET)).isNotEqualTo(inode);

      assertThat(holders(kernel, inode))
          .containsExactlyInAnyOrder(
              new Holder.Member(pid, "cat"), new Holder.Mount("/proc/" + pid + "/root" + TARGET));
      try (var descriptor = new FileInputStream("/proc/" + pid + "/ns/net")) {
        int number = descriptorOf(kernel, inode, self);
        assertThat(descriptor.getFD().valid()).isTrue();
        assertThat(number).isGreaterThan(2);
        input.write().close();
        assertThat(execution.end().get().status()).isZero();
        assertThat(holders(kernel, inode)) // all that is left of it
            .containsExactly(new Holder.Descriptor(self, number));
      }
      assertThat(holders(kernel, inode)).isEmpty();
    }
  }

  /** A command in a network namespace, of which it has a bind mount in its mount namespace. */
  private static Plan waiting() {
    var registers = new Registers();
    var steps = new Steps(registers).because("a test");
    var stdin = registers.descriptor("stdin");
    SmallPlan.start(
        steps,
        Flags.CLONE_NEWNET | Flags.CLONE_NEWNS,
        child -> {
          child.mount(
              "making mounts private", null, "/", null, Flags.MS_REC | Flags.MS_PRIVATE, null);
          child.mount(
              "holding the namespace", "/proc/self/ns/net", TARGET, null, Flags.MS_BIND, null);
          SmallPlan.place(child, stdin, 0);
          SmallPlan.execute(child, "/bin/cat");
        },
        List.of(stdin));
    return PlanVerifier.verify(
        new Plan("hold a namespace", SmallPlan.ARCH, List.of(stdin), steps.list()));
  }

  private static List<Holder> holders(Kernel kernel, long inode) {
    return kernel.processes().namespaces().stream()
        .filter(hold -> hold.kind() == NamespaceKind.NET && hold.inode() == inode)
        .map(NamespaceHold::holder)
        .toList();
  }

  private static int descriptorOf(Kernel kernel, long inode, long pid) {
    return holders(kernel, inode).stream()
        .filter(Holder.Descriptor.class::isInstance)
        .map(Holder.Descriptor.class::cast)
        .filter(d -> d.pid() == pid)
        .findFirst()
        .orElseThrow()
        .number();
  }

  @Test
  void everyProcessIsInSomeNamespaceOfEachKind() {
    try (var kernel = ServiceLoader.load(Kernel.class).findFirst().orElseThrow()) {
      var self = kernel.processes().self();
      var kinds =
          kernel.processes().namespaces().stream()
              .filter(hold -> hold.holder() instanceof Holder.Member m && m.pid() == self.pid())
              .map(hold -> hold.kind().file())
              .toList();
      assertThat(kinds).containsExactlyInAnyOrderElementsOf(kernel.features().namespaces());
    }
  }
}
