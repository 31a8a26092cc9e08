package bailey.core.planner;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.MountRequest;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.NamespaceRequest.Joined;
import bailey.core.spec.RootRequest;
import bailey.core.spec.UserMapping;
import org.junit.jupiter.api.Test;

class RequestRulesTest {
  private static void check(Machine machine, ContainerSpec.Builder spec) {
    new RequestRules(machine.features(), spec.build()).check();
  }

  private static Joined joined(NamespaceKind kind) {
    return new Joined("/proc/7/ns/" + kind.file());
  }

  @Test
  void theMountsOfOthersAreNotChanged() {
    var spec =
        ContainerSpec.builder()
            .namespace(NamespaceKind.MNT, NamespaceRequest.SHARED)
            .root(new RootRequest.Directory("/srv"))
            .mount(new MountRequest.Tmpfs("/x", 0))
            .readOnly(true);
    assertThatThrownBy(() -> check(Machine.HYBRID, spec))
        .isInstanceOf(BadRequest.class)
        .hasMessage(
            "--root, --bind and --tmpfs, --read-only would change the mnt namespace of others;"
                + " leave --share mnt out");
    assertThatThrownBy(
            () ->
                check(
                    Machine.HYBRID,
                    ContainerSpec.builder()
                        .namespace(NamespaceKind.UTS, joined(NamespaceKind.UTS))
                        .hostname("mine")))
        .hasMessage("--hostname would change the uts namespace of others; leave --join uts out");
  }

  @Test
  void anOrdinaryUserJoinsTheUserNamespaceToo() {
    var spec = ContainerSpec.builder().namespace(NamespaceKind.NET, joined(NamespaceKind.NET));
    assertThatCode(() -> check(Machine.UNIFIED, spec)).doesNotThrowAnyException();
    assertThatThrownBy(() -> check(Machine.USER, spec))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageStartingWith("--join net: user 1000 has no right to it outside of")
        .hasMessageEndingWith("--join user=NAME --join net=NAME");
    spec.namespace(NamespaceKind.USER, joined(NamespaceKind.USER));
    assertThatCode(() -> check(Machine.USER, spec)).doesNotThrowAnyException();
  }

  @Test
  void processesOfAnotherUserNamespaceHaveNoProc() {
    var spec =
        ContainerSpec.builder()
            .userMapping(UserMapping.AUTO)
            .namespace(NamespaceKind.PID, joined(NamespaceKind.PID));
    assertThatThrownBy(() -> check(Machine.HYBRID, spec))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("--join pid does not go with a user namespace of its own");
    for (var kind : new NamespaceKind[] {NamespaceKind.MNT, NamespaceKind.USER}) {
      var other = spec.build().toBuilder().namespace(kind, joined(kind));
      assertThatCode(() -> check(Machine.HYBRID, other)).doesNotThrowAnyException();
    }
  }
}
