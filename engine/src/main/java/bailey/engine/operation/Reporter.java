package bailey.engine.operation;

import java.util.List;

/**
 * Who prints the report of a container in the foreground.
 *
 * @param program and arguments, to which the name of the container is added; empty for nobody
 * @param always whether the report is wanted whatever happened
 */
public record Reporter(List<String> program, boolean always) {
  static final Reporter NOBODY = new Reporter(List.of(), false);

  /** Copies. */
  public Reporter {
    program = List.copyOf(program);
  }
}
