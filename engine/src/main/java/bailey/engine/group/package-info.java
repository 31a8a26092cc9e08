/**
 * The control groups of a container as the engine deals with them while it runs: which there are,
 * which tasks are in them, freezing, killing. They are made and removed by plans. What a control
 * file means on which kernel is known to {@code bailey.core.subsystem}. No state is kept; any
 * thread.
 */
@NullMarked
package bailey.engine.group;

import org.jspecify.annotations.NullMarked;
