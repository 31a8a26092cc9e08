package bailey;

/**
 * What became of a task that was to get a container of its own.
 *
 * @param container the new one
 * @param moved what is in it now, and what stayed where it was
 */
public record CloneResult(Container container, MoveResult moved) {}
