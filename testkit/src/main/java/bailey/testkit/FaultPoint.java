package bailey.testkit;

import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in a plan at which its execution is held, so that a test can kill whoever executes it
 * there.
 *
 * <p>The plan gets two more descriptors, the ends of pipes: at the place, whoever is there, the
 * executor or a child, writes a byte to the first and reads one from the second. The test that has
 * read the byte knows that this step is done and the next one is not begun. When it closes its end
 * of the second, a child that survived goes on.
 */
public final class FaultPoint {
  /** Where the descriptors are kept, beyond what a child closes. */
  private static final int TELL = 900;

  private static final int HOLD = 901;

  private final int place;
  private final Register tell;
  private final Register hold;
  private @Nullable Step fault;
  private int seen;

  /** The executor puts descriptors into the first registers; the plan may use them again later. */
  private FaultPoint(int place, int first) {
    this.place = place;
    this.tell = new Register(first, "fault point: tell", true);
    this.hold = new Register(first + 1, "fault point: hold", true);
  }

  /**
   * {@code plan}, held after its step {@code place}.
   *
   * @param place number of a step from 1, in the order of {@link Plan#flattened()}; 0: before all
   * @return a plan that takes two more descriptors: one to write to, one to read from
   */
  public static Plan cut(Plan plan, int place) {
    var point = new FaultPoint(place, plan.descriptors().size());
    var steps = new ArrayList<Step>();
    point.keep(steps);
    if (place == 0) {
      hold(steps);
    }
    steps.addAll(point.copy(plan.steps()));
    var descriptors = new ArrayList<>(plan.descriptors());
    descriptors.add(point.tell);
    descriptors.add(point.hold);
    return new Plan(plan.title(), plan.arch(), descriptors, steps);
  }

  /**
   * {@code plan}, which fails right after its step {@code place}.
   *
   * @param place number of a step from 1, in the order of {@link Plan#flattened()}
   * @param errno the error that it fails with
   */
  public static Plan failing(Plan plan, int place, Errno errno) {
    var point = new FaultPoint(place, 0);
    point.fault = new Step.Fail(note(), Operand.number(-errno.number()));
    return new Plan(plan.title(), plan.arch(), plan.descriptors(), point.copy(plan.steps()));
  }

  /** Whether a plan can be held after {@code step}: not where it is never left. */
  public static boolean isPlace(Step step) {
    return switch (step) {
      case Step.End _, Step.Unwind _, Step.Fail _, Step.Undo _ -> false;
      default -> true;
    };
  }

  private List<Step> copy(List<Step> steps) {
    var copies = new ArrayList<Step>();
    for (var step : steps) {
      seen++;
      boolean here = seen == place;
      copies.addAll(withInner(step, here));
      if (here && !startsInside(step)) {
        strike(copies);
      }
    }
    return copies;
  }

  /** After a step with steps inside it begin those, in the order of numbers. */
  private static boolean startsInside(Step step) {
    return step instanceof Step.Attempt || step instanceof Step.When;
  }

  private List<Step> withInner(Step step, boolean here) {
    return switch (step) {
      case Step.Attempt a -> List.of(new Step.Attempt(a.call(), a.errors(), body(a.rest(), here)));
      case Step.When w ->
          List.of(new Step.When(w.note(), w.left(), w.test(), w.right(), body(w.body(), here)));
      case Step.Spawn s ->
          List.of(new Step.Spawn(s.note(), s.role(), s.arguments(), s.pid(), copy(s.child())));
      case Step.Watch w ->
          List.of(new Step.Watch(w.note(), w.group(), w.role(), w.arguments(), copy(w.child())));
      case Step.Undo u -> List.of(new Step.Undo(u.note(), copy(u.steps())));
      case Step.Call c when c.call() == Sys.CLOSE_RANGE -> around(c);
      default -> List.of(step);
    };
  }

  private List<Step> body(List<Step> steps, boolean here) {
    var copies = new ArrayList<Step>();
    if (here) {
      strike(copies);
    }
    copies.addAll(copy(steps));
    return copies;
  }

  private void strike(List<Step> steps) {
    if (fault == null) {
      hold(steps);
    } else {
      steps.add(fault);
    }
  }

  /** Closes everything but the two descriptors. */
  private static List<Step> around(Step.Call call) {
    var first = new ArrayList<>(call.arguments());
    var second = new ArrayList<>(call.arguments());
    first.set(1, Operand.number(TELL - 1));
    second.set(0, Operand.number(HOLD + 1));
    return List.of(
        new Step.Call(call.note(), call.call(), first, call.into(), call.onError(), false),
        new Step.Call(call.note(), call.call(), second, call.into(), call.onError(), false));
  }

  private void keep(List<Step> steps) {
    move(steps, tell, TELL);
    move(steps, hold, HOLD);
  }

  private static void move(List<Step> steps, Register from, int to) {
    var note = note();
    steps.add(
        new Step.Call(
            note,
            Sys.DUP3,
            List.of(Operand.result(from), Operand.number(to), Operand.number(0x80000)),
            null,
            OnError.FAIL,
            false));
    steps.add(
        new Step.Call(note, Sys.CLOSE, List.of(Operand.result(from)), null, OnError.FAIL, false));
  }

  private static void hold(List<Step> steps) {
    var note = note();
    steps.add(
        new Step.Call(
            note,
            Sys.WRITE,
            List.of(Operand.number(TELL), Operand.text("."), Operand.number(1)),
            null,
            OnError.IGNORE,
            false));
    steps.add(
        new Step.Call(
            note,
            Sys.READ,
            List.of(
                Operand.number(HOLD),
                Operand.address(new Datum.Space("fault point", 8)),
                Operand.number(1)),
            null,
            OnError.IGNORE,
            false));
  }

  private static Step.Note note() {
    return new Step.Note("waiting at a fault point", "test");
  }
}
