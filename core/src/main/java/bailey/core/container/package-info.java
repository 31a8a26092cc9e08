/**
 * The model: containers in hierarchies, the subsystems whose state they have, and the control files
 * that show and set that state. What each subsystem is stands in {@code bailey.core.subsystem};
 * what the kernel is told stands in plans. Nothing here knows a kernel version, a file of the
 * kernel or a system call.
 *
 * <p>Records and enums are values for any thread. {@link bailey.core.container.Hierarchy} and its
 * {@link bailey.core.container.Container}s change, and belong to one thread or to whoever holds
 * their owner's lock.
 */
@NullMarked
package bailey.core.container;

import org.jspecify.annotations.NullMarked;
