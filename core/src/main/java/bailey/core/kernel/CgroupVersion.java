package bailey.core.kernel;

/**
 * The two versions of the kernel's control groups (Documentation/admin-guide/cgroup-v1, -v2.rst).
 */
public enum CgroupVersion {
  /** A hierarchy for each controller or set of controllers. */
  V1,
  /** One hierarchy with all controllers. */
  V2
}
