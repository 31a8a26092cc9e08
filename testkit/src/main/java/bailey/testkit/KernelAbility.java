package bailey.testkit;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the kernel or the machine, and that it may lack. */
public final class KernelAbility {
  private KernelAbility() {}

  /**
   * Skips the test, by the name of the ability, where it is not present; with {@code
   * -Dbailey.kernel=required}, which continuous integration sets, the test fails instead.
   *
   * @param name what is lacking, as a noun: {@code seccomp filters}
   */
  public static void require(boolean present, String name) {
    if (present) {
      return;
    }
    if ("required".equals(System.getProperty("bailey.kernel"))) {
      Assertions.fail(
          name + ": not on this machine, and -Dbailey.kernel=required says they must be");
    }
    Assumptions.abort(name + ": not on this machine");
  }
}
