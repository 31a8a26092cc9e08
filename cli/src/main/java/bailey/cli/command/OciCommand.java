package bailey.cli.command;

import bailey.cli.oci.OciProgram;
import bailey.cli.syntax.CommandSyntax;
import java.nio.file.Path;

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
    return program(invocation).run(invocation.parsed());
  }

  /**
   * The program that it is, which says by itself, in a way of its own, what is wrong with its
   * arguments: engines read that.
   *
   * @param invocation what it was called with; of its options nothing is looked at
   */
  public OciProgram program(Invocation invocation) {
    var origin = invocation.call().origin();
    return new OciProgram(
        Path.of(origin.directory()),
        origin.environment(),
        invocation.input(),
        invocation.output(),
        invocation.systems()::kernel);
  }
}
