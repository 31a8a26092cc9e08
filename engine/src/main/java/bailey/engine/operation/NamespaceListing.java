package bailey.engine.operation;

import bailey.NamespaceUse;
import bailey.core.container.ContainerPath;
import bailey.core.kernel.NamespaceHold.Holder;
import bailey.core.spec.NamespaceKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists namespaces, with the containers that they belong to. */
public final class NamespaceListing {
  private record Key(NamespaceKind kind, long inode) {}

  private final Machine machine;

  /** On a machine. */
  public NamespaceListing(Machine machine) {
    this.machine = machine;
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
        .map(holder -> machine.state().holder(((Holder.Mount) holder).path()))
        .flatMap(Optional::stream)
        .map(ContainerPath::toString)
        .findFirst();
  }

  /** The namespaces of first processes, but not those that this process is in. */
  private Map<Key, String> containers() {
    var processes = machine.kernel().processes();
    long self = processes.self().pid();
    var names = new HashMap<Key, String>();
    for (var name : machine.journal().names()) {
      var first = machine.journal().read(name).first();
      if (first.isPresent()) {
        for (var kind : NamespaceKind.values()) {
          var own = processes.namespace(self, kind);
          processes
              .namespace(first.get().pid(), kind)
              .ifPresent(
                  inode -> {
                    if (own.isEmpty() || own.getAsLong() != inode) {
                      names.putIfAbsent(new Key(kind, inode), name.toString());
                    }
                  });
        }
      }
    }
    return names;
  }
}
