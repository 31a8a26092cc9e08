package bailey;

import bailey.core.container.ContainerPath;
import bailey.core.kernel.CgroupVersion;
import bailey.core.kernel.ProcFile;
import bailey.core.kernel.TaskInfo;
import bailey.core.state.FirstTask;
import bailey.engine.group.Groups;
import bailey.engine.operation.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the kernel tells of the resources of a container, in its own words, for those who show it in
 * another form. Which groups and which first process that is was looked up when this was made; what
 * they say is read each time. Any thread.
 */
public final class ResourceTexts {
  private final Machine machine;
  private final Optional<Groups> groups;
  private final Optional<FirstTask> first;
  private final List<String> levels;

  ResourceTexts(Machine machine, ContainerPath path) {
    this.machine = machine;
    var recorded = machine.look(path);
    this.groups = machine.groups(recorded);
    this.first = recorded.first();
    this.levels = new ArrayList<>();
    groups.ifPresent(
        own -> {
          levels.add(own.path());
          if (recorded.intent().filter(intent -> intent.spec().boundary()).isPresent()) {
            levels.add(own.own().path());
          }
          for (int slash = own.path().lastIndexOf('/'); slash >= 0; ) {
            levels.add(own.path().substring(0, slash));
            slash = own.path().lastIndexOf('/', slash - 1);
          }
          levels.add("");
        });
  }

  /**
   * How many groups set its limits: its own, which is number 0, within a boundary the guest's, and
   * those around it. None where it has no groups.
   */
  public int levels() {
    return levels.size();
  }

  /** The version of a controller here, by its v1 and v2 names; empty if neither version has it. */
  public Optional<CgroupVersion> version(String v1Name, String v2Name) {
    return machine.features().cgroups().version(v1Name, v2Name);
  }

  /**
   * A file of one of its groups.
   *
   * @param level less than {@link #levels()}
   * @return empty where it is not there
   */
  public Optional<String> group(int level, String controller, String file) {
    return groups.flatMap(own -> own.read(controller, levels.get(level), file));
  }

  /** A file of the machine; empty where this kernel does not have it. */
  public Optional<String> machine(ProcFile file) {
    return machine.kernel().text(file);
  }

  /**
   * When its first process started, in clock ticks (1/100 s) after the machine; empty where that is
   * not noted yet.
   */
  public OptionalLong startTicks() {
    return first.map(FirstTask::startTicks).map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  /** The CPUs that its first process may run on, as the kernel lists them; empty if it is gone. */
  public Optional<String> cpus() {
    return first.flatMap(task -> machine.kernel().processes().cpus(task.pid()));
  }

  /**
   * Its threads, counted.
   *
   * @param all of them
   * @param running those that run or could
   * @param waiting those that cannot be interrupted: for a disk, mostly
   * @param newest the highest number of a process that it sees itself; 0 where there is none
   */
  public record Threads(int all, int running, int waiting, long newest) {}

  /** Looks at each of its threads, in the containers in it too. */
  public Threads threads() {
    var processes = machine.kernel().processes();
    var numbers = groups.map(Groups::threads).orElse(List.of());
    int running = 0;
    int waiting = 0;
    long newest = 0;
    for (long number : numbers) {
      newest = Math.max(newest, number);
      char state = processes.state(number).orElse('X');
      if (state == 'R') {
        running++;
      } else if (state == 'D') {
        waiting++;
      }
    }
    var process = processes.processOf(newest);
    return new Threads(
        numbers.size(),
        running,
        waiting,
        process.isPresent()
            ? processes.find(process.getAsLong()).map(TaskInfo::innerPid).orElse(0L)
            : 0);
  }
}
