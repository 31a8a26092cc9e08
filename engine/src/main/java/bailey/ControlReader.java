package bailey;

import bailey.core.error.BadRequest;
import bailey.core.error.ContainerException;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.subsystem.KeptControl;
import bailey.engine.operation.Controls;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A control file that is read again and again: where the kernel has it in a file of its own, that
 * stays open, so that reading it costs little more than reading that. Any thread.
 */
public final class ControlReader implements AutoCloseable {
  private final Container container;
  private final String control;
  private final Optional<KeptControl> kept;

  ControlReader(Container container, String control, Controls controls) {
    this.container = container;
    this.control = control;
    this.kept = keep(container, control, controls);
  }

  private static Optional<KeptControl> keep(
      Container container, String control, Controls controls) {
    try {
      return controls.keep(container.path(), control);
    } catch (CgroupFiles.Refused | NotPossibleHere | BadRequest _) {
      return Optional.empty(); // who reads it is told why
    }
  }

  /** Its value, and whether it was read from what stays open. */
  public record Value(String text, boolean kept) {}

  /**
   * As {@link Container#get(String)}.
   *
   * @throws ContainerException as that does
   */
  public Value read() {
    if (kept.isPresent()) {
      try {
        return new Value(kept.get().value(), true);
      } catch (CgroupFiles.Refused _) {
        // another of the same name may have been made since; else it is said why not
      }
    }
    return new Value(container.get(control), false);
  }

  /** Whether it is read from what stays open, which is still there. */
  public boolean isKept() {
    try {
      return kept.map(KeptControl::value).isPresent();
    } catch (CgroupFiles.Refused _) {
      return false;
    }
  }

  /**
   * The kernel's own file by a descriptor of this process, where the value is its text and nothing
   * else; until this is closed.
   */
  public OptionalInt descriptor() {
    return kept.map(KeptControl::descriptor).orElseGet(OptionalInt::empty);
  }

  @Override
  public void close() {
    kept.ifPresent(KeptControl::close);
  }
}
