package bailey.cli.command;

import bailey.cli.syntax.CommandSyntax;
import bailey.core.kept.Fact;
import java.util.List;
import java.util.Optional;

/** Runs a command in a new container. */
final class RunCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return RunSyntax.syntax();
  }

  /**
   * Returns when the command has started; the executor that started this JVM goes on in its place
   * and ends with the command's status.
   */
  @Override
  public int run(Invocation invocation) {
    var asked = SpecOptions.read(invocation);
    try (var system = invocation.open()) {
      var spec = SpecOptions.attainable(asked, system, invocation.output());
      ServedViews.prepare(invocation, system, spec);
      var launch =
          system.launch(
              spec,
              invocation.arguments(),
              ReportCommand.reporter(invocation),
              invocation.has("report"),
              asked(invocation));
      if (spec.detached()) {
        invocation.output().line(launch.name());
      }
      return 0;
    }
  }

  /** What the request depends on; empty where it was looked up in files. */
  private static Optional<List<Fact>> asked(Invocation invocation) {
    var environment = Fact.Environment.of(invocation.environment().variables());
    return invocation.has("user") ? Optional.empty() : Optional.of(List.of(environment));
  }
}
