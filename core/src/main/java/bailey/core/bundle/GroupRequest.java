package bailey.core.bundle;

import bailey.core.subsystem.DevicePolicy;
import bailey.core.subsystem.KernelWrite;
import java.util.List;
import java.util.Optional;

/**
 * Control groups.
 *
 * @param path of them below the top of each hierarchy, with a slash before it; empty for none
 * @param everywhere whether there is to be one in each hierarchy, because others look for it there
 * @param writes to their files, in this order, before a task enters
 * @param devices which may be used, for cgroup v2; that of v1 is among {@code writes}
 */
public record GroupRequest(
    Optional<String> path,
    boolean everywhere,
    List<KernelWrite> writes,
    Optional<DevicePolicy> devices) {
  /** Copies. */
  public GroupRequest {
    writes = List.copyOf(writes);
  }

  /** The same at another place. */
  public GroupRequest at(Optional<String> place) {
    return new GroupRequest(place, everywhere, writes, devices);
  }
}
