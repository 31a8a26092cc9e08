/**
 * One class per subsystem of the kernel, named by the kernel's word: what state it is, how it is
 * created and entered, its control files, and for a controller how each control file is had on
 * cgroup v1 and on v2. All of it is pure: what to write and what to read, as values, in the order
 * in which the kernel accepts it. Who writes and reads is elsewhere, and so is what a container
 * asks for.
 *
 * <p>Everything is immutable; any thread.
 */
@NullMarked
package bailey.core.subsystem;

import org.jspecify.annotations.NullMarked;
