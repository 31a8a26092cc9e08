package bailey.cli.command;

import bailey.ContainerSystem;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.error.NoSuchContainer;

/** Waits until containers have ended. */
final class WaitCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("wait", "waits until a container has ended")
        .description(
            "Waits until each container NAME has ended, prints its exit status, and ends with the"
                + " last one: 128+N if signal N killed it.")
        .arguments("NAME...", 1, Integer.MAX_VALUE, Completes.CONTAINER)
        .inHierarchy()
        .example("bailey wait web", "block until the service has ended")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    int status = 0;
    try (var system = invocation.open()) {
      for (var name : invocation.arguments()) {
        status = await(system, name);
        invocation.output().line(Integer.toString(status));
        invocation.output().flush();
      }
    }
    return status;
  }

  /** Of one that has ended and is gone, the report is still there. */
  private static int await(ContainerSystem system, String name) {
    try {
      return system.container(name).await().status();
    } catch (NoSuchContainer _) {
      return system.report(name).status();
    } catch (InterruptedException e) { // nobody interrupts the main thread
      throw new IllegalStateException(e);
    }
  }
}
