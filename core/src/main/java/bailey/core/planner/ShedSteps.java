package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.List;

/**
 * A process lets go of every descriptor but its streams and a few: those that it inherited from the
 * executor belong to others, and who has the right to trace it could take them.
 */
final class ShedSteps {
  private static final int STREAMS = 3;
  private static final int F_DUPFD_CLOEXEC = 1030;

  /** Beyond the places that the kept ones get. */
  private static final int ASIDE = 37;

  private ShedSteps() {}

  /** Keeps {@code kept}, right after the streams; their registers hold the new numbers then. */
  static void keep(Steps steps, List<Register> kept) {
    keep(steps, kept, STREAMS);
  }

  /** The same, and all descriptors below {@code first}, at least the streams. */
  static void keep(Steps steps, List<Register> kept, int first) {
    for (int i = 0; i < kept.size(); i++) {
      steps.call(
          "setting " + kept.get(i).name() + " aside",
          aside(steps, i),
          OnError.FAIL,
          Sys.FCNTL,
          result(kept.get(i)),
          number(F_DUPFD_CLOEXEC),
          number(first + ASIDE));
    }
    for (int i = 0; i < kept.size(); i++) {
      steps.call(
          "keeping " + kept.get(i).name(),
          Sys.DUP3,
          result(aside(steps, i)),
          number(first + i),
          Operand.number(OpenFlags.O_CLOEXEC, Notation.OPEN));
    }
    steps.call(
        "closing what else is open",
        Sys.CLOSE_RANGE,
        number(first + kept.size()),
        number(-1),
        number(0));
    for (int i = 0; i < kept.size(); i++) {
      steps.add(
          new Step.Assign(
              note(steps, "where " + kept.get(i).name() + " is now"),
              kept.get(i),
              number(first + i)));
    }
  }

  private static Register aside(Steps steps, int i) {
    return steps.registers().number("aside " + i);
  }
}
