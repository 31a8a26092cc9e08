/**
 * The ports through which bailey sees a kernel: what it can do ({@code KernelFeatures}), its files,
 * and the execution of plans. Implemented by the linux module on a real kernel and by the testkit
 * in memory, both proven by the same contract tests. Nothing of one cgroup version or of one kernel
 * shows here.
 */
@NullMarked
package bailey.core.kernel;

import org.jspecify.annotations.NullMarked;
