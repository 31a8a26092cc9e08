package bailey;

/**
 * A file system of bailey's that a program serves.
 *
 * @param directory where it is mounted
 * @param held whether a process holds it, and starts the program again when that dies; false: what
 *     a crash has left, which {@link ContainerSystem#gc()} takes away
 */
public record ServedMount(String directory, boolean held) {}
