/**
 * A machine in memory on which plans run: enough of a kernel to test the engine on, without root
 * and in milliseconds. Files of a state directory are real, control groups are {@code FakeCgroups},
 * processes are threads that interpret the steps of plans or run {@link
 * bailey.testkit.machine.Program}s; mounts, credentials, filters and the like succeed and do
 * nothing. Everything that it claims is also tried on the real kernel by the tests of {@code
 * bailey.kernel.engine}, which ask the same of both.
 *
 * <p>One lock, that of the {@code FakeKernel}, guards all; who waits, waits on it.
 */
@NullMarked
package bailey.testkit.machine;

import org.jspecify.annotations.NullMarked;
