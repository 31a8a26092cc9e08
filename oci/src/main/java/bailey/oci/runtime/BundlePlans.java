package bailey.oci.runtime;

import bailey.core.bundle.BundleSpec;
import bailey.core.bundle.BundleStart;
import bailey.core.kept.Fact;
import bailey.core.kept.Particulars;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Plan;
import bailey.core.planner.BundlePlanner;
import bailey.core.planner.BundleRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The plans by which containers of one bundle are made, that differ in id and time only. */
final class BundlePlans {
  private final KernelFeatures features;
  private final String boot;
  private final Bundle bundle;
  private final BundleSpec spec;
  private final BundleStart start;
  private final ContainerStore store;
  private final GroupMaker manager;
  private final Particulars asked;
  private final Plan plan;

  /**
   * With that of {@code id}, now.
   *
   * @param spec what that is to be
   * @param manager who makes control groups
   */
  BundlePlans(
      Kernel kernel,
      Bundle bundle,
      BundleSpec spec,
      BundleStart start,
      ContainerStore store,
      GroupMaker manager,
      String id) {
    this.features = kernel.features();
    this.boot = kernel.processes().boot();
    this.bundle = bundle;
    this.spec = spec;
    this.start = start;
    this.store = store;
    this.manager = manager;
    this.asked = new Particulars(Particulars.Naming.LAST_WORD, id, Particulars.time(Instant.now()));
    this.plan = planned(asked);
  }

  /** The plan of the one that was asked for. */
  Plan plan() {
    return plan;
  }

  private Plan planned(Particulars particulars) {
    String id = particulars.name();
    var config = bundle.config();
    var groups = manager.path(features.cgroups(), config.linux().cgroupsPath(), id);
    var own = spec.with(spec.limits().at(groups));
    var planner = new BundlePlanner(features);
    return planner.plan(
        new BundleRequest(
            id,
            own,
            start,
            store.state(id),
            bundle.text(),
            record(particulars, planner.groups(own.limits()), own).text(),
            Told.of(id, bundle.directory().toString(), config)));
  }

  private ContainerRecord record(
      Particulars particulars, List<String> directories, BundleSpec own) {
    return new ContainerRecord(
        particulars.name(),
        bundle.directory().toString(),
        bundle.root().toString(),
        particulars.time(),
        features.uid() == 0 ? "root" : Integer.toString(features.uid()),
        boot,
        own.limits().path(),
        directories);
  }

  /**
   * Has it kept for calls that come again, where it may be.
   *
   * @param seen what the arguments of all this depend on
   */
  void keepBy(Kernel kernel, List<Fact> seen) {
    if (Keeping.isFit(bundle.config(), spec, start)) {
      var facts = new ArrayList<>(seen);
      facts.addAll(bundle.ground().seen());
      kernel.keeper().ifPresent(keeper -> keeper.keep(asked, facts, this::planned));
    }
  }
}
