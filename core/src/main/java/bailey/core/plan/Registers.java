package bailey.core.plan;

import bailey.core.error.BadRequest;
import java.util.HashMap;
import java.util.Map;

/** Hands out the registers of one plan. Confined to the thread that builds the plan. */
public final class Registers {
  /** Where the executor keeps the address of its own environment, for {@code execve}. */
  static final int ENVIRONMENT = Register.COUNT - 2;

  private final Map<String, Register> named = new HashMap<>();
  private int next;

  /** None handed out. */
  public Registers() {}

  /** The register for a number of this name, always the same one. */
  public Register number(String name) {
    return named(name, false);
  }

  /**
   * The register for a descriptor of this name, always the same one; the plan must close it before
   * it opens another under the name.
   */
  public Register descriptor(String name) {
    return named(name, true);
  }

  /** The address of the environment that the executor itself was started with. */
  public static Register environment() {
    return new Register(ENVIRONMENT, "environ", false);
  }

  private Register named(String name, boolean descriptor) {
    var register = named.computeIfAbsent(name, n -> take(n, descriptor));
    if (register.descriptor() != descriptor) {
      throw new IllegalStateException(name + " names both a descriptor and a number");
    }
    return register;
  }

  private Register take(String name, boolean descriptor) {
    if (next == ENVIRONMENT) {
      throw new BadRequest(
          "the container needs more than "
              + ENVIRONMENT
              + " handles, of which each --bind and each file system mounted on this machine is"
              + " one; give it fewer, or a root of its own by --root");
    }
    return new Register(next++, name, descriptor);
  }
}
