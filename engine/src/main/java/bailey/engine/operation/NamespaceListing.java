package bailey.engine.operation;

import bailey.NamespaceUse;
import bailey.core.container.ContainerPath;
import bailey.core.kernel.NamespaceHold.Holder;
import bailey.core.spec.NamespaceKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Lists namespaces, with the containers that they belong to. */
public final class NamespaceListing {
  private record Key(NamespaceKind kind, long inode) {}

  private final Machine machine;

  /** The machine of each hierarchy, its own first. */
  private final List<Machine> hierarchies = new ArrayList<>();

  /** On a machine. */
  public NamespaceListing(Machine machine) {
    this.machine = machine;
    hierarchies.add(machine);
    for (var name : machine.bindings().hierarchies()) {
      if (!name.equals(machine.state().hierarchy())) {
        hierarchies.add(machine.in(name));
      }
    }
  }

  /** All that this user may see, by kind and number. */
  public List<NamespaceUse> list() {
    var holders = new LinkedHashMap<Key, List<Holder>>();
    for (var hold : machine.kernel().processes().namespaces()) {
      holders
          .computeIfAbsent(new Key(hold.kind(), hold.inode()), _ -> new ArrayList<>())
          .add(hold.holder());
    }
    var containers = containers();
    holders.forEach((key, held) -> holder(held).ifPresent(name -> containers.put(key, name)));
    var uses = new ArrayList<NamespaceUse>();
    holders.forEach(
        (key, list) ->
            uses.add(
                new NamespaceUse(
                    key.kind(), key.inode(), Optional.ofNullable(containers.get(key)), list)));
    uses.sort(Comparator.comparing(NamespaceUse::kind).thenComparingLong(NamespaceUse::inode));
    return uses;
  }

  /** The container whose directory holds a namespace. */
  private Optional<String> holder(List<Holder> holders) {
    return holders.stream()
        .filter(Holder.Mount.class::isInstance)
        .flatMap(holder -> hierarchies.stream().map(in -> held(in, (Holder.Mount) holder)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<String> held(Machine in, Holder.Mount mount) {
    return in.state().holder(mount.path()).map(name -> shown(in, name));
  }

  /** One of another hierarchy has that before its name. */
  private String shown(Machine in, ContainerPath name) {
    var hierarchy = in.state().hierarchy();
    return hierarchy.equals(machine.state().hierarchy()) ? name.toString() : hierarchy + ":" + name;
  }

  /** The namespaces of first processes, but not those that this process is in. */
  private Map<Key, String> containers() {
    var processes = machine.kernel().processes();
    long self = processes.self().pid();
    var own = new EnumMap<NamespaceKind, OptionalLong>(NamespaceKind.class);
    for (var kind : NamespaceKind.values()) {
      own.put(kind, processes.namespace(self, kind));
    }
    var names = new HashMap<Key, String>();
    for (var in : hierarchies) {
      for (var name : in.journal().names()) {
        var first = in.journal().read(name).first();
        if (first.isPresent()) {
          own.forEach(
              (kind, machines) -> {
                var inode = processes.namespace(first.get().pid(), kind);
                if (inode.isPresent() && !inode.equals(machines)) {
                  names.putIfAbsent(new Key(kind, inode.getAsLong()), shown(in, name));
                }
              });
        }
      }
    }
    return names;
  }
}
