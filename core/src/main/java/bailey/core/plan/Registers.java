package bailey.core.plan;

/** Hands out the registers of one plan. Confined to the thread that builds the plan. */
public final class Registers {
  /** Where the executor keeps the address of its own environment, for {@code execve}. */
  static final int ENVIRONMENT = Register.COUNT - 2;

  private int next;

  /** None handed out. */
  public Registers() {}

  /** A register for a number. */
  public Register number(String name) {
    return take(name, false);
  }

  /** A register for a descriptor, which the plan must close. */
  public Register descriptor(String name) {
    return take(name, true);
  }

  /** The address of the environment that the executor itself was started with. */
  public static Register environment() {
    return new Register(ENVIRONMENT, "environ", false);
  }

  private Register take(String name, boolean descriptor) {
    if (next == ENVIRONMENT) {
      throw new IllegalStateException("a plan needs more than " + ENVIRONMENT + " registers");
    }
    return new Register(next++, name, descriptor);
  }
}
