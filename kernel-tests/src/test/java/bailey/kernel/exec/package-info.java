/**
 * The executor on the real kernel: small plans made by hand, sent by {@code ExecutorConnection}, or
 * bytes that are no plan; and what the linux module tells of the machine with its help. What
 * planners make of a request is tested elsewhere. Each test leaves no process and no descriptor
 * behind.
 */
@NullMarked
package bailey.kernel.exec;

import org.jspecify.annotations.NullMarked;
