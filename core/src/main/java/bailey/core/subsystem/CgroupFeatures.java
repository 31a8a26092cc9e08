package bailey.core.subsystem;

import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.CgroupVersion;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the control groups of one kernel offer: a snapshot, by which plans are made.
 *
 * @param pageSize bytes in a page: memory limits are whole pages
 * @param controllers by the kernel's name; {@link Controller#CORE} where a v2 hierarchy is mounted
 */
public record CgroupFeatures(long pageSize, Map<String, KernelController> controllers) {
  /**
   * A controller of the kernel.
   *
   * @param version the interface that it is on
   * @param hierarchy where its hierarchy is: the same for controllers that share one
   * @param files the files that a group of it has, other than the root; empty where that is not
   *     known, because there is no such group yet
   */
  public record KernelController(
      CgroupVersion version, String hierarchy, Optional<Set<String>> files) {
    /** Keeps a copy. */
    public KernelController {
      files = files.map(Set::copyOf);
    }
  }

  /** Keeps a copy. */
  public CgroupFeatures {
    if (Long.bitCount(pageSize) != 1) {
      throw new IllegalArgumentException("a page has a power of two of bytes, not " + pageSize);
    }
    controllers = Map.copyOf(controllers);
  }

  /**
   * Those of a machine.
   *
   * @param files by controller, what is known of the files of a group
   */
  public static CgroupFeatures of(
      CgroupLayout layout, long pageSize, Map<String, Set<String>> files) {
    var controllers = new HashMap<String, KernelController>();
    layout
        .unified()
        .ifPresent(
            point -> {
              layout
                  .unifiedControllers()
                  .forEach(name -> put(controllers, CgroupVersion.V2, name, point, files));
              put(controllers, CgroupVersion.V2, Controller.CORE, point, files);
            });
    layout
        .mounts()
        .forEach((name, point) -> put(controllers, CgroupVersion.V1, name, point, files));
    return new CgroupFeatures(pageSize, controllers);
  }

  private static void put(
      Map<String, KernelController> controllers,
      CgroupVersion version,
      String name,
      String point,
      Map<String, Set<String>> files) {
    controllers.put(
        name, new KernelController(version, point, Optional.ofNullable(files.get(name))));
  }

  /** The interface that a controller of the kernel is on; empty where it is not to be had. */
  public Optional<CgroupVersion> version(String kernelController) {
    return Optional.ofNullable(controllers.get(kernelController)).map(KernelController::version);
  }

  /** The hierarchy that a controller of the kernel is in; empty where it is not to be had. */
  public Optional<String> hierarchy(String kernelController) {
    return Optional.ofNullable(controllers.get(kernelController)).map(KernelController::hierarchy);
  }

  /** Whether a group of that controller has that file, as far as is known. */
  public boolean mayHave(KernelFile file) {
    return has(file, true);
  }

  /** Whether a group of that controller is known to have that file. */
  public boolean has(KernelFile file) {
    return has(file, false);
  }

  private boolean has(KernelFile file, boolean ifUnknown) {
    var controller = controllers.get(file.controller());
    return controller != null
        && controller.files().map(files -> files.contains(file.name())).orElse(ifUnknown);
  }
}
