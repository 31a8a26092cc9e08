package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupFiles;
import java.util.Map;

/**
 * The groups of one container, one in each hierarchy: its control files read and set, whatever the
 * kernel's version. Any thread; two that set the same control file at once may undo each other.
 *
 * @param files the kernel's files
 * @param features what the kernel offers
 * @param path of the groups, the same in each hierarchy
 */
public record ControlGroup(CgroupFiles files, CgroupFeatures features, String path)
    implements GroupFiles {
  /**
   * The value of a control file.
   *
   * @throws CgroupFiles.Refused by the kernel: with ENOENT where there is no such group
   * @throws BadRequest where it can only be written
   * @throws bailey.core.error.NotPossibleHere where this kernel does not have it
   */
  public String get(Controller controller, ControlFile file) {
    var reading = controller.reading(features, file);
    return reading.value(reading.files().stream().map(this::read).toList());
  }

  /** One that is read and set again and again; the caller closes it. */
  public KeptControl keep(Controller controller, ControlFile file) {
    return new KeptControl(this, controller, file);
  }

  /**
   * Sets control files of one controller, all or none: where the kernel refuses a write, what was
   * written before gets its old text again. (Only device rules of v1 have no old text: those before
   * the refused one stay.)
   *
   * @param values by full name, as a user wrote them
   * @return what they show now
   * @throws BadRequest where a value is malformed, or the kernel refuses it
   * @throws CgroupFiles.Refused where there is no such group
   * @throws bailey.core.error.NotPossibleHere where this kernel cannot do it
   */
  public Map<String, String> set(Controller controller, Map<String, String> values) {
    return new AllOrNone(features, this).set(controller, values);
  }

  @Override
  public String read(KernelFile file) {
    return files.read(file.controller(), path, file.name());
  }

  @Override
  public void write(KernelWrite write) {
    files.write(write.controller(), path, write.file(), write.text());
  }
}
