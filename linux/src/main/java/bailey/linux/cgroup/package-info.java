/**
 * The control group files of the running kernel: finding, reading, writing, making and removing.
 * Nothing is decided here and nothing is translated: which file means what is {@code
 * bailey.core.subsystem}'s knowledge. Plain file streams; open stays what {@code keep} gives, until
 * its caller closes it. Any thread.
 */
@NullMarked
package bailey.linux.cgroup;

import org.jspecify.annotations.NullMarked;
