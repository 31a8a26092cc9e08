package bailey.core.subsystem;

import bailey.core.container.ValueFormat;
import bailey.core.spec.Malformed;
import java.util.List;

/**
 * A mount point and whether it is to be read-only: {@code PATH on} or {@code PATH off}.
 *
 * <p>What bailey itself mounts on /proc, /sys and /dev are walls, and stay as they are.
 */
public record MountSwitch() implements ValueFormat {
  private static final List<String> WALLS = List.of("/proc", "/sys", "/dev");

  /**
   * What a canonical value asks for.
   *
   * @param path absolute, inside of the container
   * @param readOnly whether nothing can be written any more
   */
  public record Asked(String path, boolean readOnly) {}

  @Override
  public String canonical(String control, String text) {
    int space = text.lastIndexOf(' ');
    var word = text.substring(space + 1);
    if (space < 1 || !(word.equals("on") || word.equals("off"))) {
      throw Malformed.value(control, text, "does not end in on or off", help());
    }
    var path = text.substring(0, space);
    if (!path.startsWith("/") || path.chars().anyMatch(Character::isISOControl)) {
      throw Malformed.value(control, text, "has no absolute path", help());
    }
    for (var part : path.substring(1).split("/", -1)) {
      boolean root = path.equals("/");
      if (!root && (part.isEmpty() || part.equals(".") || part.equals(".."))) {
        throw Malformed.value(control, text, "has no plain path", help());
      }
    }
    for (var wall : WALLS) {
      if (path.equals(wall) || path.startsWith(wall + "/")) {
        throw Malformed.value(
            control, text, "is one of the container's walls, which stay as they are", help());
      }
    }
    return text;
  }

  /** What a canonical value asks for. */
  public static Asked asked(String canonical) {
    int space = canonical.lastIndexOf(' ');
    return new Asked(canonical.substring(0, space), canonical.endsWith(" on"));
  }

  @Override
  public String help() {
    return "a mount point and on or off, for example /data on";
  }
}
