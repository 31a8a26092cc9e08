package bailey;

import bailey.core.error.BadRequest;
import bailey.core.error.ContainerException;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.engine.operation.Controls;
import bailey.engine.operation.HeldControl;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A control file that is read and set again and again: where the kernel has it in files of its own,
 * those stay open, so that using it costs little more than using them. Any thread.
 */
public final class OpenControl implements AutoCloseable {
  private final Container container;
  private final String control;
  private final Optional<HeldControl> kept;

  OpenControl(Container container, String control, Controls controls) {
    this.container = container;
    this.control = control;
    this.kept = hold(container, control, controls);
  }

  private static Optional<HeldControl> hold(
      Container container, String control, Controls controls) {
    try {
      return controls.hold(container.path(), control);
    } catch (CgroupFiles.Refused | NotPossibleHere | BadRequest _) {
      return Optional.empty(); // who uses it is told why
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
        return new Value(kept.get().get(), true);
      } catch (CgroupFiles.Refused _) {
        // another of the same name may have been made since; else it is said why not
      }
    }
    return new Value(container.get(control), false);
  }

  /**
   * As {@link Container#set(String, String)}.
   *
   * @return whether it was set by what stays open
   * @throws ContainerException as that does
   */
  public boolean set(String value) {
    if (kept.isPresent()) {
      try {
        kept.get().set(value);
        return true;
      } catch (CgroupFiles.Refused | BadRequest _) {
        // another of the same name may have been made since; else it is said why not
      }
    }
    container.set(control, value);
    return false;
  }

  /** Whether it is read from what stays open, which is still there. */
  public boolean isKept() {
    try {
      return kept.map(HeldControl::get).isPresent();
    } catch (CgroupFiles.Refused _) {
      return false;
    }
  }

  /**
   * The kernel's own file by a descriptor of this process, where the value is its text and nothing
   * else; until this is closed.
   */
  public OptionalInt descriptor() {
    return kept.map(HeldControl::descriptor).orElseGet(OptionalInt::empty);
  }

  @Override
  public void close() {
    kept.ifPresent(HeldControl::close);
  }
}
