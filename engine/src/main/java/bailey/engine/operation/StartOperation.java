package bailey.engine.operation;

import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.ContainerException;
import bailey.core.error.NoSuchContainer;
import bailey.core.error.NotPossibleHere;
import bailey.core.error.StateDamaged;
import bailey.core.kept.Fact;
import bailey.core.kernel.PlanExecutor;
import bailey.core.kernel.PlanExecutor.Execution;
import bailey.core.kernel.PlanExecutor.ExecutorLost;
import bailey.core.kernel.PlanExecutor.Failure;
import bailey.core.plan.Plan;
import bailey.core.plan.Step;
import bailey.core.planner.CreatePlanner;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.spec.ContainerSpec;
import bailey.core.state.ContainerState;
import bailey.core.state.Event;
import bailey.core.state.Lifecycle;
import bailey.engine.journal.Intent;
import bailey.engine.stream.StandardStreams;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Creates containers and starts their first commands. */
public final class StartOperation {
  /** How many invented names are tried; each is free with a probability of nearly one. */
  private static final int TRIES = 20;

  private final Machine machine;
  private final Preparation preparation;

  /** On a machine. */
  public StartOperation(Machine machine) {
    this.machine = machine;
    this.preparation = new Preparation(machine);
  }

  /**
   * A first command that runs.
   *
   * @param intent what its container is
   * @param pid of its first process, as seen here; 0 where that is not told
   * @param streams of the command
   * @param execution of the plan that looks after it
   */
  public record Started(Intent intent, long pid, StandardStreams streams, Execution execution) {}

  /** Makes the plan that a launch would execute, and does nothing. */
  public Plan explain(ContainerSpec spec, List<String> command) {
    var name = spec.name().orElseGet(Preparation::inventName);
    return machine
        .launches()
        .plan(
            preparation.explained(
                preparation.intent(
                    name, new Derivations(machine).derive(name, spec, false), command),
                spec.detached() ? Attachment.DETACHED : Attachment.FOREGROUND));
  }

  /** Creates a container without a task. */
  public Intent create(ContainerSpec spec) {
    return named(spec, List.of(), TRIES, this::create);
  }

  private Intent create(Intent intent) {
    var request = preparation.taskless(intent);
    var plan = new CreatePlanner(machine.features()).plan(request);
    try {
      new PlanRun(machine).run("create", intent.name(), plan);
      machine.journal().wrote(intent, request.intent());
    } catch (StateDamaged lost) {
      new EndOperation(machine).removeLost(intent);
      throw lost;
    }
    keep(intent);
    return intent;
  }

  /** One that is in another may have got from that what is to be done when it is empty. */
  private void keep(Intent intent) {
    if (intent.name().depth() > 1) {
      new OnEmptyOperation(machine).keepIfThere(intent.name());
    }
  }

  /** Creates a container and starts its command, looked after by the executor of this process. */
  public Started start(ContainerSpec spec, List<String> command) {
    checkCommand(command);
    if (spec.terminal()) {
      throw noTerminal();
    }
    return named(spec, command, TRIES, intent -> start(intent, false));
  }

  /** Starts the first command of a container that was created before. */
  public Started start(ContainerPath name, List<String> command) {
    checkCommand(command);
    var recorded = machine.find(name);
    Lifecycle.after(name.toString(), recorded.state(), Event.START);
    return start(preparation.intent(recorded.need(), command), true);
  }

  private Started start(Intent intent, boolean made) {
    var request = preparation.request(intent, Attachment.RESIDENT, made, Reporter.NOBODY);
    var plan = machine.launches().plan(request);
    var streams = StandardStreams.open(machine.kernel());
    boolean started = false;
    try {
      var execution = machine.kernel().executor().execute(plan, sent(plan, streams));
      streams.started();
      long pid = awaitStart(intent, plan, execution);
      started = true;
      if (!made) {
        keep(intent);
      }
      return new Started(intent, pid, streams, execution);
    } finally {
      if (!started) {
        streams.close();
      }
    }
  }

  private List<Integer> sent(Plan plan, StandardStreams streams) {
    var sent = new ArrayList<>(streams.far());
    if (plan.descriptors().size() > sent.size()) {
      sent.add(machine.kernel().emptyMounts().orElseThrow());
    }
    return sent;
  }

  /**
   * Hands a launch to the executor that started this process.
   *
   * @param asked what all this depends on, besides the words and directory of the call; empty where
   *     that cannot be told, so that the plan is for this once
   * @return the name of the container, which runs; and the pid of its first process, 0 where that
   *     is not told
   */
  public Launched launch(
      ContainerSpec spec, List<String> command, Reporter reporter, Optional<List<Fact>> asked) {
    checkCommand(command);
    var starter = starter(machine);
    var made = spec.name().flatMap(this::waiting);
    if (made.isPresent()) {
      var intent = preparation.intent(made.get(), spec, command);
      return launch(intent, true, reporter, starter, Optional.empty());
    }
    var known = asked.filter(_ -> LaunchKeeping.mayBeKept(spec));
    return named( // one plan
        spec, command, 1, intent -> launch(intent.unowned(), false, reporter, starter, known));
  }

  /** A container that was created to be there until somebody starts its command. */
  private Optional<Intent> waiting(ContainerPath name) {
    var recorded = machine.journal().read(name);
    return recorded.state() == ContainerState.CREATED
        ? recorded.intent().filter(intent -> intent.spec().detached())
        : Optional.empty();
  }

  /** The executor that started this process. */
  static PlanExecutor starter(Machine machine) {
    return machine
        .kernel()
        .starter()
        .orElseThrow(
            () ->
                new NotPossibleHere(
                    "a command for the command line can only be started by the bailey program;"
                        + " in a Java program use ContainerSystem.start"));
  }

  static BadRequest noTerminal() {
    return new BadRequest(
        "--tty: a program that starts containers as a library has no terminal to show it on;"
            + " use the command's streams");
  }

  /** A container that was started for the command line. */
  public record Launched(ContainerPath name, long pid) {}

  private Launched launch(
      Intent intent,
      boolean made,
      Reporter reporter,
      PlanExecutor starter,
      Optional<List<Fact>> asked) {
    var attachment = intent.spec().detached() ? Attachment.DETACHED : Attachment.FOREGROUND;
    var request = preparation.request(intent, attachment, made, reporter);
    var plan = machine.launches().plan(request);
    long pid = awaitStart(intent, plan, starter.execute(plan, List.of()));
    var keeping = new LaunchKeeping(machine, preparation);
    boolean kept =
        asked.filter(facts -> keeping.keep(request, intent, reporter, facts)).isPresent();
    if (kept || ReportOperation.isTimeToPrune()) { // the next ones may not come here
      new ReportOperation(machine).prune();
    }
    return new Launched(intent.name(), pid);
  }

  private interface Attempt<T> {
    T with(Intent intent);
  }

  /** With the name asked for, or with invented ones until one is free. */
  private <T> T named(ContainerSpec spec, List<String> command, int tries, Attempt<T> attempt) {
    if (spec.name().isPresent()) {
      return taken(intent(spec.name().get(), spec, command), attempt);
    }
    for (int i = 1; ; i++) {
      try {
        return attempt.with(intent(Preparation.inventName(), spec, command));
      } catch (ContainerBusy busy) {
        if (i == tries) {
          throw busy;
        }
      }
    }
  }

  private Intent intent(ContainerPath name, ContainerSpec spec, List<String> command) {
    return preparation.intent(name, new Derivations(machine).derive(name, spec, true), command);
  }

  /** What was abandoned under the name is removed first. */
  private <T> T taken(Intent intent, Attempt<T> attempt) {
    if (machine.journal().read(intent.name()).state() == ContainerState.ABANDONED) {
      new Reconciler(machine).reconcile(intent.name());
    }
    return attempt.with(intent);
  }

  static void checkCommand(List<String> command) {
    if (command.isEmpty() || command.getFirst().isEmpty()) {
      throw new BadRequest(
          "no command is given; name the program to run, for example: bailey run -- sh");
    }
    for (var argument : command) {
      if (argument.indexOf('\0') >= 0) {
        throw new BadRequest(
            "the argument \"" + argument.replace('\0', '?') + "\" has a NUL in it; leave it out");
      }
    }
  }

  private long awaitStart(Intent intent, Plan plan, Execution execution) {
    try {
      var start = execution.start().join();
      if (start.failure() == null) {
        return start.pid();
      }
      // what was made is undone when the plan has ended
      execution.end().join();
      throw refused("start", intent.name(), plan, start.failure());
    } catch (CompletionException e) {
      var lost = lost("start", intent.name(), e);
      new EndOperation(machine).removeLost(intent);
      throw lost;
    }
  }

  /** The sentence for a refused step; some refusals have a meaning of their own. */
  static ContainerException refused(String verb, ContainerPath name, Plan plan, Failure failure) {
    var step = failure.step();
    boolean takesName =
        step instanceof Step.Call call
            && call.call() == Sys.MKDIRAT
            && step.note().what().startsWith("taking the name ");
    if (takesName && failure.errno() == Errno.EEXIST.number()) {
      return new ContainerBusy(
          "cannot "
              + verb
              + " "
              + name
              + ": the name is in use; choose another, or end and remove that one by bailey rm"
              + " --force "
              + name);
    }
    if (takesName && failure.errno() == Errno.ENOENT.number() && name.depth() > 1) {
      return new NoSuchContainer(
          "cannot "
              + verb
              + " "
              + name
              + ": there is no container "
              + name.parent().orElseThrow()
              + " for it to be in; create that first");
    }
    if (CreatePlanner.checksBindings(step) && failure.errno() == Errno.ENOENT.number()) {
      return new ContainerBusy(
          "cannot "
              + verb
              + " "
              + name
              + ": a hierarchy was mounted or unmounted at this moment; try again");
    }
    if (step.note().what().startsWith("making ")
        && failure.errno() == Errno.EEXIST.number()
        && step.note().because().startsWith("state: ")) {
      return new ContainerBusy(
          "cannot " + verb + " " + name + ": it was started already; a container is started once");
    }
    return Refusal.of("cannot " + verb + " " + name, plan, failure);
  }

  /** The executor is gone, perhaps in the middle. */
  static StateDamaged lost(String verb, ContainerPath name, CompletionException e) {
    if (!(e.getCause() instanceof ExecutorLost lost)) {
      throw e;
    }
    return new StateDamaged(
        "cannot "
            + verb
            + " "
            + name
            + ": the executor ended in the middle of it, "
            + lost.getMessage()
            + "; it can be tried again",
        lost);
  }
}
