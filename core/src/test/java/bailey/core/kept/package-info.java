/** Tests of plans that are kept. */
@NullMarked
package bailey.core.kept;

import org.jspecify.annotations.NullMarked;
