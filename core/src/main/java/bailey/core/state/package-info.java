/**
 * The life of a container as pure functions: which states there are, what leads from one to another
 * ({@code Lifecycle}), and which state the traces on disk and in the kernel amount to ({@code
 * Evidence}). Nothing is read or done here. Values; any thread.
 */
@NullMarked
package bailey.core.state;

import org.jspecify.annotations.NullMarked;
