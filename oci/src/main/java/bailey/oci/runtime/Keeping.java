package bailey.oci.runtime;

import bailey.core.bundle.BundleSpec;
import bailey.core.bundle.BundleStart;
import bailey.oci.config.OciConfig;

/**
 * Which plans of bundles are kept. Only those that depend on nothing but what {@link Ground}, the
 * caller's arguments and variables and the machine's features tell, and that do nothing that must
 * not be done twice: a kept plan that fails is undone, and the call planned anew.
 */
final class Keeping {
  private Keeping() {}

  /**
   * Whether the plan of a bundle is kept.
   *
   * @param start engines name files that are to be written; what they run is never run again
   */
  static boolean isFit(OciConfig config, BundleSpec spec, BundleStart start) {
    var linux = config.linux();
    var hooks = spec.hooks();
    var process = spec.process();
    return start.pidFile().isEmpty()
        && start.consoleSocket().isEmpty()
        && start.pidfdSocket().isEmpty()
        && !process.terminal()
        && config.warnings().isEmpty()
        && hooks.createRuntime().isEmpty()
        && hooks.createContainer().isEmpty()
        && hooks.startContainer().isEmpty()
        && hooks.poststart().isEmpty()
        && hooks.poststop().isEmpty()
        && linux.netDevices().isEmpty()
        && linux.rootfsPropagation() == null
        && linux.mountLabel() == null
        && config.process() != null
        && config.process().apparmorProfile() == null
        && config.process().selinuxLabel() == null
        && process.filter().flatMap(filter -> filter.listener()).isEmpty()
        && linux.namespaces().stream().allMatch(namespace -> namespace.path() == null)
        && spec.mounts().stream()
            .noneMatch(mount -> mount.copiesUp() || mount.owners().isPresent());
  }
}
