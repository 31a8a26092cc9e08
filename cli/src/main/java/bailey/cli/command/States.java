package bailey.cli.command;

import bailey.cli.output.Table.Cell;
import bailey.cli.output.Table.Tone;
import bailey.core.state.ContainerState;

/** States of containers, as they are shown. */
final class States {
  private States() {}

  /** Whether something runs, or is about to. */
  static boolean active(ContainerState state) {
    return switch (state) {
      case STARTING, RUNNING, FROZEN, UNATTENDED -> true;
      case CREATED, ENDED, ABANDONED, DAMAGED, GONE -> false;
    };
  }

  /** A state with its tone. */
  static Cell cell(ContainerState state) {
    return new Cell(
        state.toString(),
        switch (state) {
          case RUNNING -> Tone.GOOD;
          case STARTING, FROZEN, UNATTENDED -> Tone.WARN;
          case ABANDONED, DAMAGED -> Tone.BAD;
          case CREATED, ENDED, GONE -> Tone.DIM;
        });
  }
}
