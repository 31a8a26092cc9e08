/**
 * What a configuration asks of the kernel, in core's terms: the system call filter. Pure functions
 * of records; any thread.
 */
@NullMarked
package bailey.oci.request;

import org.jspecify.annotations.NullMarked;
