/**
 * What can be done with containers, a class for each verb. Each takes what it needs from the {@code
 * Machine}, has a plan made and executed, and turns refusals into sentences. Decisions about steps
 * belong to {@code bailey.core.planner}, decisions about states to {@code bailey.core.state}. No
 * state is kept between operations; any thread.
 */
@NullMarked
package bailey.engine.operation;

import org.jspecify.annotations.NullMarked;
