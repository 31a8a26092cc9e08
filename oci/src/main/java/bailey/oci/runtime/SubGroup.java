package bailey.oci.runtime;

import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupLayout;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Groups below those of a container, in which a further process is to be ({@code exec --cgroup}).
 *
 * @param controllers in whose hierarchies; empty: in all in which there is such a group
 * @param path below the container's group
 */
record SubGroup(Set<String> controllers, String path) {
  /**
   * Reads {@code [CONTROLLER,...:]PATH}; a path does not lead out of the container's group.
   *
   * @throws BadRequest if that is none
   */
  static SubGroup parse(String text) {
    int colon = text.indexOf(':');
    var controllers = new LinkedHashSet<String>();
    if (colon >= 0) {
      controllers.addAll(List.of(text.substring(0, colon).split(",", -1)));
    }
    if (controllers.contains("")) {
      throw new BadRequest(
          "--cgroup: " + text + " names no controller before the colon; write for example cpu:sub");
    }
    return new SubGroup(controllers, MountMapping.clean(text.substring(colon + 1)));
  }

  /**
   * The groups of a further process: the container's, those asked for in their place.
   *
   * @param directories of the container's groups
   * @param exists whether a directory is there
   * @throws BadRequest if a group that is asked for is not there
   */
  static List<String> of(
      List<SubGroup> asked,
      List<String> directories,
      CgroupLayout layout,
      Predicate<String> exists) {
    var groups = new ArrayList<>(directories);
    for (var sub : asked) {
      boolean found = false;
      for (int i = 0; i < groups.size(); i++) {
        String inner = directories.get(i) + (sub.path().equals("/") ? "" : sub.path());
        if (sub.means(directories.get(i), layout) && exists.test(inner)) {
          groups.set(i, inner);
          found = true;
        }
      }
      if (!found) {
        throw new BadRequest(
            "--cgroup: "
                + sub.path()
                + " is no group below the container's"
                + (sub.controllers().isEmpty() ? "" : " of " + sub.controllers())
                + "; make it first, or name another");
      }
    }
    return groups;
  }

  private boolean means(String directory, CgroupLayout layout) {
    if (controllers.isEmpty()) {
      return true;
    }
    boolean unified = isBelow(directory, layout.unified().orElse(null));
    return controllers.stream()
        .anyMatch(
            controller ->
                layout.mounts().containsKey(controller)
                    ? isBelow(directory, layout.mounts().get(controller))
                    : unified
                        && (controller.equals(CgroupFiles.CORE)
                            || layout.unifiedControllers().contains(controller)));
  }

  private static boolean isBelow(String directory, @Nullable String mount) {
    return mount != null && directory.startsWith(mount + "/");
  }
}
