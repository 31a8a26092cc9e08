/**
 * Control groups of the running kernel: the contract of the testkit, and what only a kernel can
 * show.
 */
@NullMarked
package bailey.kernel.cgroup;

import org.jspecify.annotations.NullMarked;
