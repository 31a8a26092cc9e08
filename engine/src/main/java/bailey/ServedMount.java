package bailey;

/**
 * A file system of bailey's that a program serves.
 *
 * @param directory where it is mounted
 * @param held whether a process holds it, and starts the program again when that dies; false: what
 *     a crash has left, which {@link ContainerSystem#gc()} takes away
 * @param record the directory that is kept of it, in which what serves it may keep files of its own
 */
public record ServedMount(String directory, boolean held, String record) {}
