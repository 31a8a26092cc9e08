/**
 * The resident planner: takes calls of this user's command lines, each on a thread of its own, and
 * ends when there are none. How a call is answered is {@code Main}'s; where calls come from, and
 * who may make one, is behind {@link bailey.core.kernel.Callers}. Nothing of a call is kept in this
 * process: what a command has of its caller it has by its {@code Invocation}.
 */
@NullMarked
package bailey.cli.serve;

import org.jspecify.annotations.NullMarked;
