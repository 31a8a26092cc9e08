package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.container.Subsystem;
import bailey.core.error.BadRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The subsystems there are, and which of them has a control file of a given name. */
public final class Subsystems {
  private static final Subsystems STANDARD =
      new Subsystems(
          List.of(
              new MemorySubsystem(),
              new CpuSubsystem(),
              new CpusetSubsystem(),
              new CpuacctSubsystem(),
              new PidsSubsystem(),
              new IoSubsystem(),
              new DevicesSubsystem(),
              new FreezerSubsystem(),
              new HugetlbSubsystem(),
              new PidNamespace(),
              new MountNamespace(),
              new UtsNamespace(),
              new IpcNamespace(),
              new NetNamespace(),
              new UserNamespace(),
              new CgroupNamespace(),
              new TimeNamespace()));

  /** Names that people know from elsewhere, with what to say. */
  private static final Map<String, String> KNOWN_ELSEWHERE = knownElsewhere();

  /** Names that differ by more letters than this are no typing errors of each other. */
  private static final int MOST_TYPOS = 3;

  private final List<Subsystem> all;

  /** A choice of subsystems, each with a name of its own. */
  public Subsystems(List<Subsystem> all) {
    this.all = List.copyOf(all);
    if (all.stream().map(Subsystem::name).distinct().count() != all.size()) {
      throw new IllegalArgumentException("two subsystems have the same name");
    }
  }

  /** Those that bailey has itself. */
  public static Subsystems standard() {
    return STANDARD;
  }

  /**
   * A control file and the subsystem that has it.
   *
   * @param subsystem its owner
   * @param file the file
   */
  public record Found(Subsystem subsystem, ControlFile file) {}

  /** All of them, controllers first. */
  public List<Subsystem> all() {
    return all;
  }

  /** Those that are controllers. */
  public List<Controller> controllers() {
    return all.stream().filter(Controller.class::isInstance).map(Controller.class::cast).toList();
  }

  /** Those that are namespaces. */
  public List<Namespace> namespaces() {
    return all.stream().filter(Namespace.class::isInstance).map(Namespace.class::cast).toList();
  }

  /** The subsystem of that name. */
  public Optional<Subsystem> subsystem(String name) {
    return all.stream().filter(subsystem -> subsystem.name().equals(name)).findFirst();
  }

  /**
   * The control file of that full name.
   *
   * @throws BadRequest where there is none, naming those that are nearly so called
   */
  public Found find(String control) {
    for (var subsystem : all) {
      var file = subsystem.controlFile(control);
      if (file.isPresent()) {
        return new Found(subsystem, file.get());
      }
    }
    throw new BadRequest(
        control.replaceAll("\\p{Cntrl}", "?") + ": no such control; " + hint(control));
  }

  private String hint(String control) {
    var known = KNOWN_ELSEWHERE.get(control);
    if (known != null) {
      return known;
    }
    var close = close(control);
    return close.isEmpty()
        ? "bailey subsystems lists them all, for example memory.max"
        : "did you mean " + String.join(" or ", close) + "?";
  }

  /** The names with the fewest typing errors to {@code control}, if there are few. */
  private List<String> close(String control) {
    var byDistance = new TreeMap<Integer, List<String>>();
    for (var subsystem : all) {
      for (var file : subsystem.controlFiles()) {
        byDistance
            .computeIfAbsent(distance(file.name(), control), _ -> new ArrayList<>())
            .add(file.name());
      }
    }
    var nearest = byDistance.headMap(MOST_TYPOS, true).firstEntry();
    return nearest == null ? List.of() : nearest.getValue();
  }

  /** Levenshtein's distance: letters to insert, delete or replace. */
  private static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > MOST_TYPOS) {
      return MOST_TYPOS + 1;
    }
    var row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private static Map<String, String> knownElsewhere() {
    var known = new LinkedHashMap<String, String>();
    called(known, "memory.limit_in_bytes", "memory.max");
    called(known, "memory.memsw.limit_in_bytes", "memory.swap.max");
    called(known, "memory.soft_limit_in_bytes", "memory.low");
    called(known, "memory.usage_in_bytes", "memory.current");
    called(known, "memory.max_usage_in_bytes", "memory.peak");
    called(known, "cpu.shares", "cpu.weight");
    called(known, "cpu.cfs_quota_us", "cpu.max");
    called(known, "cpu.cfs_period_us", "cpu.max");
    called(known, "cpu.cfs_burst_us", "cpu.max.burst");
    called(known, "blkio.weight", "io.weight");
    called(known, "cgroup.freeze", "freezer.state");
    var kernelMemory =
        "no supported kernel limits kernel memory by itself, memory.max counts it;"
            + " memory.kmem.current shows it";
    known.put("memory.kmem.max", kernelMemory);
    known.put("memory.kmem.limit_in_bytes", kernelMemory);
    return known;
  }

  private static void called(Map<String, String> known, String elsewhere, String here) {
    known.put(elsewhere, "it is called " + here + " here, on every kernel");
  }
}
