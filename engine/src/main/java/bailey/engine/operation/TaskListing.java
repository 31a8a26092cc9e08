package bailey.engine.operation;

import bailey.core.container.ContainerPath;
import bailey.core.kernel.Membership;
import bailey.core.kernel.NamespaceHold;
import bailey.core.kernel.NamespaceHold.Holder;
import bailey.core.kernel.TaskInfo;
import bailey.core.spec.NamespaceKind;
import bailey.engine.group.Groups;
import bailey.engine.journal.Recorded;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Lists the processes of a container. */
public final class TaskListing {
  private final Machine machine;

  /** On a machine. */
  public TaskListing(Machine machine) {
    this.machine = machine;
  }

  /** The processes in it, by number. */
  public List<TaskInfo> list(ContainerPath name) {
    var recorded = machine.find(name);
    return numbers(recorded).stream()
        .sorted()
        .map(machine.kernel().processes()::find)
        .flatMap(Optional::stream)
        .toList();
  }

  /** The numbers of the processes in it, sorted. */
  public List<Long> processes(ContainerPath name) {
    var groups = machine.groups(name).filter(Groups::exist);
    return (groups.isPresent() ? groups.get().tasks() : numbers(machine.find(name)))
        .stream().sorted().toList();
  }

  /** The numbers of the threads of the processes in it, sorted. */
  public List<Long> threads(ContainerPath name) {
    return processes(name).stream()
        .map(machine.kernel().processes()::membership)
        .flatMap(Optional::stream)
        .flatMap(membership -> membership.threads().stream())
        .map(Membership.Member::tid)
        .sorted()
        .toList();
  }

  /** From its groups; where it has none, those in the pid namespace of its first process. */
  Collection<Long> numbers(Recorded recorded) {
    var groups = machine.groups(recorded);
    if (groups.isPresent() && groups.get().exist()) {
      return groups.get().tasks();
    }
    if (recorded.first().isEmpty()) {
      return Set.of();
    }
    long first = recorded.first().get().pid();
    var processes = machine.kernel().processes();
    var inode = processes.namespace(first, NamespaceKind.PID);
    var own = processes.namespace(processes.self().pid(), NamespaceKind.PID);
    if (inode.isEmpty() || inode.equals(own)) {
      return Set.of(first);
    }
    var numbers = new TreeSet<Long>();
    for (var hold : processes.namespaces()) {
      if (hold instanceof NamespaceHold(NamespaceKind kind, long number, Holder.Member member)
          && kind == NamespaceKind.PID
          && number == inode.getAsLong()) {
        numbers.add(member.pid());
      }
    }
    return numbers;
  }
}
