/** Tests of plans. */
@NullMarked
package bailey.core.plan;

import org.jspecify.annotations.NullMarked;
