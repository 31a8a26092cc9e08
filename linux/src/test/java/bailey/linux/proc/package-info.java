/** Tests of the parsers of /proc: examples from real machines, and seeded random text. */
@NullMarked
package bailey.linux.proc;

import org.jspecify.annotations.NullMarked;
