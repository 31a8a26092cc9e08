package bailey.engine.operation;

import bailey.ExitReport;
import bailey.core.container.ContainerPath;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import bailey.core.error.StateDamaged;
import bailey.core.kernel.TaskInfo;
import bailey.core.state.ContainerState;
import bailey.core.state.Event;
import bailey.core.state.FirstTask;
import bailey.core.state.Lifecycle;
import bailey.engine.group.Groups;
import bailey.engine.group.Killer;
import bailey.engine.journal.Intent;
import bailey.engine.journal.Recorded;
import bailey.engine.operation.Reconciler.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends containers, waits for their end and removes them. */
public final class EndOperation {
  /** What a keeper needs to record the end and remove the groups, on a machine under load. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Machine machine;

  /** On a machine. */
  public EndOperation(Machine machine) {
    this.machine = machine;
  }

  /** Sends a signal to the first process, which passes it on to the command. */
  public void signal(ContainerPath name, int signal) {
    var recorded = machine.find(name);
    var first = first(recorded);
    if (first.isEmpty()) {
      Lifecycle.after(name.toString(), ContainerState.ENDED, Event.EXEC);
      return;
    }
    var task = first.get();
    if (!machine.kernel().processes().signal(task.pid(), task.startTicks(), signal)) {
      throw new ContainerBusy("cannot signal " + name + ": it has just ended");
    }
  }

  /** Kills everything in it. Does nothing where nothing runs. */
  public void kill(ContainerPath name) {
    var recorded = machine.find(name);
    Lifecycle.after(name.toString(), recorded.state(), Event.KILL);
    kill(recorded);
  }

  /** As {@link #kill}, but nothing where it is gone. */
  public void killIfThere(ContainerPath name) {
    var recorded = machine.journal().read(name);
    if (Lifecycle.next(recorded.state(), Event.KILL).isPresent()) {
      kill(recorded);
    }
  }

  private void kill(Recorded recorded) {
    var name = recorded.name();
    var processes = machine.kernel().processes();
    var groups = machine.groups(recorded);
    if (groups.isPresent()) {
      new Killer(groups.get(), processes).kill(name.toString(), first(recorded));
    } else {
      first(recorded).ifPresent(task -> processes.signal(task.pid(), task.startTicks(), 9));
    }
  }

  private Optional<TaskInfo> first(Recorded recorded) {
    return recorded.first().filter(_ -> !recorded.foreign()).flatMap(this::same);
  }

  private Optional<TaskInfo> same(FirstTask first) {
    return machine
        .kernel()
        .processes()
        .find(first.pid())
        .filter(task -> task.startTicks() == first.startTicks())
        .filter(task -> task.state() != 'Z');
  }

  /**
   * Waits until a container has ended and tells how.
   *
   * @throws InterruptedException if this thread is interrupted
   * @throws StateDamaged if nobody was there to record its end
   */
  public ExitReport await(ContainerPath name) throws InterruptedException {
    var recorded = machine.look(name);
    var file = machine.reports().latest(name);
    if (recorded.guest().isPresent()) {
      recorded.need();
    }
    if (recorded.state() == ContainerState.GONE) {
      return file.map(_ -> new ReportOperation(machine).report(name))
          .orElseThrow(() -> machineFind(name));
    }
    if (recorded.state() == ContainerState.CREATED) {
      throw new ContainerBusy(
          "cannot wait for " + name + ": it has no task yet; start its first command");
    }
    awaitRelease(recorded);
    var intent = recorded.intent().or(() -> machine.journal().intent(name));
    return intent
        .flatMap(i -> new ReportOperation(machine).report(i))
        .orElseThrow(() -> unrecorded(name));
  }

  private NoSuchContainer machineFind(ContainerPath name) {
    try {
      machine.find(name);
    } catch (NoSuchContainer e) {
      return e;
    }
    return new NoSuchContainer(name + ": it was made just now; try again");
  }

  static StateDamaged unrecorded(ContainerPath name) {
    return new StateDamaged(
        "how "
            + name
            + " ended is not known: the process that looked after it was gone before, or found no"
            + " room to write it down; bailey gc removes what is left of it");
  }

  /** Until nobody looks after it, and its first process has ended if nobody did. */
  private void awaitRelease(Recorded recorded) throws InterruptedException {
    machine.journal().awaitRelease(recorded.name());
    var first = first(recorded);
    if (first.isPresent()) {
      machine.kernel().processes().awaitEnd(first.get().pid(), first.get().startTicks());
    }
  }

  /** As {@link #await(ContainerPath)}, for at most that time; empty if it has not ended then. */
  public Optional<ExitReport> await(ContainerPath name, Duration time) throws InterruptedException {
    var task = new FutureTask<>(() -> await(name));
    var thread = Thread.ofPlatform().daemon().name("bailey wait " + name).start(task);
    try {
      return Optional.of(task.get(time.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      thread.interrupt();
    }
  }

  /**
   * Removes a container.
   *
   * @param force whether what runs in it is killed, and what is damaged is removed
   */
  public void remove(ContainerPath name, boolean force) {
    if (!force && new EmptyRemoval(machine).remove(name)) {
      return;
    }
    var recorded = machine.find(name);
    if (recorded.guest().isPresent()) {
      recorded.need();
    }
    if (!force) {
      Lifecycle.after(name.toString(), recorded.state(), Event.REMOVE);
      checkNothingAttached(recorded);
    }
    checkNoneInside(name);
    if (recorded.evidence().attended() || runs(recorded)) {
      kill(recorded);
      awaitReleaseBriefly(recorded);
      recorded = machine.journal().read(name);
    }
    if (recorded.state() == ContainerState.GONE) {
      return; // its keeper removed it
    }
    if (new Reconciler(machine).remove(recorded, true) == Outcome.ATTENDED) {
      throw new ContainerBusy(
          "cannot remove " + name + ": somebody else is just starting or removing it; try again");
    }
  }

  /**
   * Ends and removes a container whose executor was lost, unless somebody else did and the name is
   * another's now.
   */
  void removeLost(Intent intent) {
    try {
      boolean same =
          machine
              .journal()
              .intent(intent.name())
              .filter(found -> found.report().equals(intent.report()))
              .isPresent();
      if (same) {
        remove(intent.name(), true);
      } else {
        new Reconciler(machine).reconcile(intent.name());
      }
    } catch (NoSuchContainer | ContainerBusy _) {
      // gone, or somebody is at it; gc does the rest
    }
  }

  private static boolean runs(Recorded recorded) {
    return recorded.state() == ContainerState.UNATTENDED;
  }

  private void checkNoneInside(ContainerPath name) {
    var inside = machine.journal().children(name);
    if (!inside.isEmpty()) {
      throw new ContainerBusy(
          "cannot remove "
              + name
              + ": the container "
              + inside.getFirst()
              + " is in it; remove that first");
    }
  }

  /** Processes that were put into it would be killed. */
  private void checkNothingAttached(Recorded recorded) {
    var tasks = machine.groups(recorded).map(Groups::allTasks).orElse(Set.of());
    if (recorded.state() == ContainerState.CREATED && !tasks.isEmpty()) {
      throw new ContainerBusy(
          "cannot remove "
              + recorded.name()
              + ": "
              + tasks.size()
              + " processes were put into it, such as "
              + tasks.iterator().next()
              + "; bailey attach puts them elsewhere, --force kills them");
    }
  }

  private void awaitReleaseBriefly(Recorded recorded) {
    var released = new CompletableFuture<Boolean>();
    var thread =
        Thread.ofPlatform()
            .daemon()
            .name("bailey remove " + recorded.name())
            .start(
                () -> {
                  try {
                    awaitRelease(recorded);
                    released.complete(true);
                  } catch (InterruptedException | RuntimeException e) {
                    released.completeExceptionally(e);
                  }
                });
    try {
      released.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      throw new ContainerBusy(
          "cannot remove "
              + recorded.name()
              + ": it was killed, but has not ended after "
              + PATIENCE.toSeconds()
              + " s; bailey ps "
              + recorded.name()
              + " shows what is left",
          e);
    } finally {
      thread.interrupt();
    }
  }
}
