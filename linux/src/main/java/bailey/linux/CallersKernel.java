package bailey.linux;

import bailey.core.kept.Fact;
import bailey.core.kept.Particulars;
import bailey.core.kept.PlanKeeper;
import bailey.core.kept.Template;
import bailey.core.kernel.Ability;
import bailey.core.kernel.Caller;
import bailey.core.kernel.ForwardingKernel;
import bailey.core.kernel.HostMount;
import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.Origin;
import bailey.core.kernel.PlanExecutor;
import bailey.core.kernel.Processes;
import bailey.core.plan.Plan;
import bailey.linux.exec.KeptPlans;
import bailey.linux.proc.GroupPlaces;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  /** Those of which the features were made, and the mounts that were asked for. */
  private final Set<Fact> seen = new LinkedHashSet<>();

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
  public List<HostMount> mounts() {
    return kernel.mounts(seen);
  }

  @Override
  public Processes processes() {
    return processes;
  }

  @Override
  public Optional<PlanExecutor> starter() {
    return Optional.of(caller.executor());
  }

  /**
   * Only of the machine's root: what others may do depends on more than is looked at here, on ids
   * that they may map and programs that map them.
   */
  @Override
  public Optional<PlanKeeper> keeper() {
    var call = caller.call();
    boolean unwanted = call.origin().variable(KeptPlans.WANTED).filter("off"::equals).isPresent();
    return unwanted
            || !features().machineRoot()
            || features().surroundings().boundary()
            || call.program().isEmpty()
            || call.arguments().size() < 2
        ? Optional.empty()
        : Optional.of(new Keeper());
  }

  private final class Keeper implements PlanKeeper {
    @Override
    public void keep(
        Particulars particulars, List<Fact> facts, Function<Particulars, Plan> planner) {
      boolean byWord = particulars.naming() == Particulars.Naming.LAST_WORD;
      if (!byWord || caller.call().arguments().getLast().equals(particulars.name())) {
        CallersKernel.this.keep(facts, !byWord, () -> Template.of(particulars, planner));
      }
    }

    @Override
    public void keep(List<Fact> facts, Plan plan) {
      CallersKernel.this.keep(facts, true, () -> Optional.of(Template.exact(plan)));
    }
  }

  private void keep(List<Fact> facts, boolean onlyAgain, Supplier<Optional<Template>> template) {
    var all = new LinkedHashSet<Fact>(seen);
    all.addAll(facts);
    all.addAll(KeptPlans.standing());
    var entry = new KeptPlans.Entry(caller.call(), List.copyOf(all), onlyAgain, template);
    caller.afterwards(() -> kept.keep(entry));
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
