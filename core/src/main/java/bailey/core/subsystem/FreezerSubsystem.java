package bailey.core.subsystem;

import static bailey.core.container.Unit.TEXT;

import bailey.core.container.Choice;
import bailey.core.container.ControlFile;
import java.util.List;
import java.util.Map;

/**
 * Whether its tasks are stopped, all at once and without their noticing. On v2 it needs no
 * controller (cgroup.freeze, Linux 5.2), and a frozen task can be killed; on v1 a signal acts only
 * after thawing.
 *
 * <p>{@code freezer.state} shows {@code FREEZING} from the request until the last task has stopped.
 * A container in one that is frozen is frozen too.
 *
 * @see <a
 *     href="https://docs.kernel.org/admin-guide/cgroup-v2.html#core-interface-files">cgroup-v2.rst,
 *     cgroup.freeze</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/freezer-subsystem.html">
 *     freezer-subsystem.rst</a>
 */
public final class FreezerSubsystem extends DeclaredController {
  private static final String FROZEN = "FROZEN";
  private static final String THAWED = "THAWED";

  /** The one instance that is needed. */
  public FreezerSubsystem() {
    super(
        "freezer",
        "freezer",
        Controller.CORE,
        List.of(
            new Entry(
                ControlFile.setting(
                    "freezer.state",
                    TEXT,
                    Choice.of(FROZEN, THAWED),
                    "FROZEN or THAWED; FREEZING on the way"),
                FileDriver.same("freezer.state"),
                new FileDriver.Present(
                    List.of("cgroup.freeze", "cgroup.events"),
                    "from Linux 5.2 on",
                    FreezerSubsystem::state,
                    (controller, value) ->
                        List.of(
                            new KernelWrite(
                                controller, "cgroup.freeze", value.equals(FROZEN) ? "1" : "0"))))));
  }

  private static String state(Map<String, String> texts) {
    var events = KernelTable.text(texts, "cgroup.events");
    if (KernelTable.value("cgroup.events", events, "frozen").equals("1")) {
      return FROZEN;
    }
    return KernelTable.text(texts, "cgroup.freeze").equals("1") ? "FREEZING" : THAWED;
  }

  /**
   * A group inside a frozen one cannot thaw itself, and to thaw from inside one must be running.
   */
  @Override
  public boolean virtualisable() {
    return false;
  }
}
