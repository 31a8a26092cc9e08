package bailey.core.container;

import bailey.core.spec.Malformed;

/**
 * What a file shows that cannot be written.
 *
 * @param shape the format of cgroup v2's documentation ("Interface Files", "Format")
 */
public record Report(Shape shape) implements ValueFormat {
  /** A line {@code KEY VALUE} for each key. */
  public static final Report FLAT = new Report(Shape.FLAT_KEYED);

  /** A line {@code KEY SUBKEY=VALUE...} for each key. */
  public static final Report NESTED = new Report(Shape.NESTED_KEYED);

  /** One line or word. */
  public static final Report LINE = new Report(Shape.LINE);

  /** How its text is laid out. */
  public enum Shape {
    /** {@code KEY VALUE}. */
    FLAT_KEYED,
    /** {@code KEY SUBKEY=VALUE...}. */
    NESTED_KEYED,
    /** One line. */
    LINE
  }

  @Override
  public String canonical(String control, String text) {
    throw Malformed.value(control, text, "cannot be set, this file only reports", help());
  }

  @Override
  public String help() {
    return "nothing: it is only read";
  }
}
