package bailey.kernel.oci;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterAll;

/** The planner is one that stays. */
class OciEscapeServedTest extends OciEscapes {
  private static final PrivatePlanner PLANNER = planner();

  OciEscapeServedTest() {
    super(PLANNER.environment());
  }

  private static PrivatePlanner planner() {
    try {
      return new PrivatePlanner();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void endPlanner() {
    PLANNER.close();
  }
}
