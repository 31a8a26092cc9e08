package bailey.core.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import bailey.core.plan.PlanText;
import bailey.core.planner.MoveRequest.Batch;
import bailey.core.planner.MoveRequest.Leg;
import bailey.core.planner.MoveRequest.Stopper;
import bailey.core.planner.MoveRequest.Stray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plans of moves; the golden ones are approved as those of launches are. */
class MovePlannerTest {
  private static final String CG = "/sys/fs/cgroup/";

  private final MovePlanner planner = new MovePlanner(Machine.HYBRID.features());

  private static void golden(String name, Plan plan) throws IOException {
    var file = Path.of("src/test/resources/golden", name + ".txt");
    String text = PlanText.print(plan, 90);
    if (System.getProperty("bailey.golden", "").equals("write")) {
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
    assertThat(PlanCodec.encode(plan, 1).bytes()).isNotEmpty();
  }

  private static MoveRequest request(Stopper stopper, Batch... batches) {
    return new MoveRequest(
        "attach process 11, 12, 13 to web",
        "/run/bailey/move",
        7,
        "id=7\n",
        stopper,
        List.of(batches));
  }

  private static Leg leg(String controller, String from, String to) {
    return new Leg(CG + controller + "/" + from, CG + controller + "/" + to);
  }

  private static Batch ofContainer(List<Stray> strays) {
    return new Batch(
        CG + "unified/bailey/move-7-0",
        List.of(11L, 12L),
        List.of(),
        List.of(
            leg("memory", "bailey/c-old", "bailey/c-web"),
            leg("pids", "bailey/c-old", "bailey/c-web")),
        leg("unified", "bailey/c-old", "bailey/c-web"),
        strays);
  }

  private static Batch ofMachine() {
    return new Batch(
        CG + "unified/bailey/move-7-1",
        List.of(13L),
        List.of(),
        List.of(leg("memory", "user", "bailey/c-web")),
        new Leg(CG + "unified", CG + "unified/bailey/c-web"),
        List.of());
  }

  @Test
  void processesOfTwoOrigins() throws IOException {
    var request =
        request(
            Stopper.UNIFIED,
            ofContainer(List.of(new Stray(14, CG + "memory/elsewhere"))),
            ofMachine());
    golden("move", planner.plan(request));
    golden("move-recover", planner.recover(request, false));
    golden("move-recover-committed", planner.recover(request, true));
  }

  @Test
  void singleThreads() throws IOException {
    var threads =
        new Batch(
            CG + "freezer/bailey/move-7-0",
            List.of(11L),
            List.of(14L, 15L),
            List.of(leg("cpu", "bailey/c-old", "bailey/c-web")),
            leg("freezer", "", ""),
            List.of());
    golden("move-threads", planner.plan(request(Stopper.FREEZER, threads)));
  }

  @Test
  void withinOneHierarchy() {
    var plan = planner.single("attach process 11 to web", 11, CG + "unified/bailey/c-web", false);
    assertThat(PlanText.lines(plan).stream().map(PlanText.Line::step))
        .anyMatch(step -> step.contains("c-web/cgroup.procs"))
        .anyMatch(step -> step.contains("\"11\""));
    var thread = planner.single("attach thread 11 to web", 11, CG + "cpu/bailey/c-web", true);
    assertThat(PlanText.print(thread, 90)).contains("/tasks\"");
    var v2 = new MovePlanner(Machine.UNIFIED.features()).single("x", 11, CG + "web", true);
    assertThat(PlanText.print(v2, 90)).contains("/cgroup.threads\"");
  }

  @Test
  void nothingIsNoMove() {
    assertThatThrownBy(() -> request(Stopper.UNIFIED)).isInstanceOf(IllegalArgumentException.class);
  }
}
