/**
 * Programs that bailey assembles, given to the real kernel: system call filters and device
 * programs. What is tried is tried in processes of two small C programs, since a JVM that loads a
 * filter keeps it.
 */
@NullMarked
package bailey.kernel.seccomp;

import org.jspecify.annotations.NullMarked;
