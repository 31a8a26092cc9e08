package bailey.linux;

import bailey.core.kernel.CgroupLayout;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;

/** The control groups that this process itself is in. */
final class OwnGroups {
  private OwnGroups() {}

  /**
   * Leaves those of bailey's containers for the one that bailey's groups are in; those of anybody
   * else it stays in, as any process stays where it was started.
   *
   * @return whether it is in none of bailey's
   */
  static boolean leave(CgroupLayout layout) {
    if (layout.base().isEmpty()) {
      return true;
    }
    String base = layout.base().get();
    String above = base.substring(0, base.lastIndexOf('/'));
    var points = new HashMap<>(layout.mounts());
    layout.unified().ifPresent(point -> points.put("", point));
    boolean left = true;
    for (var own : layout.own().entrySet()) {
      // those of other hierarchies and state directories begin with the same name
      boolean inside =
          own.getValue().startsWith(base) && own.getValue().indexOf('/', base.length()) > 0;
      if (inside) {
        left &= enter(points.get(own.getKey()) + above + "/cgroup.procs");
      }
    }
    return left;
  }

  private static boolean enter(String procs) {
    try (var out = new FileOutputStream(procs)) {
      out.write("0".getBytes(StandardCharsets.US_ASCII)); // whoever writes it
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
