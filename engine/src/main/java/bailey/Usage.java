package bailey;

import java.util.OptionalLong;

/**
 * What a container uses and used, with the containers in it; each figure is empty where the kernel
 * does not count it for this container.
 *
 * @param memoryBytes memory in use
 * @param peakMemoryBytes the most memory ever in use
 * @param memoryLimitBytes how much memory it may have; empty where it has no limit of its own
 * @param cpuMicros processor time, microseconds
 * @param throttledMicros time for which it was held back by {@code cpu.max}, microseconds
 * @param tasks processes and threads
 * @param peakTasks the most there ever were
 * @param ioReadBytes read from devices
 * @param ioWriteBytes written to devices
 */
public record Usage(
    OptionalLong memoryBytes,
    OptionalLong peakMemoryBytes,
    OptionalLong memoryLimitBytes,
    OptionalLong cpuMicros,
    OptionalLong throttledMicros,
    OptionalLong tasks,
    OptionalLong peakTasks,
    OptionalLong ioReadBytes,
    OptionalLong ioWriteBytes) {}
