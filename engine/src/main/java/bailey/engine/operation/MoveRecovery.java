package bailey.engine.operation;

import bailey.core.abi.Errno;
import bailey.core.container.Bindings;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.PlanExecutor.ExecutorLost;
import bailey.core.planner.MovePlanner;
import bailey.core.planner.MoveRequest;
import bailey.core.planner.MoveRequest.Batch;
import bailey.core.planner.MoveRequest.Leg;
import bailey.engine.group.Groups;
import bailey.engine.journal.MoveRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;

/**
 * Ends what an executor left that died in the middle of a move: tasks that are held, in some
 * hierarchies here, in others there. All goes back to where it was, or on to where it should be if
 * nothing else was left to do; either way it runs again.
 */
public final class MoveRecovery {
  private final Machine machine;

  /** On a machine. */
  public MoveRecovery(Machine machine) {
    this.machine =
        machine.in(Bindings.DEFAULT); // which holds what is moved, whatever the hierarchy
  }

  /**
   * Ends the move that was left, if there is one and nobody is at it.
   *
   * @return what was done, as a sentence that begins with "removed" or "kept"; empty if nothing was
   */
  public Optional<String> recover() {
    if (machine.kernel().locks().isHeld(machine.state().move().toString())) {
      return Optional.empty();
    }
    var found = MoveRecord.read(machine.state().move());
    if (found.isEmpty()) {
      removeEmpty();
      return Optional.empty();
    }
    var record = found.get();
    var request = present(record.request());
    var plan = new MovePlanner(machine.features()).recover(request, record.committed());
    try {
      var failure = new PlanRun(machine).execute(plan, List.of()).failure();
      if (failure == null) {
        removeEmpty();
        return Optional.of(
            "removed what was left of a move that was interrupted, "
                + request.title()
                + ": all of it is "
                + (record.committed() ? "where it was to go" : "where it was before")
                + ", and goes on");
      }
      if (MovePlanner.claims(failure.step())) {
        return Optional.empty(); // somebody is at it, or has done it
      }
      return Optional.of(
          "kept what is left of a move that was interrupted, "
              + request.title()
              + ": "
              + failure.step().note().what()
              + " failed: "
              + Errno.sentence(failure.errno())
              + "; bailey gc tries it again");
    } catch (CompletionException e) {
      if (e.getCause() instanceof ExecutorLost) {
        return Optional.of(
            "kept what is left of a move that was interrupted, "
                + request.title()
                + ": the executor ended; bailey gc tries it again");
      }
      throw e;
    }
  }

  /** Where a group was removed since, its tasks go to the one around it. */
  private MoveRequest present(MoveRequest request) {
    var points = Groups.hierarchies(machine.kernel().features().cgroups());
    return new MoveRequest(
        request.title(),
        request.record(),
        request.id(),
        request.text(),
        request.stopper(),
        request.batches().stream().map(batch -> present(batch, points)).toList());
  }

  private Batch present(Batch batch, Map<String, String> points) {
    var held = held(batch);
    return new Batch(
        batch.hold(),
        batch.processes(),
        batch.threads().isEmpty()
            ? List.of()
            : batch.threads().stream().filter(held::contains).toList(),
        legs(batch, held).stream()
            .map(leg -> new Leg(present(leg.from(), points), leg.to()))
            .toList(),
        new Leg(present(batch.last().from(), points), batch.last().to()),
        batch.strays().stream().filter(stray -> held.contains(stray.tid())).toList());
  }

  /** Single threads that have ended take no way: their numbers may be those of others now. */
  private static List<Leg> legs(Batch batch, Set<Long> held) {
    boolean gone = !batch.threads().isEmpty() && batch.threads().stream().noneMatch(held::contains);
    return gone ? List.of() : batch.legs();
  }

  /** The threads that are held. */
  private Set<Long> held(Batch batch) {
    var holder = MoveWays.holder(machine);
    var threads = new HashSet<Long>();
    String prefix = holder.point() + "/";
    if (batch.hold().startsWith(prefix)) {
      var group = batch.hold().substring(prefix.length());
      Groups.ifThere(
              () ->
                  machine
                      .kernel()
                      .cgroups()
                      .read(holder.controller(), group, Mover.listing(holder.stopper())))
          .ifPresent(text -> text.lines().map(Long::valueOf).forEach(threads::add));
    }
    return threads;
  }

  private String present(String group, Map<String, String> points) {
    for (var mount : points.entrySet()) {
      String prefix = mount.getValue() + "/";
      if (group.startsWith(prefix)) {
        String path = group.substring(prefix.length());
        while (!path.isEmpty() && !exists(mount.getKey(), path)) {
          path = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        }
        return path.isEmpty() ? mount.getValue() : prefix + path;
      }
    }
    return group;
  }

  private boolean exists(String controller, String path) {
    return Groups.ifThere(() -> machine.kernel().cgroups().children(controller, path)).isPresent();
  }

  /** Groups that held what was moved, of which nothing is recorded and in which nothing is. */
  private void removeEmpty() {
    var base = machine.features().cgroups().base();
    if (base.isPresent()) {
      machine.state().withMoveIfFree(() -> removeEmpty(base.get().substring(1)));
    }
  }

  private void removeEmpty(String top) {
    MoveWays.Holder holder;
    try {
      holder = MoveWays.holder(machine);
    } catch (NotPossibleHere _) {
      return;
    }
    var groups =
        Groups.ifThere(() -> machine.kernel().cgroups().children(holder.controller(), top));
    for (var name : groups.orElse(List.of())) {
      if (name.startsWith(MoveWays.HOLD)) {
        try {
          machine.kernel().cgroups().rmdir(holder.controller(), top + "/" + name);
        } catch (CgroupFiles.Refused _) {
          // one that is just being made, or that somebody has put tasks into
        }
      }
    }
  }
}
