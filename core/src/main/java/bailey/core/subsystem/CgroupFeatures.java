package bailey.core.subsystem;

import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.CgroupVersion;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
   * @param files the files that a group of it has, other than the root; empty where that is not
   *     known, because there is no such group yet
   */
  public record KernelController(CgroupVersion version, Optional<Set<String>> files) {
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
    if (layout.unified().isPresent()) {
      layout
          .unifiedControllers()
          .forEach(name -> controllers.put(name, known(CgroupVersion.V2, files.get(name))));
      controllers.put(Controller.CORE, known(CgroupVersion.V2, files.get(Controller.CORE)));
    }
    layout
        .mounts()
        .keySet()
        .forEach(name -> controllers.put(name, known(CgroupVersion.V1, files.get(name))));
    return new CgroupFeatures(pageSize, controllers);
  }

  private static KernelController known(CgroupVersion version, @Nullable Set<String> files) {
    return new KernelController(version, Optional.ofNullable(files));
  }

  /** The interface that a controller of the kernel is on; empty where it is not to be had. */
  public Optional<CgroupVersion> version(String kernelController) {
    return Optional.ofNullable(controllers.get(kernelController)).map(KernelController::version);
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
