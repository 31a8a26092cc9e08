/** Tests of the subsystems. */
@NullMarked
package bailey.core.subsystem;

import org.jspecify.annotations.NullMarked;
