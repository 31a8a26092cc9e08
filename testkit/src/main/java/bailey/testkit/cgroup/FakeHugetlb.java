package bailey.testkit.cgroup;

import java.util.LinkedHashMap;
import java.util.Map;

/** The hugetlb controller (mm/hugetlb_cgroup.c) of an x86-64 machine. */
final class FakeHugetlb implements FakeController {
  private static final Map<String, Long> SIZES = Map.of("2MB", 2L << 20, "1GB", 1L << 30);

  private final Map<String, Long> limits = new LinkedHashMap<>();

  private FakeHugetlb() {}

  static FakeHugetlb v1(FakeGroup group) {
    return make(group, ".limit_in_bytes", ".usage_in_bytes", "-1", true);
  }

  static FakeHugetlb v2(FakeGroup group) {
    return make(group, ".max", ".current", "max", false);
  }

  private static FakeHugetlb make(
      FakeGroup group, String limitFile, String usageFile, String none, boolean v1) {
    var hugetlb = new FakeHugetlb();
    if (!group.isRoot()) {
      SIZES.forEach(
          (name, size) -> {
            long unlimited = Long.MAX_VALUE / size * size;
            hugetlb.limits.put(name, unlimited);
            group.file(
                "hugetlb." + name + limitFile,
                FakeFile.both(
                    () -> hugetlb.show(name, unlimited, v1),
                    text ->
                        hugetlb.limits.put(
                            name,
                            text.equals(none)
                                ? unlimited
                                : KernelParse.memory(text) / size * size)));
            group.file("hugetlb." + name + usageFile, FakeFile.shown(() -> "0\n"));
          });
    }
    return hugetlb;
  }

  private String show(String name, long unlimited, boolean v1) {
    long limit = limits.getOrDefault(name, unlimited);
    return (limit == unlimited && !v1 ? "max" : limit) + "\n";
  }
}
