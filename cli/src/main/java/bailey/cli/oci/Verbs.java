package bailey.cli.oci;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** All verbs. Only what is asked for is loaded: that is start-up time. */
final class Verbs {
  private static final List<String> NAMES =
      List.of(
          "create",
          "start",
          "run",
          "exec",
          "state",
          "list",
          "ps",
          "events",
          "kill",
          "delete",
          "pause",
          "resume",
          "update",
          "spec",
          "features",
          "checkpoint",
          "restore");

  private Verbs() {}

  /** Their names, in the order of the help. */
  static List<String> names() {
    return NAMES;
  }

  /** The verb of a name; null if there is none. */
  static @Nullable Verb named(String name) {
    return switch (name) {
      case "create" -> new CreateVerb(false);
      case "run" -> new CreateVerb(true);
      case "start" -> new StartVerb();
      case "exec" -> new ExecVerb();
      case "state" -> new StateVerb();
      case "list" -> new ListVerb();
      case "ps" -> new PsVerb();
      case "events" -> new EventsVerb();
      case "kill" -> new KillVerb();
      case "delete" -> new DeleteVerb();
      case "pause" -> new FreezeVerb(true);
      case "resume" -> new FreezeVerb(false);
      case "update" -> new UpdateVerb();
      case "spec" -> new SpecVerb();
      case "features" -> new FeaturesVerb();
      case "checkpoint", "restore" -> new CheckpointVerb(name);
      default -> null;
    };
  }
}
