/**
 * The README, tried: what its console blocks show is typed into a shell, and what comes out is
 * compared. Not here: tests of features, which the README shows only some of.
 */
@NullMarked
package bailey.kernel.readme;

import org.jspecify.annotations.NullMarked;
