package bailey.oci.runtime;

import bailey.core.kernel.CgroupLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who makes control groups, and what linux.cgroupsPath means: crun's --cgroup-manager. */
public enum GroupMaker {
  /** The runtime; a path. */
  CGROUPFS,
  /** The runtime, where systemd would make them; SLICE:PREFIX:NAME. */
  SYSTEMD,
  /** Nobody; it means nothing, and there are no limits. */
  DISABLED;

  /** The path of a container's groups, see {@link GroupPath}; empty where it gets none. */
  Optional<String> path(CgroupLayout layout, @Nullable String asked, String id) {
    return this == DISABLED ? Optional.empty() : GroupPath.of(layout, asked, id, this == SYSTEMD);
  }
}
