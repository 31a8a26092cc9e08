/**
 * The Linux kernel behind the ports of {@code bailey.core.kernel}: {@code LinuxKernel}, found by
 * ServiceLoader, and the ports that are no more than a few calls of the packages below this one.
 * Who gets a port closes it. All may be used by any thread.
 */
@NullMarked
package bailey.linux;

import org.jspecify.annotations.NullMarked;
