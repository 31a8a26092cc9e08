package bailey.oci.runtime;

import bailey.core.bundle.BundleHooks.Hook;
import bailey.core.bundle.BundleSpec;
import bailey.core.bundle.BundleStart;
import bailey.core.bundle.ProcessSpec.SecurityLabel;
import bailey.core.kernel.Kernel;
import bailey.core.plan.Plan;
import bailey.core.planner.BundleExecRequest;
import bailey.oci.config.OciConfig;
import java.util.List;

/**
 * Which plans of bundles are kept. Only those that depend on nothing but what {@link Ground}, the
 * caller's arguments and variables and the machine's features tell, and that do nothing that must
 * not be done twice: a kept plan that fails is undone, and the call planned anew.
 */
final class Keeping {
  private Keeping() {}

  /**
   * Has the plan of a further process kept for the very same call.
   *
   * @param container whose process runs
   * @param ground by which all that it depends on was looked at
   */
  static void keep(
      Kernel kernel, Container container, BundleExecRequest request, Ground ground, Plan plan) {
    var process = request.process();
    if (isAlone(request.start())
        && !process.terminal()
        && process.label().equals(SecurityLabel.NONE)
        && process.filter().flatMap(filter -> filter.listener()).isEmpty()) {
      container.ground().same(ground);
      kernel.keeper().ifPresent(keeper -> keeper.keep(ground.seen(), plan));
    }
  }

  /**
   * Has the plan kept by which a container is started, for one of the same record and configuration
   * whose process runs.
   *
   * @param hooks that the plan runs, which must not be run twice
   */
  static void start(
      Kernel kernel, Container container, List<Hook> hooks, Ground ground, Plan plan) {
    container.ground().task(ground, true);
    keep(kernel, container, hooks, ground, plan);
  }

  /**
   * The same of the plan by which one is deleted.
   *
   * @param force whether its process may run
   */
  static void delete(
      Kernel kernel,
      Container container,
      boolean force,
      List<Hook> hooks,
      Ground ground,
      Plan plan) {
    if (!force) {
      container.ground().task(ground, false);
    }
    keep(kernel, container, hooks, ground, plan);
  }

  private static void keep(
      Kernel kernel, Container container, List<Hook> hooks, Ground ground, Plan plan) {
    if (hooks.isEmpty() && container.record().isPresent()) {
      container.ground().alike(ground);
      kernel.keeper().ifPresent(keeper -> keeper.keep(ground.seen(), plan));
    }
  }

  /** Whether nothing is written or sent beside what it runs. */
  private static boolean isAlone(BundleStart start) {
    return start.pidFile().isEmpty()
        && start.consoleSocket().isEmpty()
        && start.pidfdSocket().isEmpty();
  }

  /**
   * Whether the plan of a bundle is kept.
   *
   * @param start engines name files that are to be written; what they run is never run again
   */
  static boolean isFit(OciConfig config, BundleSpec spec, BundleStart start) {
    var linux = config.linux();
    var hooks = spec.hooks();
    var process = spec.process();
    return isAlone(start)
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
