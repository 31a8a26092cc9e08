package bailey.core.planner;

import java.util.Optional;

/**
 * What a container is shown of itself in /proc.
 *
 * @param directory where its files are, by the names of {@link bailey.core.kernel.ProcFile}: an
 *     absolute path of the machine
 * @param cpus the CPUs that it is placed on, since programs ask sched_getaffinity(2) how many there
 *     are: as many as its share of CPU time comes to; empty: those that it has anyway
 */
public record ProcView(String directory, Optional<String> cpus) {}
