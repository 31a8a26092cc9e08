package bailey.core.subsystem;

import bailey.core.abi.Errno;
import bailey.core.container.ControlFile;
import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The groups of one container, one in each hierarchy: its control files read and set, whatever the
 * kernel's version. Any thread; two that set the same control file at once may undo each other.
 *
 * @param files the kernel's files
 * @param features what the kernel offers
 * @param path of the groups, the same in each hierarchy
 */
public record ControlGroup(CgroupFiles files, CgroupFeatures features, String path) {
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

  /** As {@link #get} for those who ask again and again; the caller closes it. */
  public KeptControl keep(Controller controller, ControlFile file) {
    return new KeptControl(files, path, controller.reading(features, file));
  }

  private String read(KernelFile file) {
    return files.read(file.controller(), path, file.name());
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
    var before = texts(controller.before(features, values.keySet()));
    var change = controller.change(features, values, before);
    var undo = new ArrayList<KernelWrite>();
    for (var write : change.writes()) {
      undo.addAll(controller.undo(write, this::readIfPossible));
    }
    for (var write : change.writes()) {
      try {
        write(write);
      } catch (CgroupFiles.Refused refused) {
        undo.reversed().forEach(this::writeIfPossible);
        throw sentence(controller, values, write, refused);
      }
    }
    return change.values();
  }

  private void write(KernelWrite write) {
    files.write(write.controller(), path, write.file(), write.text());
  }

  private void writeIfPossible(KernelWrite write) {
    try {
      write(write);
    } catch (CgroupFiles.Refused _) {
      // What stands in the way of one old value, such as the new one of another, goes with the
      // next.
    }
  }

  private Map<KernelFile, String> texts(List<KernelFile> names) {
    var texts = new LinkedHashMap<KernelFile, String>();
    names.forEach(name -> texts.put(name, read(name)));
    return texts;
  }

  private Optional<String> readIfPossible(KernelFile file) {
    try {
      return Optional.of(read(file));
    } catch (CgroupFiles.Refused refused) {
      if (refused.errno().filter(Errno.EINVAL::equals).isPresent()) {
        return Optional.empty(); // a file that can only be written
      }
      throw refused;
    }
  }

  private static RuntimeException sentence(
      Controller controller,
      Map<String, String> values,
      KernelWrite write,
      CgroupFiles.Refused refused) {
    if (refused.errno().filter(Errno.ENOENT::equals).isPresent()) {
      return refused;
    }
    var asked = new ArrayList<String>();
    values.forEach((name, value) -> asked.add(name + ": " + value.replace('\n', ';')));
    return new BadRequest(
        String.join(", ", asked)
            + " cannot be set: "
            + refused.getMessage()
            + refused
                .errno()
                .flatMap(errno -> controller.remedy(write.file(), errno))
                .map(remedy -> ". " + remedy)
                .orElse(""),
        refused);
  }
}
