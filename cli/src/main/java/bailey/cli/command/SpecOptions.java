package bailey.cli.command;

import bailey.ContainerSystem;
import bailey.cli.output.Output;
import bailey.core.error.ContainerBusy;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;

/** Reads the options of {@link RunSyntax}; for {@code --join}, the machine is asked. */
final class SpecOptions {
  private SpecOptions() {}

  static ContainerSpec read(Invocation invocation) {
    return SpecReader.read(
        invocation.parsed(),
        invocation.environment(),
        invocation.call().origin().directory(),
        (container, kind) -> namespace(invocation, container, kind));
  }

  /** What this user can have of it; what he cannot is told. */
  static ContainerSpec attainable(ContainerSpec asked, ContainerSystem system, Output output) {
    var attainable = system.attainable(asked);
    attainable.missing().ifPresent(output::error);
    return attainable.spec();
  }

  private static String namespace(Invocation invocation, String container, NamespaceKind kind) {
    try (var system = invocation.open()) {
      var pid = system.container(container).pid();
      if (pid.isEmpty()) {
        throw new ContainerBusy(
            "--join: container "
                + container
                + " is not running, so it has no "
                + kind.file()
                + " namespace to join; start it first");
      }
      return "/proc/" + pid.getAsLong() + "/ns/" + kind.file();
    }
  }
}
