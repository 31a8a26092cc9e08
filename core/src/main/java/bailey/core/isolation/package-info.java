/**
 * Whether a container is self-contained: what ties its processes to those outside of it, as a pure
 * function of what was found of both. Looking is done elsewhere. Values; any thread.
 */
@NullMarked
package bailey.core.isolation;

import org.jspecify.annotations.NullMarked;
