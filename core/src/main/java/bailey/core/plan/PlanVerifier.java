package bailey.core.plan;

import bailey.core.abi.Sys;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks a plan before it is executed: no descriptor is used before it is open or after it was
 * closed, none is left open in a process that goes on, each process comes to an end, undo steps are
 * registered on the main line only (else they would be done without what they undo).
 */
public final class PlanVerifier {
  private final List<String> faults = new ArrayList<>();

  private PlanVerifier() {}

  /**
   * Checks {@code plan}.
   *
   * @throws IllegalStateException listing every fault: a fault is a mistake in a planner
   */
  public static Plan verify(Plan plan) {
    var faults = faults(plan);
    if (!faults.isEmpty()) {
      throw new IllegalStateException(plan.title() + ": " + String.join("; ", faults));
    }
    return plan;
  }

  /** The faults of {@code plan}, none if it is sound. */
  public static List<String> faults(Plan plan) {
    var verifier = new PlanVerifier();
    var main = verifier.new Walk("the plan", Set.of());
    for (var register : plan.descriptors()) {
      main.open.add(register);
      main.set.add(register);
    }
    main.steps(plan.steps(), true);
    main.end();
    return verifier.faults;
  }

  /** One process of a plan: what is open in it as its steps go by. */
  private final class Walk {
    private final String name;
    private final Set<Register> open;
    private final Set<Register> set = new HashSet<>();
    private final Set<Register> closedByUndo = new HashSet<>();
    private boolean ended;
    private boolean replaced;

    Walk(String name, Set<Register> inherited) {
      this.name = name;
      this.open = new HashSet<>(inherited);
      set.addAll(inherited);
    }

    void fault(Step step, String text) {
      faults.add(name + ": " + PlanText.text(step) + ": " + text);
    }

    void steps(List<Step> steps, boolean mainLine) {
      for (var step : steps) {
        if (ended && mainLine) {
          fault(step, "is never reached");
        }
        step(step, mainLine);
      }
    }

    private void step(Step step, boolean mainLine) {
      operands(step).forEach(operand -> use(step, operand));
      switch (step) {
        case Step.Call call -> call(call);
        case Step.Attempt attempt -> {
          call(attempt.call());
          steps(attempt.rest(), false);
        }
        case Step.When when -> steps(when.body(), false);
        case Step.Spawn spawn -> {
          assign(spawn.pid());
          var child = new Walk(spawn.role(), open);
          child.set.addAll(set);
          child.steps(spawn.child(), true);
          child.endOfChild();
        }
        case Step.Watch watch -> {
          var child = new Walk(watch.role(), open);
          child.set.addAll(set);
          child.steps(watch.child(), true);
          child.endOfChild();
        }
        case Step.Undo undo -> {
          if (!mainLine) {
            fault(undo, "undo steps must be on the main line");
          }
          for (var inner : undo.steps()) {
            if (inner instanceof Step.Call call && call.call() == Sys.CLOSE) {
              closedByUndo.add(register(call));
            }
          }
        }
        case Step.Assign assign -> assign(assign.into());
        case Step.Load load -> assign(load.into());
        case Step.Decimal decimal -> assign(decimal.end());
        case Step.Find find -> assign(find.into());
        case Step.Supervise supervise -> assign(supervise.timedOut());
        case Step.Init init -> assign(init.status());
        case Step.WriteRecord write -> assign(write.into());
        case Step.PlaceListed place -> assign(place.into());
        case Step.Reap reap -> assign(reap.into());
        case Step.ExitCode exit -> assign(exit.into());
        case Step.End _, Step.Unwind _ -> ended |= mainLine;
        case Step.Fail _ -> ended |= mainLine;
        default -> {}
      }
    }

    private void call(Step.Call call) {
      if (call.call() == Sys.CLOSE
          && call.arguments().getFirst() instanceof Operand.Result(var register)) {
        if (register.descriptor() && !open.remove(register)) {
          fault(call, register + " is not open");
        }
      }
      if (call.call() == Sys.EXECVE) {
        replaced = true;
      }
      if (call.call() == Sys.CLOSE_RANGE) {
        open.clear();
      }
      assign(call.into());
    }

    private void assign(@Nullable Register register) {
      if (register == null) {
        return;
      }
      set.add(register);
      if (register.descriptor() && !open.add(register)) {
        faults.add(name + ": " + register + " is opened again while it is open");
      }
    }

    private void use(Step step, Operand operand) {
      if (operand instanceof Operand.Result(var register)) {
        if (!set.contains(register) && register.number() != Registers.ENVIRONMENT) {
          fault(step, register + " is used before it is set");
        } else if (register.descriptor() && !open.contains(register)) {
          fault(step, register + " is not open");
        }
      }
    }

    void end() {
      open.removeAll(closedByUndo);
      for (var register : open) {
        faults.add(name + ": " + register + " is left open");
      }
    }

    void endOfChild() {
      if (!ended && !replaced) {
        faults.add(name + ": does not end");
      }
    }

    private static @Nullable Register register(Step.Call call) {
      return call.arguments().getFirst() instanceof Operand.Result(var register) ? register : null;
    }
  }

  private static List<Operand> operands(Step step) {
    return switch (step) {
      case Step.Call call -> call.arguments();
      case Step.Attempt attempt -> attempt.call().arguments();
      case Step.When when -> List.of(when.left(), when.right());
      case Step.Unwind unwind -> List.of(unwind.status());
      case Step.End end -> List.of(end.status());
      case Step.Fail fail -> List.of(fail.error());
      case Step.Assign assign -> List.of(assign.value());
      case Step.Store store -> List.of(store.value());
      case Step.Decimal decimal -> List.of(decimal.value());
      case Step.Append append -> List.of(append.offset());
      case Step.Await await -> List.of(await.descriptor());
      case Step.Handshake handshake -> List.of(handshake.descriptor());
      case Step.ReportTo report -> List.of(report.descriptor());
      case Step.Report report -> List.of(report.value());
      case Step.Collect collect -> List.of(collect.directory());
      case Step.CollectNumber collect -> List.of(collect.value());
      case Step.WriteRecord write -> List.of(write.descriptor());
      case Step.Supervise supervise -> List.of(supervise.pidfd());
      case Step.Init init -> List.of(init.main());
      case Step.Reap reap -> List.of(reap.pidfd());
      case Step.ExitCode exit -> List.of(exit.waitStatus());
      case Step.MoveListed move -> List.of(move.from(), move.to());
      case Step.CopyTree copy -> List.of(copy.from(), copy.to());
      case Step.KillListed kill -> List.of(kill.descriptor());
      case Step.Watch watch -> List.of(watch.group());
      case Step.Spawn _,
          Step.Undo _,
          Step.Load _,
          Step.Find _,
          Step.SendRecord _,
          Step.RemoveGroups _,
          Step.PlaceListed _,
          Step.KillNoted _,
          Step.DropBounding _ ->
          List.of();
    };
  }
}
