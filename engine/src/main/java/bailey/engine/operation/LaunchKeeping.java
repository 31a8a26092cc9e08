package bailey.engine.operation;

import bailey.core.container.ContainerPath;
import bailey.core.kept.Fact;
import bailey.core.kept.Particulars;
import bailey.core.kept.Particulars.Naming;
import bailey.core.planner.LaunchRequest;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceRequest;
import bailey.core.subsystem.CpusetSubsystem;
import bailey.engine.journal.Intent;
import java.util.ArrayList;
import java.util.List;

/**
 * Has the plans of launches kept for the same call when it comes again: those that depend on
 * nothing but what the facts tell, and differ in the container's name and time of creation only. A
 * kept plan that fails is undone, and the call planned anew.
 */
final class LaunchKeeping {
  private final Machine machine;
  private final Preparation preparation;

  /**
   * Of launches on a machine.
   *
   * @param preparation by which they were prepared
   */
  LaunchKeeping(Machine machine, Preparation preparation) {
    this.machine = machine;
    this.preparation = preparation;
  }

  /** Whether what is asked for means the same each time: whom it joins may have changed. */
  static boolean mayBeKept(ContainerSpec asked) {
    return asked.namespaces().values().stream()
        .noneMatch(NamespaceRequest.Joined.class::isInstance);
  }

  /**
   * Hands the plan of a launch to the kernel's keeper, where it may be kept.
   *
   * @param asked what the request itself depends on
   * @return whether it was handed on
   */
  boolean keep(LaunchRequest request, Intent intent, Reporter reporter, List<Fact> asked) {
    var keeper = machine.kernel().keeper();
    if (keeper.isEmpty() || !isFit(request, intent)) {
      return false;
    }
    var facts = new ArrayList<>(asked);
    facts.addAll(preparation.seen());
    facts.add(new Fact.Guarded(machine.state().top().toString()));
    facts.add(machine.reports().few()); // somebody has to remove the oldest
    var particulars =
        new Particulars(
            intent.spec().name().isPresent() ? Naming.FIXED : Naming.INVENTED,
            intent.name().toString(),
            Particulars.stamp(intent.created()));
    keeper
        .get()
        .keep(
            particulars,
            facts,
            other ->
                machine.launches().plan(preparation.again(request, as(intent, other), reporter)));
    return true;
  }

  private static Intent as(Intent intent, Particulars other) {
    return intent.called(
        ContainerPath.parse("name", other.name()), Particulars.instant(other.time()));
  }

  /**
   * Not what depends on other containers: on what is around it, set before or derived from them, or
   * on the ids that they have; on CPUs of the caller; or on a name in another way than having it in
   * it, as what a container is shown of itself does.
   */
  private boolean isFit(LaunchRequest request, Intent intent) {
    var spec = request.spec();
    return machine.features().privileged()
        && request.attachment() == Attachment.FOREGROUND
        && !request.made()
        && intent.name().depth() == 1
        && intent.userBase() == 0
        && !spec.boundary()
        && !spec.seesItself()
        && request.view().isEmpty()
        && !isPlacedByAffinity(spec)
        && !Derivations.areThere()
        && !preparation.followsLinks();
  }

  private boolean isPlacedByAffinity(ContainerSpec spec) {
    return CpusetSubsystem.isByAffinity(machine.features().controllers())
        && spec.controls().containsKey(CpusetSubsystem.CPUS_FILE);
  }
}
