/**
 * Requests: what a container is to be, in the user's words, as immutable values that check
 * themselves. What it takes to get there is decided in {@code bailey.core.planner}.
 */
@NullMarked
package bailey.core.spec;

import org.jspecify.annotations.NullMarked;
