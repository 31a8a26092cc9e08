package bailey.engine.operation;

import bailey.SubsystemUse;
import bailey.SubsystemUse.Way;
import bailey.core.container.ContainerPath;
import bailey.core.container.Subsystem;
import bailey.core.kernel.CgroupVersion;
import bailey.core.kernel.NamespaceHold.Holder;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.state.ContainerState;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.Namespace;
import bailey.core.subsystem.Subsystems;
import bailey.engine.journal.Recorded;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Tells how a container has each subsystem: of its own, shared, joined. */
public final class UseListing {
  private final Machine machine;

  /** On a machine. */
  public UseListing(Machine machine) {
    this.machine = machine;
  }

  /** The subsystems of its hierarchy that this machine has, in their fixed order. */
  public List<SubsystemUse> list(ContainerPath name) {
    var recorded = machine.find(name);
    var spaces = new Spaces(recorded);
    var uses = new ArrayList<SubsystemUse>();
    for (var subsystem : Subsystems.standard().all()) {
      if (machine.has(subsystem.name())) {
        use(subsystem, recorded, spaces).ifPresent(uses::add);
      }
    }
    return uses;
  }

  private Optional<SubsystemUse> use(Subsystem subsystem, Recorded recorded, Spaces spaces) {
    return switch (subsystem) {
      case Namespace namespace ->
          machine.features().namespaces().contains(namespace.namespace().file())
              ? Optional.of(spaces.use(namespace.namespace()))
              : Optional.empty();
      case Controller controller ->
          controller
              .version(machine.features().controllers())
              .map(version -> ofController(controller, version, recorded));
      default -> Optional.empty();
    };
  }

  // ---- controllers ----

  private SubsystemUse ofController(
      Controller controller, CgroupVersion version, Recorded recorded) {
    String kernel = controller.kernelController(version);
    var groups = machine.groups(recorded);
    if (groups.filter(own -> own.has(kernel, version)).isPresent()) {
      return new SubsystemUse(
          controller.name(), Way.OWN, List.of(), "/" + groups.orElseThrow().path());
    }
    for (var above = recorded.name().parent();
        above.filter(path -> !path.isRoot()).isPresent();
        above = above.get().parent()) {
      var outer = machine.groups(machine.look(above.get()));
      if (outer.filter(other -> other.has(kernel, version)).isPresent()) {
        return new SubsystemUse(
            controller.name(),
            Way.SHARED,
            List.of(above.get().toString()),
            "/" + outer.orElseThrow().path());
      }
    }
    return new SubsystemUse(controller.name(), Way.SHARED, List.of(SubsystemUse.MACHINE), "");
  }

  // ---- namespaces ----

  /** The namespaces of a container, and whose else each is. */
  private final class Spaces {
    private final Recorded recorded;
    private final Optional<ContainerSpec> spec;

    /** Of every container, the namespaces that it is in or keeps. */
    private final Map<ContainerPath, Map<NamespaceKind, Long>> all = new HashMap<>();

    Spaces(Recorded recorded) {
      this.recorded = recorded;
      this.spec = recorded.intent().map(intent -> intent.spec());
      for (var name : machine.names()) {
        var other = name.equals(recorded.name()) ? recorded : machine.look(name);
        all.put(name, ofFirst(other));
      }
      if (all.values().stream().anyMatch(Map::isEmpty)) { // those that wait for a first command
        pinned();
      }
    }

    private Map<NamespaceKind, Long> ofFirst(Recorded other) {
      var found = new EnumMap<NamespaceKind, Long>(NamespaceKind.class);
      if (runs(other.state()) && other.first().isPresent()) {
        for (var kind : NamespaceKind.values()) {
          machine
              .kernel()
              .processes()
              .namespace(other.first().get().pid(), kind)
              .ifPresent(inode -> found.put(kind, inode));
        }
      }
      return found;
    }

    private void pinned() {
      for (var hold : machine.kernel().processes().namespaces()) {
        if (hold.holder() instanceof Holder.Mount(String path)) {
          machine
              .state()
              .holder(path)
              .map(all::get)
              .ifPresent(found -> found.putIfAbsent(hold.kind(), hold.inode()));
        }
      }
    }

    SubsystemUse use(NamespaceKind kind) {
      var request = spec.map(found -> found.namespace(kind));
      var inode = Optional.ofNullable(all.getOrDefault(recorded.name(), Map.of()).get(kind));
      if (inode.isEmpty()) {
        return asked(kind, request.orElse(NamespaceRequest.SHARED));
      }
      var others = others(kind, inode.get());
      String place = kind.file() + ":[" + inode.get() + "]";
      if (isMachines(kind, inode.get())) {
        return new SubsystemUse(kind.file(), Way.SHARED, List.of(SubsystemUse.MACHINE), place);
      }
      if (request.orElse(NamespaceRequest.NEW) instanceof NamespaceRequest.Joined(String path)) {
        return new SubsystemUse(
            kind.file(), Way.JOINED, others.isEmpty() ? List.of(path) : others, place);
      }
      // an ordinary user's container gets a user namespace without asking for one
      boolean shared =
          !others.isEmpty()
              && request.orElse(NamespaceRequest.NEW) instanceof NamespaceRequest.Shared;
      return new SubsystemUse(kind.file(), shared ? Way.SHARED : Way.OWN, others, place);
    }

    private SubsystemUse asked(NamespaceKind kind, NamespaceRequest request) {
      return switch (request) {
        case NamespaceRequest.New() -> new SubsystemUse(kind.file(), Way.OWN, List.of(), "");
        case NamespaceRequest.Shared() ->
            new SubsystemUse(kind.file(), Way.SHARED, List.of(SubsystemUse.MACHINE), "");
        case NamespaceRequest.Joined(String path) ->
            new SubsystemUse(kind.file(), Way.JOINED, List.of(path), "");
      };
    }

    private List<String> others(NamespaceKind kind, long inode) {
      return all.entrySet().stream()
          .filter(other -> !other.getKey().equals(recorded.name()))
          .filter(other -> other.getValue().getOrDefault(kind, 0L) == inode)
          .map(other -> other.getKey().toString())
          .sorted()
          .toList();
    }

    private boolean isMachines(NamespaceKind kind, long inode) {
      var processes = machine.kernel().processes();
      return processes.namespace(processes.self().pid(), kind).equals(OptionalLong.of(inode));
    }
  }

  private static boolean runs(ContainerState state) {
    return switch (state) {
      case RUNNING, FROZEN, UNATTENDED -> true;
      case CREATED, STARTING, ENDED, ABANDONED, DAMAGED, GONE -> false;
    };
  }
}
