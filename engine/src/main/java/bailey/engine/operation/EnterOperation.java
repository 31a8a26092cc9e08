package bailey.engine.operation;

import bailey.EnterSpec;
import bailey.ExecSpec;
import bailey.core.container.ContainerPath;
import bailey.core.container.Subsystem.Entry;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.plan.Plan;
import bailey.core.planner.EnterPlanner;
import bailey.core.planner.EnterRequest;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.planner.StateFiles;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.state.ContainerState;
import bailey.core.state.Event;
import bailey.core.state.Lifecycle;
import bailey.core.subsystem.Subsystems;
import bailey.engine.journal.Intent;
import bailey.engine.journal.Recorded;
import bailey.engine.operation.StartOperation.Launched;
import bailey.engine.operation.StartOperation.Started;
import bailey.engine.stream.StandardStreams;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Starts commands that enter a container, or some of it. */
public final class EnterOperation {
  private final Machine machine;
  private final ExecOperation exec;

  /** On a machine. */
  public EnterOperation(Machine machine) {
    this.machine = machine;
    this.exec = new ExecOperation(machine);
  }

  /** Starts a command, looked after by the executor of this process. */
  public Started enter(ContainerPath name, EnterSpec spec, List<String> command) {
    if (spec.terminal()) {
      throw StartOperation.noTerminal();
    }
    var entry = entry(name, spec, command);
    if (entry.whole()) {
      return exec.exec(name, walled(spec), command);
    }
    var plan = plan(entry, spec, command, Attachment.RESIDENT);
    var streams = StandardStreams.open(machine.kernel());
    boolean started = false;
    try {
      var execution = machine.kernel().executor().execute(plan, streams.far());
      streams.started();
      long pid = exec.awaitStart(name, plan, execution);
      started = true;
      return new Started(entry.intent(), pid, streams, execution);
    } finally {
      if (!started) {
        streams.close();
      }
    }
  }

  /** Hands a command to the executor that started this process. */
  public Launched launch(ContainerPath name, EnterSpec spec, List<String> command) {
    var starter = StartOperation.starter(machine);
    var entry = entry(name, spec, command);
    if (entry.whole()) {
      return exec.launch(name, walled(spec), command);
    }
    var plan = plan(entry, spec, command, Attachment.FOREGROUND);
    return new Launched(name, exec.awaitStart(name, plan, starter.execute(plan, List.of())));
  }

  private static ExecSpec walled(EnterSpec spec) {
    var builder = ExecSpec.builder().terminal(spec.terminal());
    spec.environment().forEach(builder::environment);
    return builder.build();
  }

  /**
   * What is entered.
   *
   * @param intent what the container is
   * @param first its first process; 0 where it has none
   * @param namespaces of that process, with their numbers
   * @param files of further namespaces, which have no task
   * @param whole whether it is all, the container's mounts included
   */
  private record Entering(
      Intent intent,
      long first,
      Map<NamespaceKind, Long> namespaces,
      Map<NamespaceKind, String> files,
      boolean whole) {
    Set<NamespaceKind> kinds() {
      var kinds = EnumSet.noneOf(NamespaceKind.class);
      kinds.addAll(namespaces.keySet());
      kinds.addAll(files.keySet());
      return kinds;
    }
  }

  private Entering entry(ContainerPath name, EnterSpec spec, List<String> command) {
    StartOperation.checkCommand(command);
    var recorded = machine.find(name);
    var all = all(name, recorded);
    var wanted = spec.namespaces().isEmpty() ? all.kinds() : spec.namespaces();
    check(name, all, wanted, spec);
    boolean whole =
        all.first() != 0 && wanted.equals(all.kinds()) && wanted.contains(NamespaceKind.MNT);
    var namespaces = new EnumMap<NamespaceKind, Long>(NamespaceKind.class);
    all.namespaces().forEach((kind, inode) -> put(namespaces, kind, inode, wanted.contains(kind)));
    var files = new EnumMap<NamespaceKind, String>(NamespaceKind.class);
    all.files().forEach((kind, file) -> put(files, kind, file, wanted.contains(kind)));
    return new Entering(all.intent(), all.first(), namespaces, files, whole);
  }

  private static <T> void put(
      Map<NamespaceKind, T> map, NamespaceKind kind, T value, boolean wanted) {
    if (wanted) {
      map.put(kind, value);
    }
  }

  /** All that the container has of its own. */
  private Entering all(ContainerPath name, Recorded recorded) {
    var intent = recorded.need();
    var held = intent.spec().pinned();
    if (recorded.state() == ContainerState.CREATED) {
      var files = new EnumMap<NamespaceKind, String>(NamespaceKind.class);
      var directory = machine.state().directory(name).resolve(StateFiles.NAMESPACES);
      held.forEach(kind -> files.put(kind, directory.resolve(kind.file()).toString()));
      return new Entering(intent, 0, Map.of(), files, false);
    }
    Lifecycle.after(name.toString(), recorded.state(), Event.EXEC);
    var first =
        recorded
            .first()
            .orElseThrow(
                () -> new ContainerBusy(name + ": its first process is not there yet; try again"));
    return new Entering(intent, first.pid(), exec.namespaces(name, first), Map.of(), false);
  }

  // ---- refusals ----

  private void check(
      ContainerPath name, Entering entering, Set<NamespaceKind> wanted, EnterSpec spec) {
    var all = entering.kinds();
    for (var kind : wanted) {
      if (!all.contains(kind)) {
        throw new BadRequest(
            "cannot enter the "
                + kind.file()
                + " namespace of "
                + name
                + ": it has none of its own"
                + (all.isEmpty() ? ", nor any other" : "; it has " + list(all)));
      }
      checkSubsystem(name, kind);
    }
    if (wanted.isEmpty() && !spec.groups()) {
      throw new BadRequest("enter: nothing is chosen; name namespaces by -o, such as -o net,uts");
    }
    boolean whole = wanted.equals(all);
    if (wanted.contains(NamespaceKind.MNT) && !whole) {
      var rest = EnumSet.copyOf(all);
      rest.removeAll(wanted);
      throw new BadRequest(
          "cannot enter the mnt namespace of "
              + name
              + " without the others that it has of its own ("
              + list(rest)
              + "): its programs are run behind all of its walls or not at all; leave out -o to"
              + " enter all, or leave out mnt to run this machine's programs");
    }
    checkTracing(name, entering, wanted);
  }

  private static void checkSubsystem(ContainerPath name, NamespaceKind kind) {
    boolean never =
        Subsystems.standard().namespaces().stream()
            .filter(namespace -> namespace.namespace() == kind)
            .anyMatch(namespace -> namespace.entered() == Entry.NEVER);
    if (never) {
      throw new NotPossibleHere(
          "cannot enter the "
              + kind.file()
              + " namespace of "
              + name
              + ": the kernel lets nobody in from outside");
    }
  }

  /**
   * What is inside may trace the command by the rules of ptrace(2), once that executes, if it sees
   * it and has the rights of the command's user namespace: then what the command has of this
   * machine would be open to it.
   */
  private void checkTracing(ContainerPath name, Entering all, Set<NamespaceKind> wanted) {
    var kinds = all.kinds();
    boolean users = wanted.contains(NamespaceKind.USER);
    boolean pids = wanted.contains(NamespaceKind.PID);
    boolean foreign = !wanted.contains(NamespaceKind.MNT);
    boolean seen = pids || !kinds.contains(NamespaceKind.PID);
    if (foreign && users && seen && kinds.contains(NamespaceKind.MNT)) {
      throw new BadRequest(
          "cannot enter the user"
              + (pids ? " and the pid" : "")
              + " namespace of "
              + name
              + " without its mnt namespace: its root could trace the command, and see this"
              + " machine's files through it; leave out "
              + (pids ? "pid" : "user")
              + ", or leave out -o to enter all");
    }
    if (foreign && pids && ExecOperation.tracers(all.intent().spec(), kinds)) {
      throw new BadRequest(
          "cannot enter the pid namespace of "
              + name
              + " with a command of this machine: what is inside has CAP_SYS_PTRACE and could take"
              + " over what it sees; leave pid out of -o");
    }
    checkRights(name, kinds, wanted);
  }

  private void checkRights(ContainerPath name, Set<NamespaceKind> all, Set<NamespaceKind> wanted) {
    boolean users = wanted.contains(NamespaceKind.USER);
    if (!machine.features().privileged() && !users && all.contains(NamespaceKind.USER)) {
      throw new NotPossibleHere(
          "cannot enter "
              + list(wanted)
              + " of "
              + name
              + ": they belong to its user namespace, and user "
              + machine.features().uid()
              + " has no rights over them outside of it; add user to -o");
    }
  }

  private static String list(Collection<NamespaceKind> kinds) {
    return kinds.stream().map(NamespaceKind::file).collect(Collectors.joining(", "));
  }

  private Plan plan(Entering entry, EnterSpec spec, List<String> command, Attachment attachment) {
    var own = ContainerSpec.builder().name(entry.intent().name().toString());
    spec.environment().forEach(own::environment);
    own.terminal(spec.terminal());
    var shape = entry.intent().spec();
    shape.controls().forEach(own::control);
    own.accounted(shape.accounted());
    var name = entry.intent().name();
    var request =
        new EnterRequest(
            name,
            spec.groups() ? new CpuPlacement(machine).placed(name, own.build()) : own.build(),
            command,
            attachment,
            spec.groups() && machine.features().cgroups().base().isPresent(),
            entry.first(),
            entry.namespaces(),
            entry.files());
    return new EnterPlanner(machine.features()).plan(request);
  }
}
