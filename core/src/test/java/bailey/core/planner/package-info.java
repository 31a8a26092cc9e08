/** Tests of the planners: golden plans, and what must hold for every plan. */
@NullMarked
package bailey.core.planner;

import org.jspecify.annotations.NullMarked;
