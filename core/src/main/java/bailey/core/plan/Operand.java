package bailey.core.plan;

import bailey.core.abi.Notation;

/** What a step works on. */
public sealed interface Operand {
  /** A number known when the plan is made. */
  record Constant(long value, Notation notation) implements Operand {
    @Override
    public String toString() {
      return notation.text(value);
    }
  }

  /** The address of a datum, plus an offset in bytes. */
  record Address(Datum datum, int offset) implements Operand {
    @Override
    public String toString() {
      String text =
          datum instanceof Datum.Text(String value) ? PlanText.quoted(value) : datum.toString();
      return offset == 0 ? text : text + "+" + offset;
    }
  }

  /** The content of a register. */
  record Result(Register register) implements Operand {
    @Override
    public String toString() {
      return register.toString();
    }
  }

  /** A decimal number. */
  static Operand number(long value) {
    return new Constant(value, Notation.DECIMAL);
  }

  /** A number in the notation of its kind. */
  static Operand number(long value, Notation notation) {
    return new Constant(value, notation);
  }

  /** The address of a string. */
  static Operand text(String value) {
    return new Address(new Datum.Text(value), 0);
  }

  /** The address of a datum. */
  static Operand address(Datum datum) {
    return new Address(datum, 0);
  }

  /** The content of a register. */
  static Operand result(Register register) {
    return new Result(register);
  }
}
