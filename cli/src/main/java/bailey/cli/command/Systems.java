package bailey.cli.command;

import bailey.ContainerSystem;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Kernel;
import java.util.ServiceLoader;

/** Opens the container system, for commands that need it. */
@FunctionalInterface
public interface Systems {
  /**
   * Opens it; the caller closes it.
   *
   * @param hierarchy whose containers are meant
   */
  ContainerSystem open(String hierarchy);

  /** The machine below it, for what has containers of its own; the caller closes it. */
  default Kernel kernel() {
    return ServiceLoader.load(Kernel.class)
        .findFirst()
        .orElseThrow(
            () -> new NotPossibleHere("bailey's linux module is not on the module path; add it"));
  }
}
