package bailey.cli.command;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.error.BadRequest;

/** Writes a control file of a container. */
final class SetCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("set", "changes a limit or another property of a container")
        .description(
            "Writes VALUE to control file CONTROL of container NAME, also while it runs. Names and"
                + " units are those of cgroup v2 on every kernel; bailey get NAME lists them. Sizes"
                + " may be written as 64M.")
        .arguments(
            "NAME CONTROL VALUE",
            2,
            3,
            Completes.CONTAINER,
            ControlNames.writable(),
            Completes.NOTHING)
        .group("Options", Views.written())
        .inHierarchy()
        .example("bailey set web memory.max 128M", "raise its memory limit")
        .example("bailey set web cpu.weight=50", "the same form as run --set")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    var arguments = invocation.arguments();
    String control = arguments.get(1);
    int equals = control.indexOf('=');
    if (arguments.size() == 2 && equals < 1) {
      throw new BadRequest(
          "set: no value for "
              + control
              + "; write bailey set NAME CONTROL VALUE, for"
              + " example bailey set "
              + arguments.getFirst()
              + " memory.max 128M");
    }
    boolean two = arguments.size() == 2;
    var view = Views.toSet(invocation);
    try (var system = invocation.open()) {
      system
          .container(arguments.getFirst())
          .set(
              two ? control.substring(0, equals) : control,
              two ? control.substring(equals + 1) : arguments.get(2),
              view);
    }
    return 0;
  }
}
