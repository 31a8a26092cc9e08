package bailey.engine.operation;

import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.container.OnEmpty;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.plan.Plan;
import bailey.core.planner.KeeperPlanner;
import bailey.core.planner.KeeperRequest;
import bailey.core.state.FirstTask;
import bailey.engine.group.Groups;
import bailey.engine.journal.Recorded;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** What is done when a container gets empty, and the processes that wait for that. */
public final class OnEmptyOperation {
  private static final int SIGKILL = 9;

  private final Machine machine;

  /** On a machine. */
  public OnEmptyOperation(Machine machine) {
    this.machine = machine;
  }

  /** What is done: what was said of it, else of the nearest above; else nothing. */
  public OnEmpty get(ContainerPath name) {
    for (var at = Optional.of(name); at.isPresent(); at = at.get().parent()) {
      var said = machine.state().onEmpty(at.get());
      if (said.isPresent()) {
        return OnEmpty.parse("container.on_empty", said.get());
      }
    }
    return OnEmpty.IGNORE;
  }

  /**
   * Says what is done.
   *
   * @param choice empty to do as for the container above
   * @throws NotPossibleHere where it has no control group that tells
   */
  public void set(ContainerPath name, Optional<OnEmpty> choice) {
    var _ = machine.find(name).need();
    machine.state().onEmpty(name, choice.map(OnEmpty::toString));
    renew(name);
  }

  /** Has new keepers wait, for a container and for those in it, as was asked last. */
  private void renew(ContainerPath name) {
    for (var each : machine.journal().names()) {
      if (each.isWithin(name)) {
        dismiss(each);
        keep(each);
      }
    }
  }

  /**
   * Sets the program that is run where a container that got empty is to notify.
   *
   * @param program an absolute path, or nothing for none
   */
  public void releaseAgent(String program) {
    if (!program.isEmpty() && (!program.startsWith("/") || program.indexOf('\0') >= 0)) {
      throw new BadRequest(
          "the release agent "
              + program
              + " is no absolute path; name a program such as /usr/local/bin/released, or nothing");
    }
    machine.state().releaseAgent(program);
    renew(ContainerPath.ROOT);
  }

  /** As {@link #keep}; a container that has ended meanwhile, or has no group, goes without. */
  void keepIfThere(ContainerPath name) {
    if (isAsked(name)
        && machine.groups(machine.journal().read(name)).filter(Groups::exist).isPresent()) {
      keep(name);
    }
  }

  private boolean isAsked(ContainerPath name) {
    return switch (get(name)) {
      case IGNORE -> false;
      case NOTIFY -> !machine.state().releaseAgent().isEmpty();
      case DELETE -> true;
    };
  }

  /** Starts the process that waits for a container to get empty, where that is asked for. */
  private void keep(ContainerPath name) {
    if (!isAsked(name)) {
      return;
    }
    var action = get(name);
    var agent = machine.state().releaseAgent();
    var recorded = machine.find(name);
    var intent = recorded.need();
    var groups = groups(recorded);
    var request =
        new KeeperRequest(
            name,
            machine.state().files(name, intent.report()),
            intent.id(),
            watched(groups),
            groups.directories(),
            action,
            agent);
    execute(new KeeperPlanner(machine.features()).plan(request), name);
  }

  private Groups groups(Recorded recorded) {
    return machine
        .groups(recorded)
        .filter(Groups::exist)
        .orElseThrow(
            () ->
                new NotPossibleHere(
                    "container.on_empty: "
                        + recorded.name()
                        + " has no control group, which would tell when it gets empty; run bailey"
                        + " as root"));
  }

  private String watched(Groups groups) {
    var points = Groups.hierarchies(machine.features().cgroups());
    if (groups.exists(CgroupFiles.CORE)) {
      return points.get(CgroupFiles.CORE) + "/" + groups.path() + "/cgroup.events";
    }
    return points.entrySet().stream()
            .filter(entry -> groups.exists(entry.getKey()))
            .map(entry -> entry.getValue() + "/" + groups.path())
            .findFirst()
            .orElseThrow()
        + "/cgroup.procs";
  }

  private void execute(Plan plan, ContainerPath name) {
    try {
      var failure = new PlanRun(machine).execute(plan, List.of()).failure();
      if (failure == null) {
        return;
      }
      if (KeeperPlanner.isTaken(failure.step()) && failure.errno() == Errno.EAGAIN.number()) {
        return; // somebody waits already
      }
      throw Refusal.of("cannot wait for " + name + " to get empty", plan, failure);
    } catch (CompletionException e) {
      throw StartOperation.lost("wait until it is empty for", name, e);
    }
  }

  /** Ends the process that waits for a container, if there is one. */
  void dismiss(ContainerPath name) {
    machine
        .journal()
        .keeper(name)
        .ifPresent(
            task -> {
              var processes = machine.kernel().processes();
              if (processes.signal(task.pid(), task.startTicks(), SIGKILL)) {
                await(task);
              }
            });
  }

  private void await(FirstTask keeper) {
    try {
      machine.kernel().processes().awaitEnd(keeper.pid(), keeper.startTicks());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // it dies all the same
    }
  }

  /** Who has lost the process that waits for it gets another. */
  void keepAgain(ContainerPath name) {
    if (machine.journal().keeper(name).isEmpty()) {
      keepIfThere(name);
    }
  }
}
