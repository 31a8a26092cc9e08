package bailey.oci.runtime;

import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupVersion;
import bailey.core.subsystem.CgroupFeatures;
import bailey.oci.config.OciResources;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether memory may be limited to less than is used: cgroup v1 refuses that itself, v2 ends
 * processes until it fits.
 */
final class MemoryInUse {
  private MemoryInUse() {}

  /**
   * Refuses a limit that is below what is used, where {@code checkBeforeUpdate} asks for that.
   *
   * @param file reads one of the memory controller
   */
  static void check(
      CgroupFeatures features, OciResources asked, Function<String, Optional<String>> file) {
    var memory = asked.memory();
    if (memory == null
        || !Boolean.TRUE.equals(memory.checkBeforeUpdate())
        || memory.limit() == null
        || memory.limit() <= 0
        || features.version("memory").filter(CgroupVersion.V2::equals).isEmpty()) {
      return;
    }
    long used = file.apply("memory.current").map(Stats::number).orElse(0L);
    if (memory.limit() < used) {
      throw new NotPossibleHere(
          "linux.resources.memory.limit: "
              + memory.limit()
              + " is less than the "
              + used
              + " bytes that are used; give more, or leave out checkBeforeUpdate");
    }
  }
}
