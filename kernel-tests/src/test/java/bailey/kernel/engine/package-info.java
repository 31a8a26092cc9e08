/**
 * Containers on the real kernel, through the library: what a program that uses it sees, and what is
 * left after each kind of accident. Each test has a state directory and an executor of its own, and
 * is followed by a look at the machine for what it left behind. They need root.
 */
@NullMarked
package bailey.kernel.engine;

import org.jspecify.annotations.NullMarked;
