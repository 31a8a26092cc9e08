package bailey;

/**
 * A container that was started for the command line, or a command in one.
 *
 * @param name of the container
 * @param pid of its first process, or of the command; 0 where that is not told
 */
public record Launch(String name, long pid) {}
