/**
 * What bailey knows of its containers on disk, and how it makes sense of that after a crash.
 *
 * <p>A state directory has:
 *
 * <pre>
 *   gate                     locked shared while a name is taken, exclusively while one is cleared
 *   secret                   of the numbers that stand for containers' names in file systems
 *   move                     the move of running tasks that is on its way, locked meanwhile
 *   containers/c-ci/c-job/   a directory for each container, nested as they are; its being there is
 *                            the name being taken
 *     intent                 what it is meant to be, written before anything else is made
 *     lock                   locked by the executor that looks after it, for as long as that lives
 *     first                  /proc/PID/stat of its first process
 *   reports/NAME.WHEN        the record of its end; kept when the container is gone
 * </pre>
 *
 * <p>The plans of {@code bailey.core.planner} write these files; here they are read and judged.
 * What a crash leaves is told from what is being made by the locks alone, never by age: locks are
 * open file description locks (fcntl(2), F_OFD_SETLK), gone with the process that holds them
 * however it ends. A launch holds the gate shared from before it makes its directory until it has
 * locked it; a removal holds the gate exclusively until it has locked the directory that it
 * removes. So a directory whose lock is free, seen by who has the gate, is never one that is just
 * being made.
 *
 * <p>Nothing is cached: each question reads the files. Any thread.
 */
@NullMarked
package bailey.engine.journal;

import org.jspecify.annotations.NullMarked;
