package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.error.BadRequest;

/** Puts the daemons of the machine into a container. */
final class AdoptCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("adopt", "puts the daemons of this machine into a container")
        .description(
            "Moves all system daemons into one container, so that together they can be limited and"
                + " seen, and the rest of the machine be kept from them. It is made if it is not"
                + " there. What stays: process 1, threads of the kernel, what has a terminal or"
                + " belongs to somebody who logged in, what is in a container already, bailey's own"
                + " processes, this command and what has started it.\n\n"
                + "With cgroup v2 alone, systemd follows its services by their control groups and"
                + " loses sight of those that are moved: look with --dry-run first.")
        .group(
            "Options",
            value("system", "NAME", "sys", "the container for the system's daemons")
                .completing(Completes.CONTAINER),
            flag("dry-run", "moves nothing and prints what would be moved").letter('n'),
            flag("json", "prints JSON"))
        .inHierarchy()
        .example("bailey adopt --system sys --dry-run", "what would be moved, what not and why")
        .example("bailey adopt --system sys", "move it")
        .example("bailey set sys cpu.weight=50", "and let it have half a share of the CPUs")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    if (!invocation.has("system")) {
      throw new BadRequest(
          "adopt: say into which container; write for example bailey adopt --system sys");
    }
    String name = invocation.parsed().value("system", "");
    boolean dry = invocation.has("dry-run");
    try (var system = invocation.open()) {
      var result = system.adoptSystem(name, dry);
      var output = invocation.output();
      output.print(
          invocation.has("json")
              ? MoveResults.json(name, result)
              : MoveResults.table(result, dry ? "would move" : "moved").print(output.colour()));
    }
    return 0;
  }
}
