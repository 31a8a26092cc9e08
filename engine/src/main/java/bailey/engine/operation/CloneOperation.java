package bailey.engine.operation;

import bailey.CloneSpec;
import bailey.MoveResult;
import bailey.MoveResult.Stayed;
import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.ContainerException;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Membership;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceRequest;
import bailey.core.state.ContainerState;
import bailey.engine.group.Groups;
import bailey.engine.journal.Intent;
import bailey.engine.operation.AttachOperation.Candidates;
import java.util.List;
import java.util.Optional;

/**
 * Gives a task that runs a container of its own, in the one that it is in: container_clone() of the
 * generic process containers of 2007.
 *
 * <p>The container is made first, the task is moved as every other. Until it is there the container
 * belongs to this process: where that dies in between, it is removed like all that was abandoned.
 */
public final class CloneOperation {
  private final Machine machine;
  private final AttachOperation attach;

  /** On a machine. */
  public CloneOperation(Machine machine) {
    this.machine = machine;
    this.attach = new AttachOperation(machine);
  }

  /**
   * A task in its container.
   *
   * @param name of the container
   * @param moved what is in it
   */
  public record Cloned(ContainerPath name, MoveResult moved) {}

  /** Makes the container and moves the task, or does neither. */
  public Cloned clone(CloneSpec spec, long pid) {
    check(spec.container(), pid);
    var process = process(pid);
    AttachOperation.movable("clone", process);
    var around = around(process);
    var own = spec.container().name();
    if (own.isPresent() && own.get().depth() > 1) {
      throw new BadRequest(
          "--name: "
              + own.get()
              + " is more than one part; the new container is in the one that the process is in");
    }
    var name =
        around
            .orElse(ContainerPath.ROOT)
            .child(own.map(ContainerPath::name).orElse(Long.toString(pid)));
    var intent =
        new StartOperation(machine)
            .create(
                spec.container().toBuilder()
                    .name(name.toString())
                    .detached(false)
                    .removed(false)
                    .build());
    return moved(spec, intent, process, around);
  }

  private Cloned moved(
      CloneSpec spec, Intent intent, Membership process, Optional<ContainerPath> around) {
    var name = intent.name();
    boolean done = false;
    try {
      spec.onEmpty()
          .ifPresent(choice -> new OnEmptyOperation(machine).set(name, Optional.of(choice)));
      var result =
          attach.move(
              name,
              AttachOperation.attempt("clone", name, "process", List.of(process.pid())),
              () -> candidates(process, around, spec.tree()),
              spec.tree());
      done = true;
      keep(intent);
      return new Cloned(name, result);
    } catch (ContainerException e) {
      if (!done) {
        remove(name, e);
      }
      throw e;
    }
  }

  /** It stays when this process ends; where it is gone already there is nothing to be kept. */
  private void keep(Intent intent) {
    var spec = intent.spec().toBuilder().detached(true).build();
    var kept =
        new Intent(
            intent.name(),
            intent.command(),
            intent.created(),
            intent.report(),
            intent.userBase(),
            intent.maker(),
            intent.cgroups(),
            spec);
    try {
      machine.state().intent(intent.name(), kept.text());
    } catch (ContainerException e) {
      if (machine.journal().read(intent.name()).state() != ContainerState.GONE) {
        throw e;
      }
    }
  }

  /** Not what has tasks: where some of them could not be put back, they stay what they are. */
  private void remove(ContainerPath name, ContainerException reason) {
    try {
      new EndOperation(machine).remove(name, false);
    } catch (ContainerException e) {
      reason.addSuppressed(e);
    }
  }

  private Candidates candidates(
      Membership meant, Optional<ContainerPath> around, boolean withDescendants) {
    var now =
        machine.kernel().processes().membership(meant.pid()).filter(found -> found.same(meant));
    if (now.isEmpty()) {
      return new Candidates(List.of(), List.of(new Stayed(meant.pid(), "", "is gone")));
    }
    if (!container(now.get()).equals(around)) {
      throw new ContainerBusy(
          "cannot clone process "
              + meant.pid()
              + ": it was moved to another container at this moment; try again");
    }
    return withDescendants
        ? attach.tree(List.of(meant.pid()))
        : new Candidates(List.of(now.get()), List.of());
  }

  // ---- who and where ----

  /** The container of this state directory and hierarchy that a process is in. */
  public Optional<ContainerPath> container(long pid) {
    return container(process(pid));
  }

  private Optional<ContainerPath> container(Membership process) {
    var base = machine.features().cgroups().base();
    if (base.isEmpty()) {
      return Optional.empty();
    }
    var below = base.get().substring(1) + "/";
    for (var controller : Groups.hierarchies(machine.features().cgroups()).keySet()) {
      var path = process.groups().getOrDefault(controller, "");
      if (path.startsWith(below)) {
        var name = nearest(path.substring(below.length()));
        if (!name.isRoot()) {
          return Optional.of(name);
        }
      }
    }
    return Optional.empty();
  }

  /** As far as the directories are containers': the rest are groups that these made themselves. */
  private static ContainerPath nearest(String directories) {
    var name = ContainerPath.ROOT;
    var path = "";
    for (var directory : directories.split("/", -1)) {
      path = path.isEmpty() ? directory : path + "/" + directory;
      var deeper = ContainerPath.ofDirectory(path);
      if (deeper.isEmpty()) {
        return name;
      }
      name = deeper.get();
    }
    return name;
  }

  private Optional<ContainerPath> around(Membership process) {
    var name = container(process);
    if (name.isEmpty()) {
      MoveWays.container(machine, process)
          .ifPresent(
              other -> {
                throw new BadRequest(
                    "cannot clone process "
                        + process.pid()
                        + ": it is in container "
                        + other
                        + " of another state directory or hierarchy; name that by BAILEY_STATE or"
                        + " --hierarchy");
              });
      return name;
    }
    boolean boundary =
        machine.journal().intent(name.get()).filter(i -> i.spec().boundary()).isPresent();
    if (boundary) {
      throw new BadRequest(
          "cannot clone process "
              + process.pid()
              + ": it is in "
              + name.get()
              + ", a boundary, which is the root of the control groups for it; run bailey clone"
              + " inside, by bailey exec "
              + name.get());
    }
    return name;
  }

  private Membership process(long pid) {
    var processes = machine.kernel().processes();
    if (pid <= 0 || pid > Integer.MAX_VALUE) {
      throw new BadRequest("clone: " + pid + " is not the number of a process");
    }
    return processes
        .membership(pid)
        .orElseThrow(
            () -> {
              long of = processes.processOf(pid).orElse(pid);
              return new BadRequest(
                  of == pid
                      ? "clone: there is no process " + pid + "; ps -e lists those there are"
                      : "clone: " + pid + " is a thread of process " + of + "; name that");
            });
  }

  /** Of others, only control groups can be changed. */
  private static void check(ContainerSpec spec, long pid) {
    var kinds =
        spec.namespaces().entrySet().stream()
            .filter(entry -> !(entry.getValue() instanceof NamespaceRequest.Shared))
            .map(entry -> entry.getKey().file())
            .sorted()
            .toList();
    if (!kinds.isEmpty()) {
      var list = String.join(",", kinds);
      throw new NotPossibleHere(
          "cannot give process "
              + pid
              + " a new "
              + String.join(", ", kinds)
              + " namespace: a process changes its namespaces only by itself (unshare(2)); start it"
              + " anew by bailey clone --new "
              + list
              + " -- COMMAND, or leave "
              + list
              + " out to move its control groups alone");
    }
    if (spec.boundary()) {
      throw new BadRequest(
          "clone: a boundary is the root of the control groups for what is started in it; start"
              + " the process in one by bailey run --boundary");
    }
  }
}
