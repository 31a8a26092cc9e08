package bailey.cli.command;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.HelpText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All of bailey's commands. Only what is asked for is loaded: that is start-up time. */
public final class Commands {
  private static final List<String> NAMES =
      List.of(
          "run",
          "exec",
          "enter",
          "create",
          "attach",
          "adopt",
          "clone",
          "ps",
          "ls",
          "show",
          "stats",
          "events",
          "wait",
          "report",
          "kill",
          "freeze",
          "thaw",
          "rm",
          "get",
          "set",
          "explain",
          "subsystems",
          "namespaces",
          "hierarchy",
          "mount",
          "umount",
          "doctor",
          "gc",
          "oci",
          "serve",
          "completion",
          "version",
          "help");

  private Commands() {}

  /** Their names, in the order of the help. */
  public static List<String> names() {
    return NAMES;
  }

  /** The command of a name; null if there is none. */
  public static @Nullable Command named(String name) {
    return switch (name) {
      case "run" -> new RunCommand();
      case "exec" -> new ExecCommand();
      case "enter" -> new EnterCommand();
      case "create" -> new CreateCommand();
      case "attach" -> new AttachCommand();
      case "adopt" -> new AdoptCommand();
      case "clone" -> new CloneCommand();
      case "ps" -> new PsCommand();
      case "ls" -> new LsCommand();
      case "show" -> new ShowCommand();
      case "stats" -> new StatsCommand();
      case "events" -> new EventsCommand();
      case "wait" -> new WaitCommand();
      case "report" -> new ReportCommand();
      case "kill" -> new KillCommand();
      case "freeze" -> new FreezeCommand();
      case "thaw" -> new ThawCommand();
      case "rm" -> new RmCommand();
      case "get" -> new GetCommand();
      case "set" -> new SetCommand();
      case "explain" -> new ExplainCommand();
      case "subsystems" -> new SubsystemsCommand();
      case "namespaces" -> new NamespacesCommand();
      case "hierarchy" -> new HierarchyCommand();
      case "mount" -> new MountCommand();
      case "umount" -> new UmountCommand();
      case "doctor" -> new DoctorCommand();
      case "gc" -> new GcCommand();
      case "oci" -> new OciCommand();
      case "serve" -> new ServeCommand();
      case "completion" -> new CompletionCommand();
      case "version" -> new VersionCommand();
      case "help" -> new HelpCommand();
      default -> null;
    };
  }

  /** The forms of all of them, in the order of the help. */
  public static List<CommandSyntax> syntaxes() {
    var all = new ArrayList<CommandSyntax>();
    for (var name : NAMES) {
      var command = named(name);
      if (command != null) {
        all.add(command.syntax());
      }
    }
    return all;
  }

  /** What {@code bailey help} shows. */
  public static String overview() {
    return HelpText.overview(
        List.of(
            section("Run", "run", "exec", "enter", "create", "explain"),
            section("Move", "attach", "adopt", "clone"),
            section(
                "Look",
                "ps",
                "ls",
                "show",
                "stats",
                "events",
                "report",
                "subsystems",
                "namespaces"),
            section("Change", "get", "set", "freeze", "thaw", "kill", "wait", "rm", "hierarchy"),
            section("Files", "mount", "umount"),
            section(
                "Bailey itself", "doctor", "gc", "serve", "oci", "completion", "version", "help")));
  }

  private static HelpText.Section section(String title, String... names) {
    var wanted = List.of(names);
    var commands = new ArrayList<CommandSyntax>();
    for (var syntax : syntaxes()) {
      if (wanted.contains(syntax.name())) {
        commands.add(syntax);
      }
    }
    return new HelpText.Section(title, commands);
  }
}
