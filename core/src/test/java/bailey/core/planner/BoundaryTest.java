package bailey.core.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Arch;
import bailey.core.abi.Sys;
import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.KernelFeatures.IdRange;
import bailey.core.kernel.Surroundings;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanText;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.seccomp.SeccompPolicy;
import bailey.core.spec.Capability;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.UserMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Plans of containers that are boundaries, and of those that are made in one. */
class BoundaryTest {
  private static final List<IdRange> SOME = List.of(new IdRange(0, 65_536));

  private static KernelFeatures features(Machine machine, long capabilities, Surroundings place) {
    var f = machine.features();
    var c = f.cgroups();
    var base = place.boundary() ? Optional.of(CgroupLayout.OWN + "/bailey") : c.base();
    return new KernelFeatures(
        f.arch(),
        f.release(),
        f.uid(),
        f.gid(),
        capabilities,
        new CgroupLayout(c.mounts(), c.unified(), c.unifiedControllers(), c.own(), base),
        f.controllers(),
        f.namespaces(),
        f.fileSystems(),
        f.userId(),
        f.groupId(),
        f.newuidmap(),
        f.newgidmap(),
        f.procOvermounted(),
        place);
  }

  private static Plan plan(KernelFeatures features, UnaryOperator<ContainerSpec.Builder> spec) {
    return new LaunchPlanner(features).plan(Machine.HYBRID.request(Attachment.FOREGROUND, spec));
  }

  private static String text(KernelFeatures features, UnaryOperator<ContainerSpec.Builder> spec) {
    return PlanText.print(plan(features, spec), 200);
  }

  private static void golden(String name, Plan plan) throws IOException {
    var file = Path.of("src/test/resources/golden", name + ".txt");
    String text = PlanText.print(plan, 90);
    if (System.getProperty("bailey.golden", "").equals("write")) {
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }

  /** Root inside of a boundary that has no user namespace of its own, on the machine itself. */
  private static KernelFeatures guest() {
    var place =
        new Surroundings(
            true,
            true,
            List.of(new IdRange(0, Integer.MAX_VALUE)),
            List.of(new IdRange(0, Integer.MAX_VALUE)),
            true);
    return features(Machine.HYBRID, CapabilitySet.BOUNDARY.mask(), place);
  }

  /** Root inside of a boundary with a user namespace. */
  private static KernelFeatures userGuest(long capabilities) {
    var place = new Surroundings(false, true, SOME, SOME, true);
    return features(Machine.HYBRID, capabilities, place);
  }

  @Test
  void withAUserNamespaceOnHybrid() throws IOException {
    golden(
        "boundary-hybrid",
        plan(
            Machine.HYBRID.features(),
            spec -> spec.boundary(true).memory("64M").userMapping(UserMapping.AUTO)));
  }

  @Test
  void withoutAUserNamespaceOnV2() throws IOException {
    golden(
        "boundary-v2", plan(Machine.UNIFIED.features(), spec -> spec.boundary(true).memory("64M")));
  }

  @Test
  void limitsOfTheParentAreOnTheOuterGroupOnly() {
    var text = text(Machine.HYBRID.features(), spec -> spec.boundary(true).memory("64M"));
    assertThat(text.lines().filter(line -> line.contains("memory.limit_in_bytes")))
        .isNotEmpty()
        .allMatch(line -> line.contains("/c-job/memory.limit_in_bytes"));
  }

  @Test
  void rootOfTheMachineKeepsNothingThatLeadsOut() {
    var features = Machine.HYBRID.features();
    assertThat(Boundary.of(features, spec(b -> b), 0).capabilities())
        .isEqualTo(CapabilitySet.BOUNDARY);
    assertThat(CapabilitySet.BOUNDARY.mask() & CapabilitySet.LEAD_OUT.mask()).isZero();
    var setfcap = CapabilitySet.of(Capability.SETFCAP); // with it the set is the default one
    for (var capability : CapabilitySet.LEAD_OUT.without(setfcap).capabilities()) {
      var added = CapabilitySet.BOUNDARY.with(CapabilitySet.of(capability));
      assertThatThrownBy(() -> Boundary.of(features, spec(b -> b.capabilities(added)), 0))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining(capability.kernelName())
          .hasMessageContaining("--userns auto");
    }
  }

  @Test
  void inAUserNamespaceItKeepsAllButWhatLiftsItsLimitsUnlessToldOtherwise() {
    var features = Machine.HYBRID.features();
    var auto = spec(b -> b.userMapping(UserMapping.AUTO));
    assertThat(Boundary.of(features, auto, 1_000_000).capabilities())
        .isEqualTo(CapabilitySet.ALL.without(CapabilitySet.of(Capability.SYS_RESOURCE)));
    var less = CapabilitySet.of(Capability.CHOWN);
    var told = spec(b -> b.userMapping(UserMapping.AUTO).capabilities(less));
    assertThat(Boundary.of(features, told, 1_000_000).capabilities()).isEqualTo(less);
  }

  @Test
  void whatItSeesMustBeItsOwn() {
    for (var kind : List.of(NamespaceKind.PID, NamespaceKind.MNT, NamespaceKind.CGROUP)) {
      assertThatThrownBy(() -> spec(b -> b.namespace(kind, NamespaceRequest.SHARED)))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining(kind.file());
    }
    assertThatThrownBy(
            () ->
                text(
                    Machine.HYBRID.features(),
                    b ->
                        b.boundary(true)
                            .userMapping(UserMapping.AUTO)
                            .namespace(NamespaceKind.NET, NamespaceRequest.SHARED)))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("--net host");
  }

  @Test
  void aGuestWithoutAUserNamespaceMakesContainersInOne() {
    assertThat(IdentityMap.of(guest(), spec(b -> b.boundary(false)), 1_000_000))
        .hasValueSatisfying(
            map -> {
              assertThat(map.users()).containsExactly(new IdentityMap.Line(0, 1_000_000, 65_536));
              assertThat(map.helpers()).isFalse();
              assertThat(map.setsGroups()).isTrue();
            });
    var text = text(guest(), b -> b.memory("64M"));
    assertThat(text)
        .contains("/sys/fs/cgroup/memory/own/bailey/c-job")
        .doesNotContain("newuidmap")
        .doesNotContain("MOUNT_ATTR_IDMAP");
  }

  @Test
  void aGuestWithAUserNamespaceNeedsNoFurtherOne() {
    var features = userGuest(CapabilitySet.ALL.mask());
    assertThat(IdentityMap.of(features, spec(b -> b.boundary(false)), 0)).isEmpty();
    var text = text(features, b -> b);
    assertThat(text).contains("userxattr").contains("\"/dev/null\"");
    assertThat(text).doesNotContain("mknodat(AT_FDCWD, \"null\", 020666");
  }

  @Test
  void deeperDownAllIdsAreHandedOn() {
    var auto = spec(b -> b.userMapping(UserMapping.AUTO));
    assertThat(IdentityMap.of(userGuest(CapabilitySet.ALL.mask()), auto, 0))
        .hasValueSatisfying(
            map -> assertThat(map.users()).containsExactly(new IdentityMap.Line(0, 0, 65_536)));
    long noSetfcap = CapabilitySet.BOUNDARY.mask();
    assertThat(IdentityMap.of(userGuest(noSetfcap), auto, 0))
        .hasValueSatisfying(
            map -> assertThat(map.users()).containsExactly(new IdentityMap.Line(0, 1, 65_535)));
  }

  @Test
  void whatCannotBeCopiedIsThereToRead() {
    var text = text(userGuest(CapabilitySet.ALL.mask()), b -> b);
    assertThat(text).contains("when $copied < 0");
    assertThat(text(Machine.HYBRID.features(), b -> b)).doesNotContain("$copied");
  }

  @Test
  void theFilterLetsContainersBeMadeAndNothingElse() {
    var rules = SeccompPolicy.boundary(Arch.X86_64, CapabilitySet.ALL);
    var allowed = new HashSet<String>();
    rules.rules().forEach(rule -> allowed.addAll(rule.calls()));
    for (var call :
        List.of(Sys.CLONE3, Sys.MOUNT, Sys.MOVE_MOUNT, Sys.OPEN_TREE, Sys.PIVOT_ROOT, Sys.SETNS)) {
      assertThat(allowed).contains(call.callName());
    }
    assertThat(allowed)
        .doesNotContainAnyElementsOf(
            Set.of(
                "bpf",
                "init_module",
                "finit_module",
                "kexec_load",
                "kexec_file_load",
                "open_by_handle_at",
                "perf_event_open",
                "iopl",
                "reboot",
                "swapon",
                "keyctl",
                "add_key",
                "userfaultfd",
                "io_uring_setup",
                "acct",
                "syslog",
                "quotactl",
                "settimeofday",
                "fanotify_init"));
  }

  private static ContainerSpec spec(UnaryOperator<ContainerSpec.Builder> more) {
    return more.apply(ContainerSpec.builder().boundary(true)).build();
  }
}
