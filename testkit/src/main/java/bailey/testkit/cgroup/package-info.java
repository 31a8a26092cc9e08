/**
 * Control groups in memory, and the contract suite that they and the real kernel pass: what the
 * suite proves on the kernel, tests that use the fake may rely on.
 *
 * <p>The trees of groups and the tasks in them are those of {@link
 * bailey.core.container.Hierarchies}; each {@code Fake*} class is one controller of the kernel with
 * the files, ranges and refusals that it has on v1 and on v2. Tasks are numbers, they do nothing.
 * Not thread-safe: one test, one thread.
 */
@NullMarked
package bailey.testkit.cgroup;

import org.jspecify.annotations.NullMarked;
