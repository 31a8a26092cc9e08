package bailey;

import bailey.core.container.Subsystem;

/**
 * A subsystem and where this machine has it.
 *
 * @param subsystem what it is
 * @param present whether containers of this user can have it
 * @param place where its state is: {@code cgroup v1 at /sys/fs/cgroup/memory}, {@code cgroup v2 at
 *     /sys/fs/cgroup}, {@code namespace}; where it is not present, the reason and what to do, as a
 *     sentence without its full stop
 */
public record SubsystemPlace(Subsystem subsystem, boolean present, String place) {}
