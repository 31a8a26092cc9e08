package bailey.core.bundle;

/**
 * {@code count} ids from {@code inside} are those from {@code outside} (user_namespaces(7)).
 *
 * @param inside 0 to 2^32 - 2
 * @param outside 0 to 2^32 - 2, in the user namespace of the starter
 * @param count at least 1
 */
public record IdRange(long inside, long outside, long count) {
  /** As a line of uid_map. */
  @Override
  public String toString() {
    return inside + " " + outside + " " + count;
  }
}
