/** Tests of what the probe makes of the files of machines that are not this one. */
@NullMarked
package bailey.linux.probe;

import org.jspecify.annotations.NullMarked;
