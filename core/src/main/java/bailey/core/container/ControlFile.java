package bailey.core.container;

import bailey.core.error.BadRequest;

/**
 * One property of a container. Its name, unit and format are the same on every kernel: those of
 * cgroup v2.
 *
 * @param name with the subsystem's prefix: {@code memory.max}
 * @param format what its value looks like
 * @param unit what its numbers count
 * @param external what may be done from outside the container
 * @param internal what may be done by the tasks inside a boundary
 * @param isLimit whether it has a value for each side of a boundary, of which the lower one holds
 * @param description one sentence for people, without a full stop
 */
public record ControlFile(
    String name,
    ValueFormat format,
    Unit unit,
    Access external,
    Access internal,
    boolean isLimit,
    String description) {

  /** Refuses a name that no subsystem could own. */
  public ControlFile {
    if (name.indexOf('.') < 1) {
      throw new IllegalArgumentException("a control file is named SUBSYSTEM.NAME, not " + name);
    }
  }

  /**
   * A limit, which has two values: that of the outside, which reads and writes both, and that of
   * the inside of a boundary, which sees and sets only its own. The lower of the two holds.
   *
   * @param format one whose values can be compared ({@link ValueFormat#lower})
   */
  public static ControlFile limit(String name, Unit unit, ValueFormat format, String description) {
    return new ControlFile(name, format, unit, Access.READ_WRITE, Access.READ, true, description);
  }

  /** A setting with one value: outside reads and writes it, inside only reads it. */
  public static ControlFile setting(
      String name, Unit unit, ValueFormat format, String description) {
    return new ControlFile(name, format, unit, Access.READ_WRITE, Access.READ, false, description);
  }

  /** A measurement: both sides read it. */
  public static ControlFile figure(String name, Unit unit, ValueFormat format, String description) {
    return new ControlFile(name, format, unit, Access.READ, Access.READ, false, description);
  }

  /** What may be done with it from {@code view}. */
  public Access access(View view) {
    return view == View.EXTERNAL ? external : internal;
  }

  /**
   * Checks a value as a user wrote it.
   *
   * @return the value as this file would show it, in its {@link #unit()}
   * @throws BadRequest naming this file, the text and an example
   */
  public String canonical(String text) {
    return format.canonical(name, text);
  }
}
