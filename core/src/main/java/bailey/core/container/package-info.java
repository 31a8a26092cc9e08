/**
 * The model: containers in hierarchies, the subsystems whose state they have, and the control files
 * that show and set that state. What each subsystem is stands in {@code bailey.core.subsystem};
 * what the kernel is told stands in plans. Nothing here knows a kernel version, a file of the
 * kernel or a system call.
 *
 * <p>{@link bailey.core.container.Hierarchies} is a whole machine of them, with its tasks: the fake
 * kernel is built on it. {@link bailey.core.container.Bindings} are the rules by which subsystems
 * are bound, which the engine keeps to as well.
 *
 * <p>Records, enums and {@code Bindings} are values. The rest of the model may be used by any
 * thread; it has one lock for structure, one for each set of tasks, and none for charging.
 */
@NullMarked
package bailey.core.container;

import org.jspecify.annotations.NullMarked;
