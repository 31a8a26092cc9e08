package bailey.engine.operation;

import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.container.ControlFile;
import bailey.core.container.View;
import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupVersion;
import bailey.core.spec.Limit;
import bailey.core.subsystem.Controller;
import bailey.engine.group.Freezer;
import bailey.engine.group.Groups;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * How control files of controllers are set in the groups of one container, with what has to be done
 * before, and what follows.
 *
 * @param name of the container
 * @param groups its own, or those of the guest in it
 * @param view whose they are
 */
record GroupSetting(Machine machine, ContainerPath name, Groups groups, View view) {
  private static final String FREEZER = "freezer.state";
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /**
   * Sets one.
   *
   * @param setter writes the kernel's files
   * @return what it shows now
   * @throws BadRequest if it is malformed or refused
   * @throws CgroupFiles.Refused where there is no such group
   */
  String set(
      Controller controller,
      ControlFile file,
      String value,
      Function<String, Map<String, String>> setter) {
    var derivations = new Derivations(machine);
    if (view == View.EXTERNAL) {
      derivations.checkFree(name, file.name());
    }
    if (file.name().equals(FREEZER)) {
      return freezer(file.canonical(value));
    }
    if (file.name().equals(Controls.MEMORY_MAX)) {
      makeRoom(controller, value);
    }
    var shown = setter.apply(value);
    derivations.follow(name, List.of(file.name()));
    return shown.getOrDefault(file.name(), value);
  }

  private String freezer(String value) {
    var freezer = new Freezer(groups);
    if (value.equals("FROZEN")) {
      freezer.freeze(name.toString(), PATIENCE);
    } else {
      freezer.thaw(name.toString());
    }
    return value;
  }

  /**
   * On v2 a limit below what is in use is not refused: the kernel reclaims, and kills where that is
   * not enough. So reclaim first (memory.reclaim, Linux 5.19), and refuse it as v1 does (EBUSY).
   */
  private void makeRoom(Controller controller, String value) {
    boolean v1 =
        controller
            .version(machine.features().controllers())
            .filter(CgroupVersion.V1::equals)
            .isPresent();
    var limit = Limit.parse(Controls.MEMORY_MAX, value).bytes();
    if (v1 || limit.isEmpty()) {
      return;
    }
    long used = current().orElse(0);
    if (used > limit.getAsLong()) {
      reclaim(used - limit.getAsLong());
      used = current().orElse(0);
    }
    if (used > limit.getAsLong()) {
      throw new BadRequest(
          Controls.MEMORY_MAX
              + ": "
              + value
              + " cannot be set: "
              + name
              + " uses "
              + used
              + " bytes, and setting it would kill a task; take a higher limit, or end tasks"
              + " first",
          new CgroupFiles.Refused("setting " + Controls.MEMORY_MAX, Errno.EBUSY));
    }
  }

  private OptionalLong current() {
    return Controls.number(groups, "memory.current");
  }

  private void reclaim(long bytes) {
    try {
      groups.files().write("memory", groups.path(), "memory.reclaim", Long.toString(bytes));
    } catch (CgroupFiles.Refused _) {
      // EAGAIN: less than that could be had; ENOENT: before Linux 5.19. What is in use tells.
    }
  }
}
