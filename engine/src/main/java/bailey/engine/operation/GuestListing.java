package bailey.engine.operation;

import bailey.core.container.ContainerPath;
import bailey.core.kernel.TaskInfo;
import bailey.core.state.Evidence;
import bailey.core.state.Evidence.First;
import bailey.core.state.FirstTask;
import bailey.engine.group.Freezer;
import bailey.engine.group.Groups;
import bailey.engine.group.Guests;
import bailey.engine.journal.Intent;
import bailey.engine.journal.Recorded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The containers that were made inside of boundaries, as this machine sees them: their groups and
 * processes, never what is recorded inside.
 */
public final class GuestListing {
  private final Machine machine;

  /** On a machine. */
  public GuestListing(Machine machine) {
    this.machine = machine;
  }

  /** The names of all, in the boundaries of that name. */
  public List<ContainerPath> names(List<ContainerPath> recorded) {
    var names = new ArrayList<ContainerPath>();
    recorded.forEach(name -> names.addAll(in(name).keySet()));
    names.removeAll(recorded);
    return names;
  }

  /** The names directly in {@code name}: a boundary, or what was made inside of one. */
  public List<ContainerPath> children(ContainerPath name) {
    for (var above = Optional.of(name); above.isPresent(); above = above.get().parent()) {
      if (machine.journal().isTaken(above.get())) {
        return in(above.get()).keySet().stream()
            .filter(inside -> inside.parent().filter(name::equals).isPresent())
            .toList();
      }
    }
    return List.of();
  }

  private SequencedMap<ContainerPath, Groups> in(ContainerPath name) {
    var intent = machine.journal().intent(name).filter(found -> found.spec().boundary());
    return intent
        .flatMap(found -> machine.journal().groups(name, found))
        .map(groups -> guests().of(name, groups))
        .orElseGet(TreeMap::new);
  }

  private Guests guests() {
    return new Guests(machine.cgroups(), machine.features());
  }

  /** One of them: inside of the innermost boundary of this machine that its name begins with. */
  public Optional<Recorded> find(ContainerPath name) {
    for (var above = name.parent(); above.isPresent() && !above.get().isRoot(); ) {
      var outer = above.get();
      Optional<Intent> intent = machine.journal().intent(outer);
      if (intent.isPresent()) {
        return intent
            .filter(found -> found.spec().boundary())
            .flatMap(found -> machine.journal().groups(outer, found))
            .flatMap(groups -> guests().find(outer, groups, name))
            .map(groups -> recorded(name, groups));
      }
      above = outer.parent();
    }
    return Optional.empty();
  }

  private Recorded recorded(ContainerPath name, Groups groups) {
    var first = first(groups);
    boolean runs = first.isPresent();
    var evidence =
        new Evidence(
            Evidence.Intent.WHOLE,
            runs,
            true,
            runs ? First.LIVES : First.NONE,
            false,
            runs && new Freezer(groups).frozen());
    return new Recorded(
        name,
        evidence,
        Optional.empty(),
        Optional.empty(),
        first.map(task -> new FirstTask(task.pid(), task.startTicks())),
        false,
        Optional.of(groups));
  }

  /** Process 1 of its pid namespace where it has one, else the oldest. */
  private Optional<TaskInfo> first(Groups groups) {
    return tasks(groups).stream()
        .min(
            Comparator.comparing((TaskInfo task) -> task.innerPid() != 1)
                .thenComparingLong(TaskInfo::startTicks)
                .thenComparingLong(TaskInfo::pid));
  }

  private List<TaskInfo> tasks(Groups groups) {
    return groups.tasks().stream()
        .map(machine.kernel().processes()::find)
        .flatMap(Optional::stream)
        .filter(task -> task.state() != 'Z')
        .toList();
  }

  /** What its first process is, in words: the oldest but process 1, which may be bailey's own. */
  public List<String> command(Recorded guest) {
    return guest.guest().stream()
        .flatMap(groups -> tasks(groups).stream())
        .min(
            Comparator.comparing((TaskInfo task) -> task.innerPid() == 1)
                .thenComparingLong(TaskInfo::startTicks)
                .thenComparingLong(TaskInfo::pid))
        .map(TaskInfo::arguments)
        .orElse(List.of());
  }
}
