package bailey.core.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerSpecTest {
  private static ContainerSpec everything() {
    return ContainerSpec.builder()
        .name("a/b")
        .root(new RootRequest.Directory("/srv/root"))
        .readOnly(true)
        .mount(new MountRequest.Bind("/a", "/b", true))
        .namespace(NamespaceKind.NET, NamespaceRequest.SHARED)
        .userMapping(UserMapping.AUTO)
        .hostname("castle")
        .memory("64M")
        .pids(8)
        .accounted(false)
        .identity(IdentityRequest.ROOT)
        .capabilities(CapabilitySet.NONE)
        .seccomp(false)
        .noNewPrivileges(false)
        .environment("A", "b")
        .directory("/c")
        .rlimit(new Rlimit(Rlimit.Resource.NOFILE, 1, 2))
        .init(false)
        .timeout(Duration.ofSeconds(1))
        .detached(true)
        .removed(false)
        .log("/d")
        .reveal("/e")
        .build();
  }

  @Test
  void aBuilderOfASpecHasAllOfIt() {
    assertThat(everything().toBuilder().build()).isEqualTo(everything());
    assertThat(ContainerSpec.builder().build().toBuilder().build())
        .isEqualTo(ContainerSpec.builder().build())
        .isNotEqualTo(everything());
  }

  @Test
  void controlsCanBeTakenAway() {
    assertThat(everything().withoutControls(List.of("memory.max", "cpu.max")))
        .isEqualTo(everything().toBuilder().build().withoutControls(List.of("memory.max")))
        .extracting(ContainerSpec::controls)
        .hasToString("{pids.max=8}");
  }
}
