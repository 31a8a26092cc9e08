package bailey.engine.operation;

import bailey.core.container.ControlFile;
import bailey.core.kernel.CgroupFiles;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.KeptControl;
import java.util.OptionalInt;

/**
 * A control file of a container's groups, whose files stay open. Any thread.
 *
 * <p>Nothing else of the container is looked at: its groups are there as long as it is, and the
 * kernel tells (ENODEV) when they are not, also where others of the same path are there since.
 */
public final class HeldControl implements AutoCloseable {
  private final GroupSetting setting;
  private final Controller controller;
  private final ControlFile file;
  private final KeptControl kept;

  HeldControl(GroupSetting setting, Controller controller, ControlFile file) {
    this.setting = setting;
    this.controller = controller;
    this.file = file;
    this.kept = setting.groups().controls().keep(controller, file);
  }

  /**
   * Its value now.
   *
   * @throws CgroupFiles.Refused where the container is gone
   */
  public String get() {
    return kept.value();
  }

  /**
   * Sets it.
   *
   * @throws bailey.core.error.BadRequest if it is malformed or refused
   * @throws CgroupFiles.Refused where the container is gone
   */
  public void set(String value) {
    var _ = setting.set(controller, file, value, kept::set);
  }

  /** The kernel's file by a descriptor of this process, where the value is its text, unchanged. */
  public OptionalInt descriptor() {
    return kept.descriptor();
  }

  @Override
  public void close() {
    kept.close();
  }
}
