package bailey.engine.operation;

import bailey.Usage;
import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.container.ControlFile;
import bailey.core.container.OnEmpty;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupVersion;
import bailey.core.spec.Limit;
import bailey.core.state.ContainerState;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.Namespace;
import bailey.core.subsystem.Subsystems;
import bailey.engine.group.Freezer;
import bailey.engine.group.Groups;
import bailey.engine.journal.Recorded;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Reads and sets the control files of a container. */
public final class Controls {
  private static final String MEMORY_MAX = "memory.max";
  private static final String ON_EMPTY = "container.on_empty";
  private static final String FREEZER = "freezer.state";
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Machine machine;

  /** On a machine. */
  public Controls(Machine machine) {
    this.machine = machine;
  }

  /**
   * The value of a control file.
   *
   * @throws BadRequest if there is none of that name, or it cannot be read
   * @throws NotPossibleHere if this kernel or this container does not have it
   */
  public String get(ContainerPath name, String control) {
    if (control.equals(ON_EMPTY)) {
      var _ = machine.find(name);
      return new OnEmptyOperation(machine).get(name).toString();
    }
    var found = Subsystems.standard().find(control);
    machine.need(control, found.subsystem().name());
    var recorded = machine.find(name);
    return switch (found.subsystem()) {
      case Controller controller -> get(recorded, controller, found.file());
      case Namespace namespace ->
          new NamespaceFiles(machine).read(recorded, namespace, found.file());
      default -> throw new IllegalStateException(control + " belongs to no known kind");
    };
  }

  private String get(Recorded recorded, Controller controller, ControlFile file) {
    var groups = groups(recorded, file.name());
    try {
      return groups.controls().get(controller, file);
    } catch (CgroupFiles.Refused refused) {
      throw refused(recorded, file.name(), refused);
    }
  }

  private Groups groups(Recorded recorded, String control) {
    if (recorded.guest().isEmpty()) {
      recorded.need();
    }
    return machine
        .groups(recorded)
        .orElseThrow(
            () ->
                new NotPossibleHere(
                    control
                        + ": "
                        + recorded.name()
                        + " has no control groups, because none is delegated to user "
                        + machine.features().uid()
                        + "; run bailey as root"));
  }

  private static NotPossibleHere refused(
      Recorded recorded, String control, CgroupFiles.Refused refused) {
    if (recorded.state() == ContainerState.ENDED) {
      return new NotPossibleHere(
          control
              + ": "
              + recorded.name()
              + " has ended and has no groups any more; bailey report "
              + recorded.name()
              + " tells what it used",
          refused);
    }
    if (refused.errno().filter(Errno.ENOENT::equals).isPresent()) {
      return new NotPossibleHere(
          control
              + ": "
              + recorded.name()
              + " has no group with it; ask for it when it is made, for example by --set "
              + control
              + "=VALUE",
          refused);
    }
    return new NotPossibleHere(
        control + " of " + recorded.name() + ": " + refused.getMessage(), refused);
  }

  /** All control files that can be read now, and their values. */
  public Map<String, String> all(ContainerPath name) {
    var recorded = machine.find(name);
    var values = new LinkedHashMap<String, String>();
    var groups = machine.groups(recorded);
    for (var controller : Subsystems.standard().controllers()) {
      for (var file : controller.controlFiles()) {
        groups
            .flatMap(g -> ifThere(g, controller, file))
            .ifPresent(value -> values.put(file.name(), value));
      }
    }
    if (isAlive(recorded.state())) {
      values.putAll(new NamespaceFiles(machine).readAll(recorded));
    }
    return values;
  }

  private static boolean isAlive(ContainerState state) {
    return switch (state) {
      case RUNNING, FROZEN, UNATTENDED -> true;
      case CREATED, STARTING, ENDED, ABANDONED, DAMAGED, GONE -> false;
    };
  }

  private static Optional<String> ifThere(Groups groups, Controller controller, ControlFile file) {
    if (!file.external().readable()) {
      return Optional.empty();
    }
    try {
      return Optional.of(groups.controls().get(controller, file));
    } catch (CgroupFiles.Refused | NotPossibleHere | BadRequest _) {
      return Optional.empty();
    }
  }

  /**
   * Sets a control file.
   *
   * @return what it shows now
   * @throws BadRequest if there is none of that name, or the kernel or its format refuses the value
   * @throws NotPossibleHere if this kernel or this container does not have it
   */
  public String set(ContainerPath name, String control, String value) {
    if (control.equals(ON_EMPTY)) {
      var choice = OnEmpty.parse(control, value);
      new OnEmptyOperation(machine).set(name, Optional.of(choice));
      return choice.toString();
    }
    var found = Subsystems.standard().find(control);
    machine.need(control, found.subsystem().name());
    var recorded = machine.find(name);
    return switch (found.subsystem()) {
      case Controller controller -> set(recorded, controller, found.file(), value);
      case Namespace namespace ->
          new NamespaceFiles(machine)
              .write(recorded, namespace, found.file(), found.file().canonical(value));
      default -> throw new IllegalStateException(control + " belongs to no known kind");
    };
  }

  private String set(Recorded recorded, Controller controller, ControlFile file, String value) {
    var groups = groups(recorded, file.name());
    String container = recorded.name().toString();
    if (file.name().equals(FREEZER)) {
      return freezer(groups, container, file.canonical(value));
    }
    if (file.name().equals(MEMORY_MAX)) {
      makeRoom(recorded, groups, controller, value);
    }
    try {
      var shown = groups.controls().set(controller, Map.of(file.name(), value));
      return shown.getOrDefault(file.name(), value);
    } catch (CgroupFiles.Refused refused) {
      throw refused(recorded, file.name(), refused);
    }
  }

  private static String freezer(Groups groups, String container, String value) {
    var freezer = new Freezer(groups);
    if (value.equals("FROZEN")) {
      freezer.freeze(container, PATIENCE);
    } else {
      freezer.thaw(container);
    }
    return value;
  }

  /**
   * On v2 a limit below what is in use is not refused: the kernel reclaims, and kills where that is
   * not enough. So reclaim first (memory.reclaim, Linux 5.19), and refuse it as v1 does (EBUSY).
   */
  private void makeRoom(Recorded recorded, Groups groups, Controller controller, String value) {
    boolean v1 =
        controller
            .version(machine.features().controllers())
            .filter(CgroupVersion.V1::equals)
            .isPresent();
    var limit = Limit.parse(MEMORY_MAX, value).bytes();
    if (v1 || limit.isEmpty()) {
      return;
    }
    long used = current(groups).orElse(0);
    if (used > limit.getAsLong()) {
      reclaim(groups, used - limit.getAsLong());
      used = current(groups).orElse(0);
    }
    if (used > limit.getAsLong()) {
      throw new BadRequest(
          MEMORY_MAX
              + ": "
              + value
              + " cannot be set: "
              + recorded.name()
              + " uses "
              + used
              + " bytes, and setting it would kill a task; take a higher limit, or end tasks"
              + " first");
    }
  }

  private static OptionalLong current(Groups groups) {
    return number(groups, "memory.current");
  }

  private static void reclaim(Groups groups, long bytes) {
    try {
      groups.files().write("memory", groups.path(), "memory.reclaim", Long.toString(bytes));
    } catch (CgroupFiles.Refused _) {
      // EAGAIN: less than that could be had; ENOENT: before Linux 5.19. What is in use tells.
    }
  }

  /** What the container uses. */
  public Usage usage(ContainerPath name) {
    var groups = machine.groups(name);
    Function<String, OptionalLong> number =
        control -> groups.map(g -> number(g, control)).orElse(OptionalLong.empty());
    var io = groups.flatMap(g -> text(g, "io.stat"));
    return new Usage(
        number.apply("memory.current"),
        number.apply("memory.peak"),
        number.apply(MEMORY_MAX), // without a limit it is "max", which is no number
        number.apply("cpuacct.usage"),
        groups
            .flatMap(g -> text(g, "cpu.stat"))
            .map(text -> ReportReading.flat(text, "throttled_usec"))
            .orElse(OptionalLong.empty()),
        number.apply("pids.current"),
        number.apply("pids.peak"),
        sum(io, "rbytes="),
        sum(io, "wbytes="));
  }

  private static OptionalLong number(Groups groups, String control) {
    return text(groups, control)
        .filter(text -> !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9'))
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  /** The sum over devices of a figure of io.stat. */
  private static OptionalLong sum(Optional<String> io, String key) {
    return io.map(
            text ->
                OptionalLong.of(
                    text.lines()
                        .flatMap(line -> Arrays.stream(line.split(" ", -1)))
                        .filter(word -> word.startsWith(key))
                        .mapToLong(word -> Long.parseLong(word.substring(key.length())))
                        .sum()))
        .orElse(OptionalLong.empty());
  }

  private static Optional<String> text(Groups groups, String control) {
    var found = Subsystems.standard().find(control);
    return found.subsystem() instanceof Controller controller
        ? ifThere(groups, controller, found.file())
        : Optional.empty();
  }
}
