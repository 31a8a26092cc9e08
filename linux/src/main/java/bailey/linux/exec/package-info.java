/**
 * The way of plans to the executor, the native program that does them. {@code ExecutorConnection}
 * keeps one as a child of this JVM and sends it any number of plans; {@code ColdRequester} is for a
 * JVM that the executor itself has started (the command line) and takes exactly one. {@code
 * OwnThread} does a plan that needs no process without it. What a plan does is decided elsewhere.
 *
 * <p>A connection owns its executor process, its socket and one thread, the reader, which completes
 * the futures of executions: an action that depends on them runs on that thread and must not wait
 * or execute plans itself (use the {@code Async} forms for that). Any thread may execute plans.
 */
@NullMarked
package bailey.linux.exec;

import org.jspecify.annotations.NullMarked;
