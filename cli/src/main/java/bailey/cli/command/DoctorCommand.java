package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.cli.output.Colour;
import bailey.cli.output.HumanText;
import bailey.cli.output.Json;
import bailey.cli.output.Table;
import bailey.cli.output.Table.Cell;
import bailey.cli.output.Table.Tone;
import bailey.cli.syntax.CommandSyntax;
import bailey.core.kernel.Ability;
import java.util.List;
import java.util.Set;

/** Says what bailey needs of this machine, and what of it is there. */
final class DoctorCommand implements Command {
  /** Without these not even a container without options starts. */
  static final Set<String> NEEDED =
      Set.of(
          "sealed memory file",
          "clone3",
          "pid namespace",
          "mnt namespace",
          "uts namespace",
          "ipc namespace",
          "net namespace",
          "cgroup namespace",
          "pidfd_open",
          "pidfd_send_signal",
          "close_range",
          "openat2",
          "seccomp filter",
          "mqueue mount",
          "devpts newinstance",
          "overlayfs");

  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("doctor", "checks what this machine and user can do")
        .description(
            "Lists every ability of the kernel that bailey uses: whether it is there for this user,"
                + " what it is needed for and, where it is missing, how to get it. Ends with 1 if"
                + " something that every container needs is missing.")
        .group("Options", flag("json", "prints JSON"))
        .example("bailey doctor", "before the first run")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    try (var system = invocation.open()) {
      var abilities = system.abilities();
      var output = invocation.output();
      output.print(invocation.has("json") ? json(abilities) : text(abilities, output.colour()));
      return status(abilities);
    }
  }

  static int status(List<Ability> abilities) {
    for (var ability : abilities) {
      if (!ability.present() && NEEDED.contains(ability.name())) {
        return 1;
      }
    }
    return 0;
  }

  /** A table of all, then what to do about each that is missing. */
  static String text(List<Ability> abilities, Colour colour) {
    var table = new Table("ABILITY", "HERE", "NEEDED FOR");
    var missing = new StringBuilder();
    for (var ability : abilities) {
      boolean needed = NEEDED.contains(ability.name());
      table.row(
          List.of(
              new Cell(ability.name(), Tone.PLAIN),
              ability.present()
                  ? new Cell("yes", Tone.GOOD)
                  : new Cell("no", needed ? Tone.BAD : Tone.WARN),
              new Cell(ability.use(), Tone.PLAIN)));
      if (!ability.present()) {
        missing.append("\n").append(needed ? colour.red(ability.name()) : ability.name());
        missing.append(needed ? " (every container needs it)" : "").append(":\n  ");
        missing.append(HumanText.printable(ability.remedy())).append('\n');
      }
    }
    return table.print(colour)
        + (missing.isEmpty()
            ? "\nNothing is missing.\n"
            : "\nHow to get what is missing:\n" + missing);
  }

  private static String json(List<Ability> abilities) {
    return Json.pretty(
        out -> {
          out.writeStartArray();
          for (var ability : abilities) {
            out.writeStartObject();
            out.writeStringField("name", ability.name());
            out.writeBooleanField("present", ability.present());
            out.writeBooleanField("needed", NEEDED.contains(ability.name()));
            out.writeStringField("use", ability.use());
            out.writeStringField("remedy", ability.remedy());
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }
}
