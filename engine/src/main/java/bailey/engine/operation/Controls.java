package bailey.engine.operation;

import bailey.Usage;
import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.container.ControlFile;
import bailey.core.container.OnEmpty;
import bailey.core.container.View;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.planner.BoundaryGroups;
import bailey.core.spec.ContainerSpec;
import bailey.core.state.ContainerState;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.DerivedSubsystem;
import bailey.core.subsystem.Namespace;
import bailey.core.subsystem.Subsystems;
import bailey.engine.group.Groups;
import bailey.engine.journal.Intent;
import bailey.engine.journal.Recorded;
import bailey.engine.journal.Settings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Reads and sets the control files of a container. */
public final class Controls {
  static final String MEMORY_MAX = "memory.max";
  private static final String ON_EMPTY = "container.on_empty";

  private final Machine machine;

  /** On a machine. */
  public Controls(Machine machine) {
    this.machine = machine;
  }

  /**
   * The value of a control file.
   *
   * @param view whose value of a limit; empty: what holds
   * @throws BadRequest if there is none of that name, or it cannot be read
   * @throws NotPossibleHere if this kernel or this container does not have it
   */
  public String get(ContainerPath name, String control, Optional<View> view) {
    if (control.equals(ON_EMPTY)) {
      var _ = machine.find(name);
      return new OnEmptyOperation(machine).get(name).toString();
    }
    var found = Subsystems.standard().find(control);
    machine.need(control, found.subsystem().name());
    var recorded = machine.find(name);
    view.ifPresent(side -> checkView(recorded, found.file(), side));
    return switch (found.subsystem()) {
      case Controller _ when new CpuPlacement(machine).isMeant(found.file()) ->
          new CpuPlacement(machine).get(name, found.file());
      case Controller controller -> get(recorded, controller, found.file(), view);
      case Namespace namespace ->
          new NamespaceFiles(machine).read(recorded, namespace, found.file(), view);
      case DerivedSubsystem derived -> new Derivations(machine).get(name, derived, found.file());
      default -> throw new IllegalStateException(control + " belongs to no known kind");
    };
  }

  /**
   * A control file of a controller from outside, to be read and set again and again without looking
   * at the container each time; empty for others. It throws {@link CgroupFiles.Refused} where the
   * group is gone. The caller closes it.
   */
  public Optional<HeldControl> hold(ContainerPath name, String control) {
    var found = Subsystems.standard().find(control);
    machine.need(control, found.subsystem().name());
    if (!(found.subsystem() instanceof Controller controller)
        || new CpuPlacement(machine).isMeant(found.file())) {
      return Optional.empty();
    }
    return machine
        .groups(name)
        .map(
            groups ->
                new HeldControl(
                    new GroupSetting(machine, name, groups, View.EXTERNAL),
                    controller,
                    found.file()));
  }

  /**
   * Only what is behind a boundary sets limits of its own; without one the outside's is all there
   * is, and holds.
   */
  private static void checkView(Recorded recorded, ControlFile file, View view) {
    if (view == View.EXTERNAL || (file.isLimit() && hasInside(recorded))) {
      return;
    }
    throw file.isLimit()
        ? new NotPossibleHere(
            file.name()
                + ": "
                + recorded.name()
                + " has no boundary, so nothing inside sets a value of its own; the value from"
                + " outside is what holds: --view external")
        : new BadRequest(
            file.name()
                + ": this control has one value for both sides, it is no limit; leave out --view");
  }

  /** Whether it has a boundary, behind which limits have values of their own. */
  static boolean hasInside(Recorded recorded) {
    return recorded.intent().map(Intent::spec).map(ContainerSpec::boundary).orElse(false);
  }

  private String get(
      Recorded recorded, Controller controller, ControlFile file, Optional<View> view) {
    if (view.isPresent()) {
      return get(recorded, controller, file, view.get());
    }
    var external = get(recorded, controller, file, View.EXTERNAL);
    return file.isLimit() && hasInside(recorded)
        ? file.format()
            .lower(external, get(recorded, controller, file, View.INTERNAL))
            .orElse(external)
        : external;
  }

  private String get(Recorded recorded, Controller controller, ControlFile file, View view) {
    var groups = groups(recorded, file.name(), view);
    try {
      return groups.controls().get(controller, file);
    } catch (CgroupFiles.Refused refused) {
      throw refused(recorded, file.name(), refused);
    }
  }

  /** The container's groups, or those of the guest in it, which has its own limits on them. */
  private Groups groups(Recorded recorded, String control, View view) {
    var groups = groups(recorded, control);
    return view == View.EXTERNAL
        ? groups
        : new Groups(groups.files(), groups.features(), groups.path() + "/" + BoundaryGroups.GUEST);
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
    new Derivations(machine).putAll(name, values);
    if (isAlive(recorded.state()) || recorded.state() == ContainerState.CREATED) {
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
   * @param view whose value of a limit
   * @return what it shows now
   * @throws BadRequest if there is none of that name, or the kernel or its format refuses the value
   * @throws NotPossibleHere if this kernel or this container does not have it
   */
  public String set(ContainerPath name, String control, String value, View view) {
    if (control.equals(ON_EMPTY)) {
      var choice = OnEmpty.parse(control, value);
      new OnEmptyOperation(machine).set(name, Optional.of(choice));
      return choice.toString();
    }
    var found = Subsystems.standard().find(control);
    machine.need(control, found.subsystem().name());
    var recorded = machine.find(name);
    checkView(recorded, found.file(), view);
    return switch (found.subsystem()) {
      case Controller _ when new CpuPlacement(machine).isMeant(found.file()) ->
          settings(name).inTurn(() -> new CpuPlacement(machine).set(name, found.file(), value));
      case Controller controller -> set(recorded, controller, found.file(), value, view);
      case Namespace namespace ->
          new NamespaceFiles(machine).write(recorded, namespace, found.file(), value, view);
      case DerivedSubsystem derived ->
          settings(name)
              .inTurn(() -> new Derivations(machine).set(name, derived, found.file(), value));
      default -> throw new IllegalStateException(control + " belongs to no known kind");
    };
  }

  private Settings settings(ContainerPath name) {
    return new Settings(machine.state(), name);
  }

  private String set(
      Recorded recorded, Controller controller, ControlFile file, String value, View view) {
    var groups = groups(recorded, file.name(), view);
    try {
      return new GroupSetting(machine, recorded.name(), groups, view)
          .set(
              controller,
              file,
              value,
              asked -> groups.controls().set(controller, Map.of(file.name(), asked)));
    } catch (CgroupFiles.Refused refused) {
      throw refused(recorded, file.name(), refused);
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

  static OptionalLong number(Groups groups, String control) {
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

  /** Of a controller's control file; empty where it is not there. */
  static Optional<String> text(Groups groups, String control) {
    var found = Subsystems.standard().find(control);
    return found.subsystem() instanceof Controller controller
        ? ifThere(groups, controller, found.file())
        : Optional.empty();
  }
}
