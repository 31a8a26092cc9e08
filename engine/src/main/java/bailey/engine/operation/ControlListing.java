package bailey.engine.operation;

import bailey.core.container.ContainerPath;
import bailey.core.container.ControlFile;
import bailey.core.container.Subsystem;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.planner.NamespaceFilePlanner;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceRequest;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.Namespace;
import bailey.core.subsystem.NamespaceSource;
import bailey.core.subsystem.Reading;
import bailey.core.subsystem.Subsystems;
import bailey.engine.group.Groups;
import bailey.engine.journal.Intent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which control files a container has: those of the groups that it has, of namespaces that are its
 * own, and of what bailey keeps. Their values are not asked for.
 */
public final class ControlListing {
  private final Machine machine;

  /** On a machine. */
  public ControlListing(Machine machine) {
    this.machine = machine;
  }

  /** All, in the order of their subsystems; none where it is gone. */
  public List<ControlFile> list(ContainerPath name) {
    var intent = machine.journal().intent(name);
    var groups =
        intent.isPresent()
            ? machine.journal().groups(name, intent.get())
            : machine.groups(machine.look(name));
    var there = new HashMap<String, Set<String>>();
    var found = new ArrayList<ControlFile>();
    for (var subsystem : Subsystems.standard().all()) {
      if (machine.has(subsystem.name())) {
        for (var file : subsystem.controlFiles()) {
          if (has(subsystem, file, intent, groups, there)) {
            found.add(file);
          }
        }
      }
    }
    return found;
  }

  private boolean has(
      Subsystem subsystem,
      ControlFile file,
      Optional<Intent> intent,
      Optional<Groups> groups,
      Map<String, Set<String>> there) {
    return switch (subsystem) {
      case Controller _ when new CpuPlacement(machine).isMeant(file) -> intent.isPresent();
      case Controller controller ->
          groups.filter(of -> has(of, controller, file, there)).isPresent();
      case Namespace namespace ->
          intent.map(Intent::spec).filter(spec -> has(spec, namespace, file)).isPresent();
      default -> intent.isPresent();
    };
  }

  /** Whether the group has all that it is read from; what can only be written is looked up so. */
  private boolean has(
      Groups groups, Controller controller, ControlFile file, Map<String, Set<String>> there) {
    var features = machine.features().controllers();
    var version = controller.version(features);
    if (version.isEmpty()) {
      return false;
    }
    try {
      Reading reading = controller.reading(features, file);
      return reading.files().stream()
          .allMatch(of -> files(groups, of.controller(), there).contains(of.name()));
    } catch (NotPossibleHere _) {
      return false;
    } catch (BadRequest _) {
      return !files(groups, controller.kernelController(version.get()), there).isEmpty();
    }
  }

  private static Set<String> files(
      Groups groups, String controller, Map<String, Set<String>> there) {
    return there.computeIfAbsent(
        controller,
        of -> Groups.ifThere(() -> groups.files().files(of, groups.path())).orElse(Set.of()));
  }

  private boolean has(ContainerSpec spec, Namespace namespace, ControlFile file) {
    return spec.namespace(namespace.namespace()) instanceof NamespaceRequest.New
        && isHere(file, namespace.source(file));
  }

  private boolean isHere(ControlFile file, NamespaceSource source) {
    if (source instanceof NamespaceSource.Sysctl sysctl) {
      try {
        NamespaceFilePlanner.checkOwn(machine.features(), file, sysctl);
      } catch (NotPossibleHere _) {
        return false;
      }
    }
    return true;
  }
}
