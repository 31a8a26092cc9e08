/**
 * What a container is to be that is described by a bundle of the Open Container Initiative, in the
 * kernel's words: mounts as they are listed, ids, capabilities, groups by their paths. Immutable
 * values, which anybody may make; reading a configuration is not done here, and what it takes to
 * get there is decided in {@code bailey.core.planner}.
 */
@NullMarked
package bailey.core.bundle;

import org.jspecify.annotations.NullMarked;
