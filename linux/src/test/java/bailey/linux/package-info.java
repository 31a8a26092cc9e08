/** Tests of the ports that need nothing of the kernel but processes and pipes. */
@NullMarked
package bailey.linux;

import org.jspecify.annotations.NullMarked;
