package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;

/** Passes on what a visitor reads to whoever has it visit. */
final class Passing {
  private Passing() {}

  /** Reads once, and passes on what came. */
  static void part(
      Steps steps, String what, Register file, Register size, Datum text, int most, Register out) {
    steps.call(
        what, size, OnError.IGNORE, Sys.READ, result(file), Operand.address(text), number(most));
    steps.when(
        "where there was something",
        number(0),
        Step.Test.LESS,
        result(size),
        inner ->
            inner.call("telling it", Sys.WRITE, result(out), Operand.address(text), result(size)));
  }

  /** What says that not all was read: the inside decides how much there is. */
  static void rest(
      Steps steps, String what, Register file, Register size, byte[] mark, Register out) {
    steps.call(
        what,
        size,
        OnError.IGNORE,
        Sys.READ,
        result(file),
        Operand.address(new Datum.Space("more", 1)),
        number(1));
    steps.when(
        "where there is",
        number(0),
        Step.Test.LESS,
        result(size),
        inner ->
            inner.call(
                "telling that there is",
                Sys.WRITE,
                result(out),
                Operand.address(new Datum.Bytes("there is more", mark)),
                number(mark.length)));
  }
}
