package bailey.linux;

import bailey.core.kept.Fact;
import bailey.core.kept.Particulars;
import bailey.core.kept.PlanKeeper;
import bailey.core.kept.Template;
import bailey.core.kernel.Ability;
import bailey.core.kernel.Caller;
import bailey.core.kernel.ForwardingKernel;
import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.Origin;
import bailey.core.kernel.PlanExecutor;
import bailey.core.kernel.Processes;
import bailey.core.plan.Plan;
import bailey.linux.exec.KeptPlans;
import bailey.linux.proc.GroupPlaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The kernel as a caller sees it, who stands where this process stands but in other control groups.
 * One thread.
 */
final class CallersKernel extends ForwardingKernel {
  private final LinuxKernel kernel;
  private final Caller caller;
  private final Processes processes;
  private final KeptPlans kept;

  /** Those of which the features were made. */
  private final List<Fact> seen = new ArrayList<>();

  private @Nullable KernelFeatures features;

  CallersKernel(LinuxKernel kernel, Caller caller, KeptPlans kept) {
    super(kernel);
    this.kernel = kernel;
    this.caller = caller;
    this.kept = kept;
    this.processes =
        new LinuxProcesses(
            caller.call().pid(), () -> GroupPlaces.of(features().cgroups(), kernel.entries()));
  }

  @Override
  public KernelFeatures features() {
    var known = features;
    if (known == null) {
      known = kernel.features("/proc/" + caller.call().pid() + "/cgroup", seen);
      features = known;
    }
    return known;
  }

  @Override
  public Processes processes() {
    return processes;
  }

  @Override
  public Optional<PlanExecutor> starter() {
    return Optional.of(caller.executor());
  }

  @Override
  public Optional<PlanKeeper> keeper() {
    return Optional.of(new Keeper());
  }

  private final class Keeper implements PlanKeeper {
    @Override
    public void keep(
        Particulars particulars, List<Fact> facts, Function<Particulars, Plan> planner) {
      var arguments = caller.call().arguments();
      if (!arguments.isEmpty() && arguments.getLast().equals(particulars.name())) {
        CallersKernel.this.keep(facts, false, () -> Template.of(particulars, planner));
      }
    }

    @Override
    public void keep(List<Fact> facts, Plan plan) {
      CallersKernel.this.keep(facts, true, () -> Optional.of(Template.exact(plan)));
    }
  }

  /**
   * Only of the machine's root: what others may do depends on more than is looked at here, on ids
   * that they may map and programs that map them.
   */
  private void keep(List<Fact> facts, boolean onlyAgain, Supplier<Optional<Template>> template) {
    var call = caller.call();
    var surroundings = features().surroundings();
    if (call.origin().variable(KeptPlans.WANTED).filter("off"::equals).isPresent()
        || !features().machineRoot()
        || surroundings.boundary()
        || call.program().isEmpty()
        || call.arguments().size() < 2) {
      return;
    }
    var all = new ArrayList<Fact>(seen);
    all.addAll(facts);
    all.addAll(KeptPlans.standing());
    caller.afterwards(() -> kept.keep(new KeptPlans.Entry(call, all, onlyAgain, template)));
  }

  @Override
  public Origin origin() {
    return caller.call().origin();
  }

  @Override
  public List<Ability> abilities() {
    return kernel.abilities(features());
  }
}
