package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.Drift;
import bailey.cli.output.Colour;
import bailey.cli.output.HumanText;
import bailey.cli.output.Json;
import bailey.cli.output.Table;
import bailey.cli.output.Table.Cell;
import bailey.cli.output.Table.Tone;
import bailey.cli.syntax.CommandSyntax;
import bailey.core.kernel.Ability;
import java.util.List;
import java.util.Locale;
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
                + " what it is needed for and, where it is missing, how to get it. Then what others"
                + " than bailey changed in containers: control groups removed or renamed,"
                + " processes moved by hand; bailey gc puts right what is certain. Ends with 1 if"
                + " something was changed, or is missing that every container needs.")
        .group("Options", flag("json", "prints JSON"))
        .example("bailey doctor", "before the first run")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    try (var system = invocation.open()) {
      var abilities = system.abilities();
      var changed = system.drift();
      var output = invocation.output();
      output.print(
          invocation.has("json")
              ? json(abilities, changed)
              : text(abilities, output.colour()) + text(changed));
      return changed.isEmpty() ? status(abilities) : 1;
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

  /** What was changed behind bailey's back; empty if nothing was. */
  static String text(List<Drift> changed) {
    if (changed.isEmpty()) {
      return "";
    }
    var out = new StringBuilder("\nChanged by others than bailey:\n");
    for (var drift : changed) {
      out.append("  ").append(HumanText.printable(drift.what()));
      out.append(";\n    ").append(HumanText.printable(drift.remedy())).append('\n');
    }
    return out.toString();
  }

  private static String json(List<Ability> abilities, List<Drift> changed) {
    return Json.pretty(
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("abilities");
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
          out.writeArrayFieldStart("changed");
          for (var drift : changed) {
            out.writeStartObject();
            out.writeStringField("container", drift.container());
            out.writeStringField("kind", drift.kind().name().toLowerCase(Locale.ROOT));
            out.writeStringField("what", drift.what());
            out.writeStringField("remedy", drift.remedy());
            out.writeBooleanField("repairable", drift.repairable());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }
}
