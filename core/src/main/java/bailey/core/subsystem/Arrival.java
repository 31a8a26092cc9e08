package bailey.core.subsystem;

/**
 * Running processes that are about to be put into a container.
 *
 * @param tasks how many: processes and their threads
 * @param memory bytes of anonymous and shared memory that they have, together
 * @param realTime whether one of them is scheduled in real time (sched(7))
 */
public record Arrival(long tasks, long memory, boolean realTime) {}
