package bailey;

import java.time.Instant;

/**
 * Something that happened to a container.
 *
 * @param seen when it was seen
 * @param container its name
 * @param what {@code created}, {@code removed}, a state that it is in now, such as {@code running},
 *     or what is counted: {@code populated}, {@code memory.oom_kill}, {@code pids.max}
 * @param count of that now; for what is not counted 1
 */
public record ContainerEvent(Instant seen, String container, String what, long count) {}
