package bailey.oci.runtime;

import bailey.core.bundle.BundleState;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.error.StateDamaged;
import bailey.core.kernel.Kernel;
import bailey.oci.config.OciConfig;
import bailey.oci.output.OciState;
import bailey.oci.output.OciState.Status;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a container is like, by its record and the kernel. */
final class ContainerView {
  private final Kernel kernel;

  ContainerView(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Its state, and what runc adds to it. */
  OciRuntime.Shown shown(Container container) {
    var status = status(container);
    var record = container.record();
    var config = record.isEmpty() ? Optional.<OciConfig>empty() : config(container);
    int pid = status == Status.STOPPED ? 0 : container.process().map(t -> (int) t.pid()).orElse(0);
    return new OciRuntime.Shown(
        new OciState(
            container.id(),
            status,
            pid,
            record.map(ContainerRecord::bundle).orElse(""),
            config.map(OciConfig::annotations).orElse(Map.of())),
        new OciState.Additions(
            record.map(ContainerRecord::rootfs).orElse(""),
            record.map(ContainerRecord::created).orElse(""),
            record.map(ContainerRecord::owner).orElse("")));
  }

  /** Where it is in its life. */
  Status status(Container container) {
    return status(container, new Ground());
  }

  /**
   * The same.
   *
   * @param ground by which its control groups are looked at
   */
  Status status(Container container, Ground ground) {
    if (container.record().isEmpty() || !container.made()) {
      return isLocked(container) ? Status.CREATING : Status.STOPPED;
    }
    if (container.process().isEmpty()
        || !container.need().boot().equals(kernel.processes().boot())) {
      return Status.STOPPED;
    }
    if (container.waits()) {
      return Status.CREATED;
    }
    return groups(container).filter(groups -> groups.frozen(ground)).isPresent()
        ? Status.PAUSED
        : Status.RUNNING;
  }

  private boolean isLocked(Container container) {
    return kernel.locks().isHeld(container.state().file(BundleState.LOCK));
  }

  /** Its control groups. */
  Optional<ControlGroups> groups(Container container) {
    return container
        .record()
        .flatMap(ContainerRecord::groups)
        .map(path -> new ControlGroups(kernel.cgroups(), kernel.features().cgroups(), path));
  }

  /** Its control groups, which it has to have. */
  ControlGroups needGroups(Container container, String what) {
    return groups(container)
        .orElseThrow(
            () ->
                new NotPossibleHere(
                    what
                        + " is not possible for container "
                        + container.id()
                        + ": it has no control group"));
  }

  /** The numbers of its processes. */
  Set<Long> tasks(Container container) {
    return groups(container)
        .map(ControlGroups::tasks)
        .orElseGet(() -> container.process().map(task -> Set.of(task.pid())).orElse(Set.of()));
  }

  /** Its configuration, where that can be read. */
  static Optional<OciConfig> config(Container container) {
    return config(container, new Ground());
  }

  /** The same, read by {@code ground}. */
  static Optional<OciConfig> config(Container container, Ground ground) {
    try {
      return Optional.of(ContainerStore.config(container, ground));
    } catch (BadRequest | StateDamaged _) {
      return Optional.empty(); // what is left of it is removed all the same
    }
  }
}
