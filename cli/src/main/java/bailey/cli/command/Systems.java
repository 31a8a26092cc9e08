package bailey.cli.command;

import bailey.ContainerSystem;

/** Opens the container system, for commands that need it. */
@FunctionalInterface
public interface Systems {
  /**
   * Opens it; the caller closes it.
   *
   * @param hierarchy whose containers are meant
   */
  ContainerSystem open(String hierarchy);
}
