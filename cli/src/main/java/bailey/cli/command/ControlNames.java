package bailey.cli.command;

import bailey.cli.syntax.Completes;
import bailey.core.container.ControlFile;
import bailey.core.subsystem.Subsystems;
import java.util.function.Predicate;

/** The names of control files, for shells. */
final class ControlNames {
  private ControlNames() {}

  /** Those that can be read. */
  static Completes readable() {
    return those(file -> file.external().readable());
  }

  /** Those that can be written. */
  static Completes writable() {
    return those(file -> file.external().writable());
  }

  private static Completes those(Predicate<ControlFile> wanted) {
    return Completes.oneOf(
        Subsystems.standard().all().stream()
            .flatMap(subsystem -> subsystem.controlFiles().stream())
            .filter(wanted)
            .map(ControlFile::name)
            .toList());
  }
}
