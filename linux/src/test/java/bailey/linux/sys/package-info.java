/** Tests of the fence, and of what bailey believes of the kernel's binary interface. */
@NullMarked
package bailey.linux.sys;

import org.jspecify.annotations.NullMarked;
