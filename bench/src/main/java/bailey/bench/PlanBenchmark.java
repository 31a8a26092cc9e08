package bailey.bench;

import bailey.core.container.ContainerPath;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import bailey.core.plan.PlanVerifier;
import bailey.core.planner.HostView;
import bailey.core.planner.LaunchPlanner;
import bailey.core.planner.LaunchRequest;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.planner.StateFiles;
import bailey.linux.probe.KernelProbe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What Java does for a launch: from the request to the bytes that the executor reads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls prepare()
public class PlanBenchmark {
  /** The container of the comparison, or what a user gets who asks for nothing. */
  @Param({"equal", "usual"})
  public String container;

  private LaunchPlanner planner;
  private LaunchRequest request;
  private Plan plan;

  /** For JMH. */
  public PlanBenchmark() {}

  /** A request as the library makes it. */
  @Setup
  public void prepare() {
    var root = Path.of("/srv/root");
    var spec = (container.equals("equal") ? Library.equal(root) : Library.usual(root)).name("job");
    request =
        new LaunchRequest(
            ContainerPath.parse("--name", "job"),
            spec.build(),
            List.of("/bin/true"),
            Attachment.RESIDENT,
            new StateFiles(
                "/run/bailey/containers/c-job",
                "/run/bailey/reports/job.1",
                "/run/bailey/gate",
                "/run/bailey/bindings-0"),
            "what it is to be",
            false,
            new HostView(List.of(), List.of(), Set.of(), Set.of(), "/", Optional.empty()),
            0,
            List.of(),
            false,
            true,
            Optional.empty());
    planner = new LaunchPlanner(KernelProbe.features());
    plan = planner.plan(request);
  }

  /** All of it: the target is 100 us. */
  @Benchmark
  public byte[] compile() {
    return PlanCodec.encode(planner.plan(request), 1).bytes();
  }

  /** The planner with the verifier. */
  @Benchmark
  public Plan plan() {
    return planner.plan(request);
  }

  /** The verifier. */
  @Benchmark
  public List<String> verify() {
    return PlanVerifier.faults(plan);
  }

  /** The codec. */
  @Benchmark
  public byte[] encode() {
    return PlanCodec.encode(plan, 1).bytes();
  }
}
