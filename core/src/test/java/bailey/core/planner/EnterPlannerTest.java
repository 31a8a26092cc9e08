package bailey.core.planner;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.abi.Sys;
import bailey.core.container.ContainerPath;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import bailey.core.plan.PlanText;
import bailey.core.plan.Step;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.spec.Capability;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Plans of those who come into a container that runs; the golden ones are approved as a diff. */
class EnterPlannerTest {
  private static final ContainerPath WEB = ContainerPath.parse("--name", "web");
  private static final List<String> COMMAND = List.of("ss", "-tlnp");
  private static final Map<NamespaceKind, Long> SOME =
      Map.of(NamespaceKind.NET, 4026532001L, NamespaceKind.PID, 4026532002L);
  private static final Map<NamespaceKind, Long> USERS =
      Map.of(NamespaceKind.USER, 4026532003L, NamespaceKind.NET, 4026532001L);

  private static ContainerSpec.Builder spec() {
    return ContainerSpec.builder().name("web").environment("PATH", "/usr/bin:/bin");
  }

  private static Plan enter(
      Machine machine,
      ContainerSpec spec,
      Attachment attachment,
      boolean groups,
      Map<NamespaceKind, Long> namespaces,
      Map<NamespaceKind, String> files) {
    return new EnterPlanner(machine.features())
        .plan(new EnterRequest(WEB, spec, COMMAND, attachment, groups, 4711, namespaces, files));
  }

  private static Plan exec(Machine machine, ContainerSpec spec, boolean tracers) {
    return exec(machine, spec, tracers, Optional.empty());
  }

  private static Plan exec(
      Machine machine, ContainerSpec spec, boolean tracers, Optional<String> cpus) {
    var namespaces = Map.of(NamespaceKind.MNT, 4026532004L, NamespaceKind.PID, 4026532002L);
    return new ExecPlanner(machine.features())
        .plan(
            new ExecRequest(
                WEB,
                spec,
                COMMAND,
                Attachment.RESIDENT,
                4711,
                namespaces,
                1_000_000,
                tracers,
                cpus));
  }

  private static void golden(String name, Plan plan) throws IOException {
    var file = Path.of("src/test/resources/golden", name + ".txt");
    String text = PlanText.print(plan, 90);
    if (System.getProperty("bailey.golden", "").equals("write")) {
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
    assertThat(PlanCodec.encode(plan, 1).bytes()).isNotEmpty();
  }

  @Test
  void aFurtherCommandIsOnTheCpusThatItSees() {
    var spec = ContainerSpec.builder().build();
    assertThat(PlanText.print(exec(Machine.HYBRID, spec, false, Optional.of("1")), 90))
        .contains("sched_setaffinity(0, 8, CPUs 1)");
    assertThat(PlanText.print(exec(Machine.HYBRID, spec, false), 90))
        .doesNotContain("sched_setaffinity");
  }

  @Test
  void someNamespacesFromTheCommandLine() throws IOException {
    golden(
        "enter",
        enter(
            Machine.HYBRID,
            spec().terminal(true).build(),
            Attachment.FOREGROUND,
            false,
            SOME,
            Map.of()));
  }

  @Test
  void whatAContainerWithoutATaskHas() throws IOException {
    golden(
        "enter-held",
        enter(
            Machine.UNIFIED,
            spec().memory("64M").build(),
            Attachment.RESIDENT,
            true,
            Map.of(),
            Map.of(NamespaceKind.NET, "/run/bailey/containers/c-web/ns/net")));
  }

  @Test
  void anOrdinaryUser() throws IOException {
    golden(
        "enter-user",
        enter(Machine.USER, spec().build(), Attachment.FOREGROUND, false, USERS, Map.of()));
  }

  @Test
  void furtherCommands() throws IOException {
    golden("exec", exec(Machine.HYBRID, spec().memory("64M").build(), false));
    golden(
        "exec-tracers",
        exec(
            Machine.HYBRID,
            spec()
                .capabilities(
                    CapabilitySet.CONTAINER_DEFAULT.with(CapabilitySet.of(Capability.SYS_PTRACE)))
                .build(),
            true));
  }

  // ---- nothing of this machine is open to those inside ----

  /** The guide's steps, in which the command's are. */
  private static List<Step> guide(Plan plan) {
    return plan.steps().stream()
        .filter(Step.Spawn.class::isInstance)
        .map(step -> ((Step.Spawn) step).child())
        .findFirst()
        .orElseThrow();
  }

  private static int first(List<Step> steps, Sys call, int from) {
    for (int i = from; i < steps.size(); i++) {
      if (steps.get(i) instanceof Step.Call made && made.call() == call) {
        return i;
      }
    }
    throw new AssertionError("no " + call);
  }

  private static void closedBeforeEntering(Plan plan) {
    var guide = guide(plan);
    int enters = first(guide, Sys.SETNS, 0);
    assertThat(first(guide, Sys.PRCTL, 0)).as("not dumpable").isLessThan(enters);
    assertThat(first(guide, Sys.CLOSE_RANGE, 0)).as("descriptors").isLessThan(enters);
    assertThat(guide.subList(0, enters)).noneMatch(Step.Spawn.class::isInstance);
    long handles =
        guide.stream()
            .filter(step -> step instanceof Step.Call call && call.call() == Sys.SETNS)
            .count();
    assertThat(
            guide.subList(enters, guide.size()).stream()
                .takeWhile(step -> !(step instanceof Step.Spawn))
                .filter(step -> step instanceof Step.Call call && call.call() == Sys.CLOSE)
                .count())
        .as("handles of namespaces")
        .isGreaterThanOrEqualTo(handles);
  }

  @Test
  void whoeverEntersHasNothingOpen() {
    for (var machine : List.of(Machine.HYBRID, Machine.UNIFIED, Machine.USER)) {
      for (var attachment : List.of(Attachment.FOREGROUND, Attachment.RESIDENT)) {
        closedBeforeEntering(
            enter(machine, spec().build(), attachment, machine != Machine.USER, USERS, Map.of()));
      }
      closedBeforeEntering(exec(machine, spec().build(), false));
      closedBeforeEntering(exec(machine, spec().build(), true));
    }
  }

  @Test
  void whatTracersSeeHasNoRightsOfTheMachine() {
    var guide = guide(exec(Machine.HYBRID, spec().build(), true));
    int drops = first(guide, Sys.CAPSET, 0);
    assertThat(guide.subList(0, drops)).noneMatch(Step.Spawn.class::isInstance);
    var usual = guide(exec(Machine.HYBRID, spec().build(), false));
    assertThat(usual)
        .noneMatch(step -> step instanceof Step.Call call && call.call() == Sys.CAPSET);
  }

  @Test
  void inAUserNamespaceNobodyStaysAUserOfTheMachine() {
    var guide =
        guide(enter(Machine.HYBRID, spec().build(), Attachment.RESIDENT, false, USERS, Map.of()));
    int enters = first(guide, Sys.SETNS, first(guide, Sys.SETNS, 0) + 1);
    int becomes = first(guide, Sys.SETRESUID, enters);
    assertThat(guide.subList(0, becomes)).noneMatch(Step.Spawn.class::isInstance);
  }
}
