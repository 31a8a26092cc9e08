package bailey;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.kept.Fact;
import bailey.core.kept.Particulars;
import bailey.core.kept.Particulars.Naming;
import bailey.core.kept.PlanKeeper;
import bailey.core.kept.Template;
import bailey.core.kernel.ForwardingKernel;
import bailey.core.kernel.Kernel;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanText;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.MountRequest;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.ProcRequest;
import bailey.core.spec.RootRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which plans of launches are kept, and what they are said to depend on. */
class KeptLaunchTest {
  private static final Fact ASKED = new Fact.Environment("A=1");

  @RegisterExtension final FakeMachine machine = new FakeMachine();

  /** What was given to be kept. */
  private record Kept(
      Particulars particulars, List<Fact> facts, Function<Particulars, Plan> planner) {}

  private final List<Kept> kept = new ArrayList<>();

  private final class Keeping extends ForwardingKernel implements PlanKeeper {
    Keeping(Kernel kernel) {
      super(kernel);
    }

    @Override
    public Optional<PlanKeeper> keeper() {
      return Optional.of(this);
    }

    @Override
    public void keep(
        Particulars particulars, List<Fact> facts, Function<Particulars, Plan> planner) {
      kept.add(new Kept(particulars, facts, planner));
    }

    @Override
    public void keep(List<Fact> facts, Plan plan) {
      throw new AssertionError(plan.title());
    }
  }

  private void launch(ContainerSpec.Builder spec, Optional<List<Fact>> asked) {
    try (var system = ContainerSystem.open(new Keeping(machine.kernel()), machine.state())) {
      var reporter = List.of("/bin/bailey", "report");
      var _ = system.launch(spec.build(), List.of("/bin/true"), reporter, false, asked);
    }
  }

  private Kept kept(ContainerSpec.Builder spec) {
    launch(spec, Optional.of(List.of(ASKED)));
    assertThat(kept).hasSize(1);
    return kept.getFirst();
  }

  @Test
  void oneWithoutANameHasPlacesForNameAndTime() {
    var only = kept(FakeMachine.spec().memory("64M").pids(20));
    assertThat(only.particulars().naming()).isEqualTo(Naming.INVENTED);
    assertThat(Template.of(only.particulars(), only.planner())).isPresent();
    var other = new Particulars(Naming.INVENTED, "abc2345", "1800000000000000000");
    var plan = only.planner().apply(other);
    assertThat(plan.title()).isEqualTo("run abc2345");
    assertThat(PlanText.print(plan, 200))
        .contains("abc2345.01800000000000000000")
        .doesNotContain(only.particulars().name());
  }

  @Test
  void oneWithANameHasPlacesForTheTime() {
    var only = kept(FakeMachine.spec().name("web"));
    assertThat(only.particulars().naming()).isEqualTo(Naming.FIXED);
    assertThat(Template.of(only.particulars(), only.planner())).isPresent();
  }

  @Test
  void whatWasLookedAtIsTold(@TempDir Path folder) throws IOException {
    var file = Files.createFile(folder.resolve("file")).toString();
    var spec =
        FakeMachine.spec()
            .mount(new MountRequest.Bind(file, "/mnt", true))
            .mount(new MountRequest.Bind(folder.toString(), "/srv", true));
    assertThat(kept(spec).facts())
        .contains(
            ASKED,
            new Fact.Guarded(machine.state()),
            new Fact.Few(machine.state() + "/reports", 320),
            new Fact.Place(file, Fact.Kind.FILE, true),
            new Fact.Place(folder.toString(), Fact.Kind.DIRECTORY, true),
            new Fact.Place("/root", Fact.Kind.DIRECTORY, true))
        .anyMatch(
            fact -> fact instanceof Fact.Place(_, Fact.Kind kind, _) && kind == Fact.Kind.ABSENT);
  }

  @Test
  void ofAnotherRootThatIsLookedAt(@TempDir Path folder) {
    var root = folder.toString();
    assertThat(kept(FakeMachine.spec().root(new RootRequest.Directory(root))).facts())
        .contains(new Fact.Place(root, Fact.Kind.DIRECTORY, true))
        .doesNotContain(new Fact.Place("/root", Fact.Kind.DIRECTORY, true));
  }

  static List<Named<UnaryOperator<ContainerSpec.Builder>>> others() {
    return List.of(
        Named.of("detached", spec -> spec.detached(true)),
        Named.of("boundary", spec -> spec.boundary(true)),
        Named.of("view", spec -> spec.proc(ProcRequest.VIEW)),
        Named.of(
            "joined",
            spec ->
                spec.namespace(
                    NamespaceKind.NET, new NamespaceRequest.Joined("/proc/self/ns/net"))));
  }

  @ParameterizedTest
  @MethodSource("others")
  void whatDependsOnMoreIsNotKept(UnaryOperator<ContainerSpec.Builder> option) {
    try {
      launch(option.apply(FakeMachine.spec()), Optional.of(List.of()));
    } catch (bailey.core.error.ContainerException e) {
      assertThat(e).isNotNull(); // this machine cannot have it at all
    }
    assertThat(kept).isEmpty();
  }

  @Test
  void whatWasMadeBeforeIsNotKept() {
    var _ =
        machine
            .system()
            .create(FakeMachine.spec().name("web").detached(true).removed(false).build());
    launch(FakeMachine.spec().name("web"), Optional.of(List.of()));
    assertThat(kept).isEmpty();
    machine.system().container("web").remove(true);
  }

  @Test
  void whatIsInAnotherIsNotKept() {
    var _ =
        machine.system().create(FakeMachine.spec().name("a").detached(true).removed(false).build());
    launch(FakeMachine.spec().name("a/b"), Optional.of(List.of()));
    assertThat(kept).isEmpty();
  }

  @Test
  void whereItCannotBeToldWhatItDependsOnItIsNotKept() {
    launch(FakeMachine.spec(), Optional.empty());
    assertThat(kept).isEmpty();
  }

  @Test
  void whoHasItKeptRemovesOldReports() throws IOException {
    launch(FakeMachine.spec(), Optional.of(List.of()));
    var reports = Path.of(machine.state(), "reports");
    for (int i = 0; i < 400; i++) {
      Files.createFile(reports.resolve("old" + i + ".0179540000058215" + (1000 + i)));
    }
    launch(FakeMachine.spec(), Optional.of(List.of()));
    try (var files = Files.list(reports)) {
      assertThat(files.count()).isLessThan(300);
    }
  }
}
