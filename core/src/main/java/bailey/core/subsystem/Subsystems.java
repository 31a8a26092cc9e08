package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.container.Subsystem;
import bailey.core.error.BadRequest;
import bailey.core.error.CloseMatch;
import bailey.core.error.NotPossibleHere;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

/**
 * The subsystems there are, and which of them has a control file of a given name.
 *
 * <p>The standard ones are all that {@link ServiceLoader} finds as services {@link Subsystem}:
 * bailey's own, which bailey.core provides itself, and those of other modules. Their order is fixed
 * whatever the order in which they were found: bailey's own as {@link #ORDER} has them, then others
 * by name.
 */
public final class Subsystems {
  /** Bailey's own: controllers, then namespaces. */
  private static final List<String> ORDER =
      List.of(
          "memory", "cpu", "cpuset", "memset", "cpuacct", "pids", "io", "devices", "freezer",
          "hugetlb", "pid", "mnt", "uts", "ipc", "net", "user", "cgroup", "time");

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,31}");

  /** Names that people know from elsewhere, with what to say. */
  private static final Map<String, String> KNOWN_ELSEWHERE = knownElsewhere();

  /** Names that differ by more letters than this are no typing errors of each other. */
  private static final int MOST_TYPOS = 3;

  private final List<Subsystem> all;

  /**
   * A choice of subsystems.
   *
   * @throws NotPossibleHere where two have the same name, or one a name that cannot be, its own or
   *     that of a control file
   */
  public Subsystems(List<Subsystem> all) {
    var classes = new HashMap<String, String>();
    for (var subsystem : all) {
      String type = subsystem.getClass().getName();
      var other = classes.putIfAbsent(subsystem.name(), type);
      if (other != null) {
        throw new NotPossibleHere(
            "the subsystem "
                + subsystem.name()
                + " is there twice, as "
                + other
                + " and as "
                + type
                + "; take one of them off the module path");
      }
      checkNames(subsystem, type);
    }
    this.all = List.copyOf(all);
  }

  private static void checkNames(Subsystem subsystem, String type) {
    if (!NAME.matcher(subsystem.name()).matches()) {
      throw new NotPossibleHere(
          "the subsystem "
              + type
              + " cannot be called \""
              + subsystem.name()
              + "\"; a name is small letters, digits and _, such as numtasks");
    }
    for (var file : subsystem.controlFiles()) {
      if (!file.name().startsWith(subsystem.name() + ".")) {
        throw new NotPossibleHere(
            "the subsystem "
                + type
                + " cannot have a control file "
                + file.name()
                + "; its name must begin with "
                + subsystem.name()
                + ".");
      }
    }
  }

  /**
   * Those that are registered: bailey's own and those of other modules.
   *
   * @throws NotPossibleHere where those of other modules cannot be had beside them
   */
  public static Subsystems standard() {
    return switch (Registered.FOUND) {
      case Found.All(var subsystems) -> subsystems;
      case Found.Refusal(var sentence) -> throw new NotPossibleHere(sentence);
    };
  }

  /** What was found when it was first asked for. */
  private sealed interface Found {
    record All(Subsystems subsystems) implements Found {}

    record Refusal(String sentence) implements Found {}
  }

  /** Found once: a class is initialised by one thread. */
  private static final class Registered {
    private static final Found FOUND = find();

    private static Found find() {
      var all = new ArrayList<Subsystem>();
      try {
        services().forEach(all::add);
        return new Found.All(new Subsystems(ordered(all)));
      } catch (NotPossibleHere e) {
        return new Found.Refusal(String.valueOf(e.getMessage()));
      } catch (ServiceConfigurationError e) {
        return new Found.Refusal("a subsystem cannot be loaded: " + e.getMessage());
      }
    }
  }

  /**
   * Those of the modules beside this one, the same for every thread; to look for the files of a
   * class path as well would open each jar, which is a fifth of a start.
   */
  private static ServiceLoader<Subsystem> services() {
    var layer = Subsystems.class.getModule().getLayer();
    return layer == null
        ? ServiceLoader.load(Subsystem.class, Subsystems.class.getClassLoader())
        : ServiceLoader.load(layer, Subsystem.class);
  }

  /** In the order of bailey's own, then controllers before namespaces, then by name. */
  static List<Subsystem> ordered(List<Subsystem> all) {
    var sorted = new ArrayList<>(all);
    sorted.sort(Subsystems::compare);
    return sorted;
  }

  /** Written out: a start that makes the JDK's comparators takes some milliseconds more. */
  private static int compare(Subsystem a, Subsystem b) {
    int order = a.kind().compareTo(b.kind());
    if (order == 0) {
      order = Integer.compare(place(a), place(b));
    }
    if (order == 0) {
      order = a.name().compareTo(b.name());
    }
    return order == 0 ? a.getClass().getName().compareTo(b.getClass().getName()) : order;
  }

  private static int place(Subsystem subsystem) {
    int place = ORDER.indexOf(subsystem.name());
    return place < 0 ? ORDER.size() : place;
  }

  /**
   * A control file and the subsystem that has it.
   *
   * @param subsystem its owner
   * @param file the file
   */
  public record Owned(Subsystem subsystem, ControlFile file) {}

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
  public Owned find(String control) {
    for (var subsystem : all) {
      var file = subsystem.controlFile(control);
      if (file.isPresent()) {
        return new Owned(subsystem, file.get());
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
    var names =
        all.stream().flatMap(subsystem -> subsystem.controlFiles().stream()).map(ControlFile::name);
    var close = CloseMatch.nearest(control, names.toList(), MOST_TYPOS);
    return close.isEmpty()
        ? "bailey subsystems lists them all, for example memory.max"
        : "did you mean " + String.join(" or ", close) + "?";
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
