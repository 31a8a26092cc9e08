package bailey;

import bailey.core.error.StateDamaged;
import java.util.Optional;

/**
 * The user to whom a container is delegated, as control groups are delegated: he may make
 * containers in it, and move his processes among these.
 *
 * @param uid of the machine
 * @param gid of the machine
 * @param made whether he has made it, in a container of his: then its limits are his to set, which
 *     what it is in bounds; what was given to him keeps its limits
 */
public record Owner(int uid, int gid, boolean made) {
  private static final String MADE = "made";
  private static final String GIVEN = "given";

  /** As it is recorded; root's own is nobody's. */
  static Optional<Owner> parse(String name, String text) {
    var words = text.split(" ", -1);
    try {
      var owner =
          new Owner(
              Integer.parseUnsignedInt(words[0]),
              Integer.parseUnsignedInt(words[1]),
              words[2].equals(MADE));
      return Optional.of(owner).filter(one -> one.uid() != 0);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new StateDamaged("the owner of " + name + " cannot be read: " + text, e);
    }
  }

  String text() {
    return Integer.toUnsignedString(uid)
        + " "
        + Integer.toUnsignedString(gid)
        + " "
        + (made ? MADE : GIVEN);
  }
}
