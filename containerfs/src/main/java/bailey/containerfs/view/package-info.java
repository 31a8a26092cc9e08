/**
 * The texts of /proc as a container sees itself: what the kernel tells of its groups is read into
 * figures, and these are put into what it tells of the machine, whose form and whatever else it
 * says stay. Pure: texts in, texts out; nothing is read, no clock. Values; any thread.
 */
@NullMarked
package bailey.containerfs.view;

import org.jspecify.annotations.NullMarked;
