package bailey.core.container;

import java.util.function.IntUnaryOperator;

/**
 * Names for containers that are given none. The executor invents some too, for plans that were kept
 * (kept.h), by what is said here.
 */
public final class InventedName {
  /** What it begins with: without letters that look like another or a digit. */
  public static final String FIRST = "abcdefghjkmnpqrstuvwxyz";

  /** What it goes on with. */
  public static final String REST = FIRST + "23456789";

  /** How many characters it has. */
  public static final int LENGTH = 7;

  private InventedName() {}

  /**
   * One that is most probably free; who takes it finds out.
   *
   * @param random a number from 0 to below its argument
   */
  public static ContainerPath of(IntUnaryOperator random) {
    var name = new StringBuilder();
    name.append(FIRST.charAt(random.applyAsInt(FIRST.length())));
    while (name.length() < LENGTH) {
      name.append(REST.charAt(random.applyAsInt(REST.length())));
    }
    return ContainerPath.parse("--name", name.toString());
  }
}
