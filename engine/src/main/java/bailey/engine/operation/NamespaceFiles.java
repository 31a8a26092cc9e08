package bailey.engine.operation;

import bailey.core.container.ControlFile;
import bailey.core.container.View;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Pipe;
import bailey.core.plan.Plan;
import bailey.core.planner.NamespaceFilePlanner;
import bailey.core.planner.NamespaceVisit.Held;
import bailey.core.planner.NamespaceVisit.OfTask;
import bailey.core.planner.NamespaceVisit.Place;
import bailey.core.planner.NetworkPlanner;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.state.ContainerState;
import bailey.core.subsystem.MountSwitch;
import bailey.core.subsystem.Namespace;
import bailey.core.subsystem.NamespaceSource;
import bailey.core.subsystem.NetworkDump;
import bailey.core.subsystem.Subsystems;
import bailey.engine.journal.Recorded;
import bailey.engine.journal.Settings;
import bailey.engine.stream.ProgramInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;

/**
 * Control files of the container's namespaces. Behind a boundary a limit has the value that was set
 * from outside, which is kept in the container's record; what the kernel is told is that or, where
 * it is lower, the guest's own.
 */
final class NamespaceFiles {
  private final Machine machine;

  NamespaceFiles(Machine machine) {
    this.machine = machine;
  }

  /** Its value: what was set from one side, or what holds. */
  String read(Recorded recorded, Namespace namespace, ControlFile file, Optional<View> view) {
    if (isLater(recorded, namespace)) {
      return noted(recorded, file, View.EXTERNAL)
          .orElseThrow(() -> notYet(recorded, namespace, file));
    }
    var holds = readKernel(recorded, namespace, file);
    return view.map(side -> shown(recorded, file, side, holds)).orElse(holds);
  }

  private Settings settings(Recorded recorded) {
    return new Settings(machine.state(), recorded.name());
  }

  private static boolean hasSides(Recorded recorded, ControlFile file) {
    return file.isLimit() && Controls.hasInside(recorded);
  }

  /**
   * Created, and not started yet, and the namespace not made: what is set is noted, and set at the
   * start.
   */
  private boolean isLater(Recorded recorded, Namespace namespace) {
    return recorded.state() == ContainerState.CREATED
        && recorded.first().isEmpty()
        && held(recorded, namespace).isEmpty();
  }

  private String readKernel(Recorded recorded, Namespace namespace, ControlFile file) {
    var place = need(recorded, namespace, file.name());
    var source = namespace.source(file);
    checkOwn(file, source);
    if (source instanceof NamespaceSource.Network) {
      return interfaces(recorded, place);
    }
    if (place instanceof Held && !isSeenAlone(source)) {
      throw new ContainerBusy(
          file.name()
              + ": only a task in "
              + recorded.name()
              + " shows this, and nothing runs in it; start its command first");
    }
    return values(recorded, place, List.of(source))
        .getFirst()
        .orElseThrow(
            () ->
                new NotPossibleHere(
                    file.name()
                        + ": this kernel has no such setting in a "
                        + namespace.name()
                        + " namespace"));
  }

  /** Whether it can be told of a namespace without a task. */
  private static boolean isSeenAlone(NamespaceSource source) {
    return !(source instanceof NamespaceSource.OfProcessOnBothSides);
  }

  private void checkOwn(ControlFile file, NamespaceSource source) {
    if (source instanceof NamespaceSource.Sysctl sysctl) {
      NamespaceFilePlanner.checkOwn(machine.features(), file, sysctl);
    }
  }

  private String interfaces(Recorded recorded, Place place) {
    var plan = new NetworkPlanner(machine.features()).interfaces(place);
    return NetworkDump.interfaces(bytes(recorded, plan));
  }

  /** Those of all namespaces that are the container's own; of later ones what was set. */
  Map<String, String> readAll(Recorded recorded) {
    var values = new LinkedHashMap<String, String>();
    for (var namespace : Subsystems.standard().namespaces()) {
      if (isLater(recorded, namespace)) {
        for (var file : namespace.controlFiles()) {
          noted(recorded, file, View.EXTERNAL).ifPresent(value -> values.put(file.name(), value));
        }
      }
      place(recorded, namespace).ifPresent(place -> readAll(recorded, namespace, place, values));
    }
    return values;
  }

  private void readAll(
      Recorded recorded, Namespace namespace, Place place, Map<String, String> into) {
    var files = new ArrayList<ControlFile>();
    var sources = new ArrayList<NamespaceSource>();
    for (var file : namespace.controlFiles()) {
      var source = namespace.source(file);
      if (source instanceof NamespaceSource.Network) {
        into.put(file.name(), interfaces(recorded, place));
      } else if (isOwn(file, source) && (place instanceof OfTask || isSeenAlone(source))) {
        files.add(file);
        sources.add(source);
      }
    }
    var values = files.isEmpty() ? List.<Optional<String>>of() : values(recorded, place, sources);
    for (int i = 0; i < files.size(); i++) {
      var file = files.get(i);
      values
          .get(i)
          .ifPresent(value -> into.put(file.name(), shown(recorded, file, View.EXTERNAL, value)));
    }
  }

  private boolean isOwn(ControlFile file, NamespaceSource source) {
    try {
      checkOwn(file, source);
      return true;
    } catch (NotPossibleHere _) {
      return false;
    }
  }

  private String shown(Recorded recorded, ControlFile file, View side, String holds) {
    return hasSides(recorded, file) ? noted(recorded, file, side).orElse(holds) : holds;
  }

  private List<Optional<String>> values(
      Recorded recorded, Place place, List<NamespaceSource> sources) {
    var plan = new NamespaceFilePlanner(machine.features()).read(place, sources);
    return NamespaceFilePlanner.values(sources, bytes(recorded, plan));
  }

  private byte[] bytes(Recorded recorded, Plan plan) {
    return bytes(machine, recorded, plan);
  }

  /** What a plan that is sent one descriptor writes to it. */
  static byte[] bytes(Machine machine, Recorded recorded, Plan plan) {
    try (var pipe = machine.kernel().pipe(Pipe.Direction.FROM_PROGRAM);
        var input = new ProgramInput(pipe)) {
      var execution = machine.kernel().executor().execute(plan, List.of(pipe.far()));
      pipe.releaseFar();
      var bytes = input.readAllBytes();
      var failure = execution.end().join().failure();
      if (failure != null) {
        throw StartOperation.refused("read settings of", recorded.name(), plan, failure);
      }
      return bytes;
    } catch (CompletionException e) {
      throw StartOperation.lost("read settings of", recorded.name(), e);
    } catch (IOException e) {
      throw new NotPossibleHere("reading settings of " + recorded.name() + " failed: " + e, e);
    }
  }

  /** Sets the value of one side, and tells what it shows then. */
  String write(Recorded recorded, Namespace namespace, ControlFile file, String value, View side) {
    if (!file.external().writable()) {
      throw new BadRequest(file.name() + ": this control only reports, it cannot be set");
    }
    checkOwn(file, namespace.source(file));
    var canonical = file.canonical(value);
    return settings(recorded)
        .inTurn(
            () ->
                isLater(recorded, namespace)
                    ? note(recorded, namespace, file, canonical, side)
                    : writeKernel(recorded, namespace, file, canonical, side));
  }

  private String writeKernel(
      Recorded recorded, Namespace namespace, ControlFile file, String canonical, View side) {
    var place = need(recorded, namespace, file.name());
    checkIsOwn(recorded, namespace, file);
    boolean sides = hasSides(recorded, file);
    if (sides && side == View.INTERNAL && noted(recorded, file, View.EXTERNAL).isEmpty()) {
      // what the kernel had from the start is the outside's, and not to be raised either
      var external = readKernel(recorded, namespace, file);
      settings(recorded).put(View.EXTERNAL, file.name(), external);
    }
    var told = sides ? holding(recorded, file, canonical, side) : canonical;
    var plan = plan(place, recorded, namespace, file, told);
    new PlanRun(machine).run("set " + file.name() + " of", recorded.name(), plan);
    if (sides) {
      settings(recorded).put(side, file.name(), canonical);
    }
    return canonical;
  }

  /** Refuses to set what the container joined: it is that of another, which may depend on it. */
  private static void checkIsOwn(Recorded recorded, Namespace namespace, ControlFile file) {
    recorded
        .intent()
        .filter(
            intent ->
                intent.spec().namespace(namespace.namespace()) instanceof NamespaceRequest.Joined)
        .ifPresent(
            intent -> {
              throw new NotPossibleHere(
                  file.name()
                      + ": "
                      + recorded.name()
                      + " joined the "
                      + namespace.name()
                      + " namespace of another; set it there");
            });
  }

  /** What the kernel is told: of a limit the lower of this value and that of the other side. */
  private String holding(Recorded recorded, ControlFile file, String canonical, View side) {
    var other = side == View.EXTERNAL ? View.INTERNAL : View.EXTERNAL;
    return noted(recorded, file, other)
        .flatMap(value -> file.format().lower(canonical, value))
        .orElse(canonical);
  }

  /** What was set of a limit from one side, from outside also when it was made. */
  private Optional<String> noted(Recorded recorded, ControlFile file, View side) {
    var asked =
        side == View.EXTERNAL
            ? recorded.intent().map(intent -> intent.spec().controls().get(file.name()))
            : Optional.<String>empty();
    return settings(recorded).get(side, file.name()).or(() -> asked.map(file::canonical));
  }

  private Plan plan(
      Place place, Recorded recorded, Namespace namespace, ControlFile file, String canonical) {
    var planner = new NamespaceFilePlanner(machine.features());
    return switch (namespace.source(file)) {
      case NamespaceSource.Sysctl sysctl ->
          planner.write(place, sysctl.name(), sysctl.toKernel().apply(canonical));
      case NamespaceSource.ReadOnlyMounts() -> {
        var asked = MountSwitch.asked(canonical);
        yield planner.setReadOnly(place, asked.path(), asked.readOnly());
      }
      case NamespaceSource.TimeOffset _ ->
          throw new ContainerBusy(
              file.name()
                  + ": "
                  + recorded.name()
                  + " has tasks, and the kernel lets the clocks of a time namespace be set only"
                  + " until its first task is in it; set it before the start: bailey run --set "
                  + file.name()
                  + "=SECONDS, or between bailey create and the start");
      case NamespaceSource.IdMap _ ->
          throw new ContainerBusy(
              file.name()
                  + ": the kernel takes the ids of a user namespace once, and that of "
                  + recorded.name()
                  + " has them; choose them before the start: bailey run --userns auto --set '"
                  + file.name()
                  + "=INSIDE OUTSIDE COUNT'");
      case NamespaceSource.OfProcess _,
          NamespaceSource.OfProcessOnBothSides _,
          NamespaceSource.Network _ ->
          throw new IllegalStateException(file.name() + " is no setting");
    };
  }

  private String note(
      Recorded recorded, Namespace namespace, ControlFile file, String canonical, View side) {
    if (namespace.source(file) instanceof NamespaceSource.ReadOnlyMounts || side == View.INTERNAL) {
      throw notYet(recorded, namespace, file);
    }
    var spec = recorded.need().spec();
    if (namespace.namespace() == NamespaceKind.TIME && spec.pinned().contains(NamespaceKind.TIME)) {
      throw new ContainerBusy(
          file.name()
              + ": the time namespace of "
              + recorded.name()
              + " was made with it, and its clocks can be set no more; set them there: bailey"
              + " create --new time --set "
              + file.name()
              + "=SECONDS");
    }
    var kind = namespace.namespace();
    // whether it gets one of these is said at the start
    boolean open = kind == NamespaceKind.TIME || kind == NamespaceKind.USER;
    boolean own =
        (open && !spec.namespaces().containsKey(kind))
            || spec.namespace(kind) instanceof NamespaceRequest.New;
    if (!own) {
      throw notOwn(recorded, namespace, file.name());
    }
    if (namespace.source(file) instanceof NamespaceSource.IdMap && spec.boundary()) {
      throw new ContainerBusy(
          file.name()
              + ": the groups of "
              + recorded.name()
              + " belong to the ids that it has already; choose them when it is made: bailey create"
              + " --boundary --userns auto --set '"
              + file.name()
              + "=INSIDE OUTSIDE COUNT'");
    }
    settings(recorded).put(View.EXTERNAL, file.name(), canonical);
    return canonical;
  }

  private static ContainerBusy notYet(Recorded recorded, Namespace namespace, ControlFile file) {
    return new ContainerBusy(
        file.name()
            + ": "
            + recorded.name()
            + " has no "
            + namespace.name()
            + " namespace yet, because nothing runs in it; start its command first");
  }

  private Place need(Recorded recorded, Namespace namespace, String control) {
    if (recorded.guest().isPresent()) {
      var _ = recorded.need(); // says that it is recorded elsewhere
    }
    if (recorded.first().isEmpty() && held(recorded, namespace).isEmpty()) {
      throw notYet(recorded, namespace, namespace.controlFile(control).orElseThrow());
    }
    return place(recorded, namespace).orElseThrow(() -> notOwn(recorded, namespace, control));
  }

  private static NotPossibleHere notOwn(Recorded recorded, Namespace namespace, String control) {
    return new NotPossibleHere(
        control
            + ": "
            + recorded.name()
            + " has no "
            + namespace.name()
            + " namespace of its own, so this would be the machine's; "
            + switch (namespace.namespace()) {
              case USER -> "start it with --userns auto";
              case TIME -> "start it with an offset, for example --set time.boottime=0";
              default -> "start it without --share " + namespace.name();
            });
  }

  /** Empty where the namespace is the one of this process. */
  private Optional<Place> place(Recorded recorded, Namespace namespace) {
    var processes = machine.kernel().processes();
    var kind = namespace.namespace();
    var first = recorded.first();
    if (first.isEmpty()) {
      return held(recorded, namespace);
    }
    long pid = first.get().pid();
    var own = processes.namespace(processes.self().pid(), kind);
    var theirs = processes.namespace(pid, kind);
    return theirs.isEmpty() || theirs.equals(own)
        ? Optional.empty()
        : Optional.of(new OfTask(pid, kind, theirs.getAsLong(), owner(recorded, pid, kind)));
  }

  /**
   * One that it has without a task. A time namespace is left alone: who enters it makes its clocks
   * be as they are (timens_set_vvar_page()).
   */
  private Optional<Place> held(Recorded recorded, Namespace namespace) {
    var kind = namespace.namespace();
    return recorded
        .intent()
        .filter(intent -> kind != NamespaceKind.TIME && intent.spec().pinned().contains(kind))
        .flatMap(_ -> machine.state().held(recorded.name(), kind))
        .map(path -> new Held(kind, path));
  }

  /**
   * An ordinary user gets the right to enter by entering the user namespace first; in an ipc
   * namespace only the root of that may write, if it is not kept from the guest of a boundary.
   */
  private OptionalLong owner(Recorded recorded, long pid, NamespaceKind kind) {
    return owner(machine, recorded, pid, kind);
  }

  static OptionalLong owner(Machine machine, Recorded recorded, long pid, NamespaceKind kind) {
    var processes = machine.kernel().processes();
    var theirs = processes.namespace(pid, NamespaceKind.USER);
    boolean same = theirs.equals(processes.namespace(processes.self().pid(), NamespaceKind.USER));
    boolean needed =
        !machine.features().privileged()
            || (kind == NamespaceKind.IPC && !Controls.hasInside(recorded));
    return same || !needed ? OptionalLong.empty() : theirs;
  }
}
