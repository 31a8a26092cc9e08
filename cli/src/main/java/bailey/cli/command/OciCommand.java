package bailey.cli.command;

import bailey.cli.oci.OciProgram;
import bailey.cli.output.Output;
import bailey.cli.syntax.CommandSyntax;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Kernel;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** The OCI runtime, as a command. */
public final class OciCommand implements Command {
  /** For its only instance. */
  OciCommand() {}

  @Override
  public CommandSyntax syntax() {
    return OciProgram.syntax();
  }

  @Override
  public int run(Invocation invocation) {
    return program(invocation.environment(), invocation.output()).run(invocation.parsed());
  }

  /**
   * The program that it is, which says by itself, in a way of its own, what is wrong with its
   * arguments: engines read that.
   */
  public OciProgram program(Environment environment, Output output) {
    return new OciProgram(
        Path.of(System.getProperty("user.dir", "/")),
        environment.variables(),
        output,
        OciCommand::kernel);
  }

  private static Kernel kernel() {
    return ServiceLoader.load(Kernel.class)
        .findFirst()
        .orElseThrow(
            () -> new NotPossibleHere("bailey's linux module is not on the module path; add it"));
  }
}
