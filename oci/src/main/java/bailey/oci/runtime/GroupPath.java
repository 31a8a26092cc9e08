package bailey.oci.runtime;

import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the control groups of a container are, below the top of each hierarchy. */
final class GroupPath {
  private GroupPath() {}

  /**
   * The path, with a slash before it; empty where this user may make no groups and none is asked
   * for.
   *
   * @param asked linux.cgroupsPath: absolute, relative to where bailey's are, or systemd's {@code
   *     slice:prefix:name}
   * @param systemd whether it is in the latter form
   */
  static Optional<String> of(
      CgroupLayout layout, @Nullable String asked, String id, boolean systemd) {
    var base = layout.base().map(path -> path + "-oci");
    if (asked == null) {
      return base.map(path -> path + "/" + id);
    }
    if (systemd) {
      return Optional.of(systemd(asked));
    }
    var clean = MountMapping.clean(asked);
    if (clean.equals("/")) {
      throw new BadRequest(
          "linux.cgroupsPath: " + asked + " is the top of all groups; name one below it");
    }
    return Optional.of(asked.startsWith("/") ? clean : base.orElse("") + clean);
  }

  /** {@code a-b.slice} is in {@code a.slice} (systemd.slice(5)); {@code -.slice} is the top. */
  private static String systemd(String asked) {
    var parts = asked.split(":", -1);
    if (parts.length != 3 || parts[2].isEmpty()) {
      throw new BadRequest(
          "linux.cgroupsPath: "
              + asked
              + " is not in systemd's form, which --systemd-cgroup wants; write"
              + " SLICE:PREFIX:NAME, for example system.slice:app:web");
    }
    String slice = parts[0].isEmpty() ? "system.slice" : parts[0];
    if (!slice.endsWith(".slice") || slice.indexOf('/') >= 0) {
      throw new BadRequest(
          "linux.cgroupsPath: " + slice + " is no slice; its name ends with .slice");
    }
    var path = new StringBuilder();
    String name = slice.substring(0, slice.length() - ".slice".length());
    if (!name.equals("-")) {
      for (int dash = name.indexOf('-'); dash >= 0; dash = name.indexOf('-', dash + 1)) {
        path.append('/').append(name, 0, dash).append(".slice");
      }
      path.append('/').append(slice);
    }
    String unit = parts[2].endsWith(".slice") ? parts[2] : scope(parts[1], parts[2]);
    return path.append('/').append(unit).toString();
  }

  private static String scope(String prefix, String name) {
    return (prefix.isEmpty() ? "" : prefix + "-") + name + ".scope";
  }
}
