package bailey.core.plan;

/**
 * A place in which a plan keeps the result of a step for later ones.
 *
 * @param number 0 to {@value #COUNT} - 1
 * @param name what is kept, for the printed plan
 * @param descriptor whether it holds an open file descriptor, which some step must close
 */
public record Register(int number, String name, boolean descriptor) {
  /** How many registers an executor has; the last one is where unwanted results go. */
  public static final int COUNT = 128;

  /** Results that nobody wants. */
  static final int DISCARD = COUNT - 1;

  // by hand: a record's own are made at their first use, which takes milliseconds of each start

  @Override
  public boolean equals(Object other) {
    return other instanceof Register that
        && number == that.number
        && descriptor == that.descriptor
        && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return number;
  }

  @Override
  public String toString() {
    return "$" + name;
  }
}
