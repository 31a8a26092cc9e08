package bailey.engine.operation;

import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.Membership;
import bailey.core.spec.NamespaceKind;
import bailey.core.subsystem.Arrival;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.KernelFile;
import bailey.core.subsystem.Subsystems;
import bailey.engine.group.Groups;
import bailey.engine.journal.Recorded;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Asks each subsystem of a container whether running processes may come in. */
final class Admission {
  private final Machine machine;
  private final Recorded target;
  private final MoveWays ways;

  Admission(Machine machine, Recorded target, MoveWays ways) {
    this.machine = machine;
    this.target = target;
    this.ways = ways;
  }

  /**
   * Why they may not, all reasons; none if they may.
   *
   * @param arrivals processes, all of which come or none
   */
  List<String> refusals(Collection<Membership> arrivals) {
    var reasons = new ArrayList<String>();
    var walls = namespaces(arrivals);
    if (!walls.isEmpty()) {
      reasons.add(
          "it has "
              + String.join(", ", walls)
              + (walls.size() == 1 ? " namespace" : " namespaces")
              + " of its own, into which no running process can be put; start a new one in it by"
              + " bailey exec "
              + target.name()
              + ", or make a container without by bailey create");
    }
    var level = Optional.of(target.name());
    while (level.isPresent() && !level.get().isRoot()) {
      var name = level.get();
      for (var controller : Subsystems.standard().controllers()) {
        refusal(name, controller, arrivals)
            .map(
                reason ->
                    name.equals(target.name()) ? reason : "it is in " + name + ", where " + reason)
            .ifPresent(reasons::add);
      }
      level = name.parent();
    }
    return reasons;
  }

  /**
   * Refuses what may not come in.
   *
   * @param attempt such as {@code cannot attach process 12 to web}
   */
  void check(String attempt, Collection<Membership> arrivals) {
    var reasons = refusals(arrivals);
    if (!reasons.isEmpty()) {
      throw new BadRequest(attempt + ": " + String.join("; and ", reasons));
    }
  }

  /** Those of the container that one of the processes is not in. */
  private List<String> namespaces(Collection<Membership> arrivals) {
    var kinds = new ArrayList<String>();
    if (target.first().isEmpty()) {
      return kinds; // nothing has run in it, so it has none
    }
    var processes = machine.kernel().processes();
    long first = target.first().get().pid();
    for (var kind : NamespaceKind.values()) {
      var theirs = processes.namespace(first, kind);
      boolean outside =
          machine.has(kind.file())
              && theirs.isPresent()
              && arrivals.stream()
                  .map(process -> processes.namespace(process.pid(), kind))
                  .anyMatch(inode -> inode.isPresent() && !inode.equals(theirs));
      if (outside) {
        kinds.add(kind.file());
      }
    }
    return kinds;
  }

  private Optional<String> refusal(
      ContainerPath level, Controller controller, Collection<Membership> arrivals) {
    var features = machine.features();
    var version = controller.version(features.controllers());
    if (version.isEmpty()) {
      return Optional.empty();
    }
    String kernel = controller.kernelController(version.get());
    var groups = Groups.of(machine.cgroups(), features, "/" + ways.base(), level);
    if (!groups.exists(kernel)) {
      return Optional.empty();
    }
    var coming =
        arrivals.stream().filter(process -> !isWithin(process, kernel, groups.path())).toList();
    if (coming.isEmpty()) {
      return Optional.empty();
    }
    var arrival =
        new Arrival(
            coming.stream().mapToLong(process -> process.threads().size()).sum(),
            coming.stream().mapToLong(Membership::memory).sum(),
            coming.stream().anyMatch(Membership::realTime));
    return controller.refusal(
        features.controllers(), arrival, (KernelFile file) -> text(groups, file));
  }

  private boolean isWithin(Membership process, String controller, String group) {
    boolean v1 = machine.features().cgroups().mounts().containsKey(controller);
    var path = process.groups().getOrDefault(v1 ? controller : CgroupFiles.CORE, "");
    return (path + "/").startsWith(group + "/");
  }

  private static Optional<String> text(Groups groups, KernelFile file) {
    return Groups.ifThere(() -> groups.files().read(file.controller(), groups.path(), file.name()));
  }
}
