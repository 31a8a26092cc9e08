package bailey.engine.operation;

import bailey.ExecSpec;
import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.PlanExecutor.Execution;
import bailey.core.plan.Plan;
import bailey.core.planner.ExecPlanner;
import bailey.core.planner.ExecRequest;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.spec.Capability;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.state.Event;
import bailey.core.state.FirstTask;
import bailey.core.state.Lifecycle;
import bailey.engine.journal.Intent;
import bailey.engine.operation.StartOperation.Launched;
import bailey.engine.operation.StartOperation.Started;
import bailey.engine.stream.StandardStreams;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;

/** Starts further commands in containers that run. */
public final class ExecOperation {
  private final Machine machine;

  /** On a machine. */
  public ExecOperation(Machine machine) {
    this.machine = machine;
  }

  /** Starts a command, looked after by the executor of this process. */
  public Started exec(ContainerPath name, ExecSpec spec, List<String> command) {
    if (spec.terminal()) {
      throw StartOperation.noTerminal();
    }
    var prepared = prepare(name, spec, command, Attachment.RESIDENT);
    var streams = StandardStreams.open(machine.kernel());
    boolean started = false;
    try {
      var execution = machine.kernel().executor().execute(prepared.plan(), streams.far());
      streams.started();
      long pid = awaitStart(name, prepared.plan(), execution);
      started = true;
      return new Started(prepared.intent(), pid, streams, execution);
    } finally {
      if (!started) {
        streams.close();
      }
    }
  }

  /** Hands a command to the executor that started this process. */
  public Launched launch(ContainerPath name, ExecSpec spec, List<String> command) {
    var starter = StartOperation.starter(machine);
    var prepared = prepare(name, spec, command, Attachment.FOREGROUND);
    long pid = awaitStart(name, prepared.plan(), starter.execute(prepared.plan(), List.of()));
    return new Launched(name, pid);
  }

  private record Prepared(Intent intent, Plan plan) {}

  private Prepared prepare(
      ContainerPath name, ExecSpec spec, List<String> command, Attachment attachment) {
    StartOperation.checkCommand(command);
    var recorded = machine.find(name);
    Lifecycle.after(name.toString(), recorded.state(), Event.EXEC);
    var intent = recorded.need();
    var first =
        recorded
            .first()
            .orElseThrow(
                () -> new ContainerBusy(name + ": its first process is not there yet; try again"));
    var namespaces = namespaces(name, first);
    var request =
        new ExecRequest(
            name,
            new CpuPlacement(machine).placed(name, merged(intent.spec(), spec)),
            command,
            attachment,
            first.pid(),
            namespaces,
            intent.userBase(),
            tracers(intent.spec(), namespaces.keySet()),
            intent.spec().seesItself()
                ? machine.kernel().processes().cpus(first.pid())
                : Optional.empty());
    return new Prepared(intent, new ExecPlanner(machine.features()).plan(request));
  }

  /** Those of the first process that are not this process's, and so not the executor's. */
  Map<NamespaceKind, Long> namespaces(ContainerPath name, FirstTask first) {
    var processes = machine.kernel().processes();
    long self = processes.self().pid();
    var different = new EnumMap<NamespaceKind, Long>(NamespaceKind.class);
    for (var kind : NamespaceKind.values()) {
      var own = processes.namespace(self, kind);
      var theirs = processes.namespace(first.pid(), kind);
      if (theirs.isPresent() && !theirs.equals(own)) {
        different.put(kind, theirs.getAsLong());
      }
    }
    boolean same =
        processes
            .find(first.pid())
            .filter(task -> task.startTicks() == first.startTicks())
            .isPresent();
    if (!same) {
      throw new ContainerBusy(
          "cannot start a command in " + name + ": its first process has just ended");
    }
    if (processes.namespace(first.pid(), NamespaceKind.MNT).isEmpty()) {
      throw new NotPossibleHere(
          "cannot start a command in "
              + name
              + ": its namespaces may not be looked at by user "
              + machine.features().uid()
              + "; run bailey as the user who started it");
    }
    return different;
  }

  /**
   * Whether processes of a container may trace all that they see, the executor's included.
   *
   * @param different its namespaces that are not the executor's
   */
  static boolean tracers(ContainerSpec spec, Set<NamespaceKind> different) {
    return spec.capabilities().contains(Capability.SYS_PTRACE)
        && !different.contains(NamespaceKind.USER);
  }

  private static ContainerSpec merged(ContainerSpec spec, ExecSpec exec) {
    var capabilities = exec.capabilities().orElse(spec.capabilities());
    if ((capabilities.mask() & ~spec.capabilities().mask()) != 0) {
      throw new BadRequest(
          "--cap: "
              + capabilities.without(spec.capabilities())
              + " is more than the container itself has; start the container with it");
    }
    var environment = new LinkedHashMap<>(spec.environment());
    environment.putAll(exec.environment());
    return new ContainerSpec(
        spec.name(),
        spec.root(),
        spec.readOnly(),
        spec.mounts(),
        spec.namespaces(),
        spec.userMapping(),
        spec.hostname(),
        spec.controls(),
        spec.accounted(),
        exec.identity().or(spec::identity),
        capabilities,
        spec.seccomp(),
        spec.noNewPrivileges(),
        environment,
        exec.directory().or(spec::directory),
        spec.rlimits(),
        spec.init(),
        exec.terminal(),
        spec.timeout(),
        false,
        spec.removed(),
        spec.log(),
        spec.revealed(),
        spec.boundary(),
        spec.proc());
  }

  /** The command's number once it runs; what kept it from that is thrown. */
  long awaitStart(ContainerPath name, Plan plan, Execution execution) {
    try {
      var start = execution.start().join();
      if (start.failure() == null) {
        return start.pid();
      }
      execution.end().join();
      throw StartOperation.refused("start a command in", name, plan, start.failure());
    } catch (CompletionException e) {
      throw StartOperation.lost("start a command in", name, e);
    }
  }
}
