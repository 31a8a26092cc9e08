package bailey.core.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Arch;
import bailey.core.abi.Sys;
import bailey.core.container.ContainerPath;
import bailey.core.container.OnEmpty;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import bailey.core.plan.PlanText;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Step;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.IdentityRequest;
import bailey.core.spec.MountRequest;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.RootRequest;
import bailey.core.spec.UserMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Plans of launches. The golden ones are approved as a diff: {@code -Dbailey.golden=write} writes
 * what the planners make now.
 */
class LaunchPlannerTest {
  private static Plan plan(
      Machine machine, Attachment attachment, UnaryOperator<ContainerSpec.Builder> spec) {
    return new LaunchPlanner(machine.features()).plan(machine.request(attachment, spec));
  }

  private static void golden(String name, Plan plan) throws IOException {
    var file = Path.of("src/test/resources/golden", name + ".txt");
    String text = PlanText.print(plan, 90);
    if (System.getProperty("bailey.golden", "").equals("write")) {
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }

  @Test
  void commandLineOnHybrid() throws IOException {
    golden(
        "run-hybrid",
        plan(
            Machine.HYBRID,
            Attachment.FOREGROUND,
            spec -> spec.memory("64M").pids(32).cpus("0.5").removed(true)));
  }

  @Test
  void commandLineOnV2() throws IOException {
    golden(
        "run-v2",
        plan(
            Machine.UNIFIED,
            Attachment.FOREGROUND,
            spec -> spec.memory("64M").pids(32).cpus("0.5").removed(true)));
  }

  @Test
  void ordinaryUser() throws IOException {
    golden("run-user", plan(Machine.USER, Attachment.FOREGROUND, spec -> spec.removed(true)));
    golden(
        "run-bare-user",
        plan(Machine.BARE_USER, Attachment.FOREGROUND, spec -> spec.removed(true)));
  }

  @Test
  void aContainerWithNamespacesAndNoTask() throws IOException {
    var machine = Machine.HYBRID;
    golden(
        "create-namespaces",
        new CreatePlanner(machine.features())
            .plan(
                machine.request(
                    Attachment.RESIDENT,
                    spec ->
                        spec.memory("64M")
                            .namespace(NamespaceKind.NET, NamespaceRequest.NEW)
                            .namespace(NamespaceKind.UTS, NamespaceRequest.NEW)
                            .namespace(NamespaceKind.TIME, NamespaceRequest.NEW))));
  }

  @Test
  void keepers() throws IOException {
    var machine = Machine.HYBRID;
    var request = machine.request(Attachment.RESIDENT, spec -> spec);
    for (var action : List.of(OnEmpty.NOTIFY, OnEmpty.DELETE)) {
      golden(
          "keeper-" + action,
          new KeeperPlanner(machine.features())
              .plan(
                  new KeeperRequest(
                      request.name(),
                      request.state(),
                      7,
                      "/sys/fs/cgroup/unified/bailey/c-job/cgroup.events",
                      List.of(
                          "/sys/fs/cgroup/unified/bailey/c-job",
                          "/sys/fs/cgroup/memory/bailey/c-job"),
                      action,
                      "/usr/local/bin/released")));
    }
  }

  @Test
  void hierarchies() throws IOException {
    var planner = new HierarchyPlanner(Machine.HYBRID.features());
    var request =
        new HierarchyRequest(
            "names",
            "/run/bailey/hierarchies/names",
            "/run/bailey/hierarchies",
            Optional.of("name=bailey.names"),
            "/run/bailey/bindings-0",
            "/run/bailey/bindings-1",
            "hierarchy=names\n");
    golden("hierarchy-mount", planner.mount(request));
    golden(
        "hierarchy-unmount",
        planner.unmount(
            request,
            List.of(
                "/run/bailey/hierarchies/names/containers/", "/run/bailey/hierarchies/names/gate"),
            List.of("/run/bailey/hierarchies/names/cgroup/bailey.names")));
  }

  @Test
  void removalsOfWhatIsEmpty() throws IOException {
    golden("remove-hybrid", removal(Machine.HYBRID, "unified/bailey/c-web", "pids/bailey/c-web"));
    golden("remove-v2", removal(Machine.UNIFIED, "bailey/c-web"));
  }

  private static Plan removal(Machine machine, String... groups) {
    var state =
        new StateFiles(
            "/run/bailey/containers/c-web",
            "/run/bailey/reports/web",
            "/run/bailey/gate",
            "/run/bailey/bindings-0");
    return new RemovalPlanner(machine.features())
        .plan(
            new TeardownRequest(
                ContainerPath.parse("test", "web"),
                state,
                OptionalLong.of(4711),
                false,
                Stream.of(groups).map(group -> "/sys/fs/cgroup/" + group).toList(),
                true));
  }

  @Test
  void libraryWithDirectoryAsRoot() throws IOException {
    golden(
        "library-root",
        plan(
            Machine.HYBRID,
            Attachment.RESIDENT,
            spec ->
                spec.root(new RootRequest.Directory("/srv/root")).init(false).accounted(false)));
  }

  @Test
  void libraryWithCopyOfTheRoot() throws IOException {
    golden(
        "library-copy",
        plan(
            Machine.HYBRID,
            Attachment.RESIDENT,
            spec -> spec.mount(new MountRequest.Bind("/srv/in", "/in", true))));
  }

  @Test
  void anEmptyMountNamespace() throws IOException {
    golden("empty-mounts", EmptyMountsPlanner.plan(Machine.HYBRID.features()));
  }

  @Test
  void detachedWithEverything() throws IOException {
    golden(
        "detached-everything",
        plan(
            Machine.UNIFIED,
            Attachment.DETACHED,
            spec ->
                spec.detached(true)
                    .log("/var/log/job")
                    .userMapping(UserMapping.AUTO)
                    .hostname("castle")
                    .identity(new IdentityRequest(33, 33, List.of(33, 44)))
                    .mount(new MountRequest.Bind("/etc/hosts", "/srv/hosts", true))
                    .mount(new MountRequest.Tmpfs("/scratch", 1 << 20))
                    .namespace(NamespaceKind.NET, NamespaceRequest.SHARED)
                    .namespace(NamespaceKind.IPC, new NamespaceRequest.Joined("/proc/7/ns/ipc"))
                    .timeout(Duration.ofSeconds(30))
                    .readOnly(true)));
  }

  @Test
  void inNamespacesOfOthers() throws IOException {
    UnaryOperator<ContainerSpec.Builder> joins =
        spec ->
            spec.namespace(NamespaceKind.USER, new NamespaceRequest.Joined("/proc/7/ns/user"))
                .namespace(NamespaceKind.PID, new NamespaceRequest.Joined("/proc/7/ns/pid"))
                .namespace(NamespaceKind.NET, new NamespaceRequest.Joined("/run/net"));
    golden("run-joined", plan(Machine.UNIFIED, Attachment.FOREGROUND, joins));
    golden("run-joined-user", plan(Machine.USER, Attachment.FOREGROUND, joins));
  }

  /** overlayfs refuses a directory below which a mount is locked, whether that is hidden or not. */
  @Test
  void aPartOfTheRootWithAMountBelowItIsNotCopied() {
    var request =
        Machine.USER.request(
            Attachment.FOREGROUND,
            List.of("/", "/run", "/run/lock", "/var/lib/docker/overlay"),
            List.of("run", "var", "usr", "tmp"));
    var steps =
        new LaunchPlanner(Machine.USER.features())
            .plan(request).flattened().stream().map(step -> step.note().what()).toList();
    assertThat(steps)
        .contains("mounting the copy of /usr", "mounting /var", "making /run", "making /tmp")
        .contains("mounting memory on /run", "mounting memory on /tmp")
        .doesNotContain("mounting the copy of /var", "mounting the copy of /run")
        .doesNotContain("mounting the copy of /tmp", "mounting /run", "mounting /tmp");
  }

  @Test
  void terminal() throws IOException {
    golden(
        "terminal",
        plan(Machine.HYBRID, Attachment.FOREGROUND, spec -> spec.terminal(true).removed(true)));
  }

  @Test
  void theSameRequestGivesTheSamePlan() {
    UnaryOperator<ContainerSpec.Builder> spec = builder -> builder.memory("1G").pids(7);
    var one = plan(Machine.HYBRID, Attachment.FOREGROUND, spec);
    var other = plan(Machine.HYBRID, Attachment.FOREGROUND, spec);
    assertThat(PlanCodec.encode(one, 3).bytes()).isEqualTo(PlanCodec.encode(other, 3).bytes());
  }

  @Test
  void everyCombinationIsSound() {
    var random = new Random(7);
    for (int planned = 0; planned < 400; ) {
      var machine = any(random, Machine.values());
      var attachment = any(random, Attachment.values());
      Plan plan;
      try {
        plan = plan(machine, attachment, spec -> random(spec, random, attachment));
        planned++;
      } catch (BadRequest | NotPossibleHere _) {
        continue; // RequestRulesTest is about these
      }
      assertThat(PlanVerifier.faults(plan)).isEmpty();
      assertThat(plan.flattened())
          .allSatisfy(step -> assertThat(step.note().because()).isNotEmpty());
    }
  }

  private static <T> T any(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  private static ContainerSpec.Builder random(
      ContainerSpec.Builder spec, Random random, Attachment attachment) {
    for (var kind : NamespaceKind.values()) {
      switch (random.nextInt(kind == NamespaceKind.USER ? 20 : 6)) {
        case 0 -> spec.namespace(kind, NamespaceRequest.SHARED);
        case 1 -> spec.namespace(kind, NamespaceRequest.NEW);
        case 2 -> spec.namespace(kind, new NamespaceRequest.Joined("/proc/9/ns/" + kind.file()));
        default -> {}
      }
    }
    if (random.nextBoolean()) {
      spec.root(new RootRequest.Directory("/srv/root"));
    }
    if (random.nextBoolean()) {
      spec.mount(new MountRequest.Bind("/etc/hosts", "/a/b", random.nextBoolean()));
      spec.mount(new MountRequest.Bind("/srv", "/a", random.nextBoolean()));
    }
    if (random.nextBoolean()) {
      spec.identity(new IdentityRequest(random.nextInt(3), 5, List.of(1)));
    }
    return spec.init(random.nextBoolean())
        .accounted(random.nextBoolean())
        .seccomp(random.nextBoolean())
        .noNewPrivileges(random.nextBoolean())
        .readOnly(random.nextBoolean())
        .removed(random.nextBoolean())
        .userMapping(random.nextBoolean() ? UserMapping.AUTO : UserMapping.HOST)
        .terminal(attachment == Attachment.FOREGROUND && random.nextBoolean())
        .timeout(Duration.ofSeconds(random.nextInt(2)));
  }

  @Test
  void nothingIsExecutedWithDescriptorsOfTheMachine() {
    var plan = plan(Machine.HYBRID, Attachment.RESIDENT, spec -> spec);
    var calls =
        plan.flattened().stream()
            .filter(Step.Call.class::isInstance)
            .map(step -> ((Step.Call) step).call())
            .toList();
    int lastClose = calls.lastIndexOf(Sys.CLOSE_RANGE);
    assertThat(calls.indexOf(Sys.EXECVE)).as("close_range before execve").isGreaterThan(0);
    assertThat(calls.subList(0, calls.indexOf(Sys.EXECVE))).contains(Sys.CLOSE_RANGE);
    assertThat(lastClose).as("process 1 closes too").isGreaterThan(calls.indexOf(Sys.EXECVE));
  }

  @Test
  void limitsNeedAPlace() {
    assertThatThrownBy(() -> plan(Machine.USER, Attachment.FOREGROUND, spec -> spec.memory("64M")))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageStartingWith(
            "setting memory.max is not possible for user 1000: no such control group");
  }

  /**
   * Above the delegated group nothing may be written, and it may not hand controllers on while it
   * has tasks.
   */
  @Test
  void aUserInTheDelegatedGroupItselfMakesRoomInIt() {
    var text =
        PlanText.print(
            plan(Machine.DELEGATED_USER, Attachment.FOREGROUND, spec -> spec.memory("64M")), 90);
    assertThat(text)
        .containsSubsequence(
            "/sys/fs/cgroup/user-1000/bailey\"",
            "/sys/fs/cgroup/user-1000/tasks/cgroup.procs\"",
            "move all in ",
            "/sys/fs/cgroup/user-1000/cgroup.subtree_control\"",
            "/sys/fs/cgroup/user-1000/bailey/cgroup.subtree_control\"")
        .doesNotContain("/sys/fs/cgroup/cgroup.subtree_control");
  }

  @Test
  void anOrdinaryUserMayGoOnWithoutLimits() {
    var asked = ContainerSpec.builder().memory("64M").pids(8).hostname("kept").build();
    var got = new LaunchPlanner(Machine.USER.features()).attainable(asked);
    assertThat(got.spec().controls()).isEmpty();
    assertThat(got.spec().hostname()).contains("kept");
    assertThat(got.missing().orElseThrow())
        .startsWith(
            "going on without limits: setting memory.max, pids.max is not possible for user 1000:");
    assertThat(new LaunchPlanner(Machine.HYBRID.features()).attainable(asked).spec())
        .isEqualTo(asked);
    for (var control : List.of("memory.maximum", "memory.max")) {
      var wrong = ContainerSpec.builder().control(control, "lots").build();
      assertThatThrownBy(() -> new LaunchPlanner(Machine.USER.features()).attainable(wrong))
          .isInstanceOf(BadRequest.class);
    }
  }

  @Test
  void unknownControlIsRefusedBeforeAnyStep() {
    assertThatThrownBy(
            () ->
                plan(Machine.HYBRID, Attachment.FOREGROUND, spec -> spec.control("memory.mx", "1")))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("memory.max");
  }

  @Test
  void numbersAreThoseOfTheArchitecture() {
    assertThat(Sys.MOUNT.number(Arch.X86_64)).isEqualTo(165);
    assertThat(Sys.MOUNT.number(Arch.AARCH64)).isEqualTo(40);
  }
}
