package bailey.core.subsystem;

import bailey.core.abi.Errno;
import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sets control files of one group, all or none.
 *
 * @param features what the kernel offers
 * @param group the kernel's files of the group
 */
record AllOrNone(CgroupFeatures features, GroupFiles group) {
  /** As {@link ControlGroup#set}. */
  Map<String, String> set(Controller controller, Map<String, String> values) {
    var before = texts(controller.before(features, values.keySet()));
    var change = controller.change(features, values, before);
    var undo = undo(controller, change.writes());
    for (var write : change.writes()) {
      try {
        group.write(write);
      } catch (CgroupFiles.Refused refused) {
        undo.reversed().forEach(this::writeIfPossible);
        throw sentence(controller, values, write, refused);
      }
    }
    return change.values();
  }

  /** What takes the writes back; a single one that is refused has changed nothing. */
  private List<KernelWrite> undo(Controller controller, List<KernelWrite> writes) {
    if (writes.size() == 1) {
      return List.of();
    }
    var undo = new ArrayList<KernelWrite>();
    for (var write : writes) {
      undo.addAll(controller.undo(write, this::readIfPossible));
    }
    return undo;
  }

  private void writeIfPossible(KernelWrite write) {
    try {
      group.write(write);
    } catch (CgroupFiles.Refused _) {
      // What stands in the way of one old value, such as the new one of another, goes with the
      // next.
    }
  }

  private Map<KernelFile, String> texts(List<KernelFile> names) {
    var texts = new LinkedHashMap<KernelFile, String>();
    names.forEach(name -> texts.put(name, group.read(name)));
    return texts;
  }

  private Optional<String> readIfPossible(KernelFile file) {
    try {
      return Optional.of(group.read(file));
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
