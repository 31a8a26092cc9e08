/**
 * Plans: ordered lists of steps, mostly single system calls, that realise one change together with
 * its undo. Here are the steps, their verification, their text and their binary form; which steps a
 * request needs is decided in {@code bailey.core.planner}, and they are done by the executor (a
 * native program), which decides nothing. All types are values or, where they build, confined to
 * one thread.
 */
@NullMarked
package bailey.core.plan;

import org.jspecify.annotations.NullMarked;
