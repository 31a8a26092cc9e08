/**
 * From a request and a snapshot of the kernel to a plan: pure functions, the same plan for the same
 * input. Here is decided which steps are needed and in which order; how steps are encoded and done
 * is not known here. Each part of a container (cgroups, root, mounts, devices, credentials) is a
 * class with its kernel facts. No state is kept; any thread.
 */
@NullMarked
package bailey.core.planner;

import org.jspecify.annotations.NullMarked;
