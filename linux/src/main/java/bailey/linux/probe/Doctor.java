package bailey.linux.probe;

import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Ability;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.PlanExecutor;
import java.util.ArrayList;
import java.util.List;

/**
 * Tries every ability of the kernel that bailey uses: by doing with it what bailey does, in
 * namespaces and control groups made for it and gone afterwards. A version number would not do:
 * distributions switch abilities off, sandboxes filter them, and kernels get them by backports.
 *
 * <p>Takes some tens of milliseconds. Any thread.
 */
public final class Doctor {
  private final KernelFeatures features;
  private final CgroupFiles cgroups;
  private final PlanExecutor executor;

  /** A doctor for the machine of {@code features}. */
  public Doctor(KernelFeatures features, CgroupFiles cgroups, PlanExecutor executor) {
    this.features = features;
    this.cgroups = cgroups;
    this.executor = executor;
  }

  /** Every ability, there or not. */
  public List<Ability> examine() {
    var abilities = new ArrayList<Ability>();
    var own = executor();
    abilities.add(own);
    if (!own.present()) {
      return abilities; // nothing can be tried without it
    }
    var plans = new TrialPlans(features);
    var trials = new ArrayList<Trial>();
    trials.addAll(new NamespaceTrials(features, plans).all());
    trials.addAll(new MountTrials(plans).all());
    trials.addAll(new ProcessTrials(plans).all());
    for (var trial : trials) {
      abilities.add(trial.run(executor, features.privileged()));
    }
    abilities.add(new IdMappingTrial(features, executor, plans).run());
    abilities.addAll(new CgroupTrials(features, cgroups, executor, plans).run());
    return abilities;
  }

  private Ability executor() {
    String name = "sealed memory file";
    String use = "running the executor so that nothing in a container can change it";
    try {
      var nothing = new TrialPlans(features).here(name, steps -> {});
      return new Trial(name, use, "Linux 3.17", nothing).run(executor, features.privileged());
    } catch (NotPossibleHere e) {
      return new Ability(name, false, use, String.valueOf(e.getMessage()));
    }
  }
}
