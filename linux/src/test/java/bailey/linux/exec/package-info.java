/** Tests of the ways to an executor that need none. */
@NullMarked
package bailey.linux.exec;

import org.jspecify.annotations.NullMarked;
