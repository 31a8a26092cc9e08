/**
 * The streams of a program in a container as those of {@code java.io}, over the pipes of the kernel
 * port. What is left unread when the program has ended is kept, and its descriptor given back. Each
 * stream may be used by any thread, by one at a time.
 */
@NullMarked
package bailey.engine.stream;

import org.jspecify.annotations.NullMarked;
