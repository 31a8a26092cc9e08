package bailey.cli.output;

/** Whether, and how, text is coloured (ECMA-48 SGR, the eight colours that every terminal has). */
public enum Colour {
  /** Not at all. */
  OFF,
  /** For a terminal. */
  ON;

  /** Good, or running. */
  public String green(String text) {
    return in("32", text);
  }

  /** Bad, or failed. */
  public String red(String text) {
    return in("31", text);
  }

  /** In between. */
  public String yellow(String text) {
    return in("33", text);
  }

  /** Less important. */
  public String dim(String text) {
    return in("2", text);
  }

  /** A heading. */
  public String bold(String text) {
    return in("1", text);
  }

  private String in(String code, String text) {
    return this == OFF || text.isEmpty() ? text : "\033[" + code + "m" + text + "\033[0m";
  }
}
