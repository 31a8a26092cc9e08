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
   * Makes the groups; those of the parent are there. Where the kernel refuses, none is left.
   *
   * @throws CgroupFiles.Refused by the kernel
   */
  public void make(List<Controller> controllers) {
    var made = new ArrayList<GroupStep.Make>();
    for (var step : GroupStep.make(features, controllers, path)) {
      try {
        perform(step);
      } catch (CgroupFiles.Refused refused) {
        made.reversed().forEach(make -> attempt(() -> files.rmdir(make.controller(), make.path())));
        throw refused;
      }
      if (step instanceof GroupStep.Make make) {
        made.add(make);
      }
    }
  }

  private void perform(GroupStep step) {
    switch (step) {
      case GroupStep.Make(var controller, var group) -> files.mkdir(controller, group);
      case GroupStep.Write(var controller, var group, var file, var text) ->
          files.write(controller, group, file, text);
      case GroupStep.CopyFromParent(var controller, var group, var file) -> {
        var parent = group.substring(0, Math.max(0, group.lastIndexOf('/')));
        files.write(controller, group, file, files.read(controller, parent, file).strip());
      }
    }
  }

  /**
   * Removes the groups, which have no tasks and no groups in them.
   *
   * @throws CgroupFiles.Refused by the kernel, for the first that it refuses; the rest is removed
   */
  public void remove(List<Controller> controllers) {
    Optional<CgroupFiles.Refused> first = Optional.empty();
    for (var controller : GroupStep.onePerHierarchy(features, controllers)) {
      var refused = attempt(() -> files.rmdir(controller, path));
      first = first.or(() -> refused);
    }
    first.ifPresent(
        refused -> {
          throw refused;
        });
  }

  private static Optional<CgroupFiles.Refused> attempt(Runnable operation) {
    try {
      operation.run();
      return Optional.empty();
    } catch (CgroupFiles.Refused refused) {
      return Optional.of(refused);
    }
  }

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
        undo.reversed().forEach(old -> attempt(() -> write(old)));
        throw sentence(controller, values, write, refused);
      }
    }
    return change.values();
  }

  private void write(KernelWrite write) {
    files.write(write.controller(), path, write.file(), write.text());
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
