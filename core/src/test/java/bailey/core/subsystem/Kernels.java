package bailey.core.subsystem;

import bailey.core.kernel.CgroupLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Kernels for the tests of translations: every controller on v1, on v2, on both. */
final class Kernels {
  private static final List<String> V1_NAMES =
      List.of(
          "memory", "cpu", "cpuacct", "cpuset", "pids", "blkio", "devices", "freezer", "hugetlb");

  static final CgroupFeatures V1 = of(v1Mounts(), Optional.empty(), List.of(), Map.of());
  static final CgroupFeatures V2 =
      of(
          Map.of(),
          Optional.of("/sys/fs/cgroup"),
          List.of("memory", "cpu", "cpuset", "pids", "io", "hugetlb"),
          Map.of());
  static final CgroupFeatures BOTH =
      of(v1Mounts(), Optional.of("/sys/fs/cgroup/unified"), List.of(), Map.of());
  static final CgroupFeatures NONE = of(Map.of(), Optional.empty(), List.of(), Map.of());

  private Kernels() {}

  private static Map<String, String> v1Mounts() {
    var mounts = new HashMap<String, String>();
    V1_NAMES.forEach(name -> mounts.put(name, "/sys/fs/cgroup/" + name));
    return mounts;
  }

  static CgroupFeatures of(
      Map<String, String> mounts,
      Optional<String> unified,
      List<String> controllers,
      Map<String, Set<String>> files) {
    var layout = new CgroupLayout(mounts, unified, controllers, Map.of(), Optional.of("/bailey"));
    return CgroupFeatures.of(layout, 4096, files);
  }

  /** v1 with some of a controller's files, v2 with none. */
  static CgroupFeatures v1With(String controller, String... files) {
    return of(
        Map.of(controller, "/sys/fs/cgroup/" + controller),
        Optional.empty(),
        List.of(),
        Map.of(controller, Set.of(files)));
  }

  static CgroupFeatures v2With(String controller, String... files) {
    return of(
        Map.of(),
        Optional.of("/sys/fs/cgroup"),
        List.of(controller),
        Map.of(controller, Set.of(files)));
  }
}
