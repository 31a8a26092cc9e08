package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.cli.output.HumanText;
import bailey.cli.output.Json;
import bailey.cli.syntax.CommandSyntax;
import bailey.core.error.BadRequest;
import java.time.Duration;
import java.time.Instant;

/** The resident planner: runs it, tells of it, stops it. */
final class ServeCommand implements Command {
  private static final int NONE = 1;

  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("serve", "runs, shows or stops the resident planner")
        .description(
            "A planner is a JVM that stays, so that commands need not start one: each asks it over"
                + " a socket that only its user reaches. The first command starts it, and after"
                + " five minutes without one it ends; BAILEY_IDLE says another time, and with"
                + " BAILEY_SERVE=off every command has a JVM for itself. It may be killed at any"
                + " time: containers do not depend on it, and the next command starts another. What"
                + " it answers to bailey-oci run and create is kept for when the same bundle is run"
                + " again, which asks nobody then, and so is what it answers to bailey run in the"
                + " foreground when the same call came twice; BAILEY_PLANS=off does without.\n\n"
                + "bailey serve runs one in the foreground, for a service manager; it takes the"
                + " socket that systemd hands over, if it does.")
        .arguments("", 0, 0)
        .group(
            "Options",
            flag("status", "tells what the planner does; ends with 1 if there is none"),
            flag("stop", "has it end, as soon as the commands that it answers now have ended"),
            flag("json", "with --status: prints JSON"))
        .example("bailey serve --status", "whether one is there")
        .example("BAILEY_IDLE=1h bailey run -- true", "it stays for an hour after this")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    boolean status = invocation.has("status");
    if (status && invocation.has("stop")) {
      throw new BadRequest("serve: --status and --stop contradict each other; write one of them");
    }
    if (invocation.has("json") && !status) {
      throw new BadRequest("serve: --json is for --status; write bailey serve --status --json");
    }
    var service = invocation.service();
    if (invocation.has("stop")) {
      service.stop();
      return 0;
    }
    if (!status) {
      return service.serve();
    }
    var planner = service.status();
    var output = invocation.output();
    if (planner.isEmpty()) {
      output.print(invocation.has("json") ? "null\n" : "there is no planner\n");
      return NONE;
    }
    output.print(invocation.has("json") ? json(planner.get()) : text(planner.get()));
    return 0;
  }

  private static String text(Service.Status planner) {
    var up = Duration.between(planner.since(), Instant.now());
    return "planner "
        + planner.pid()
        + " listens in "
        + HumanText.printable(planner.folder())
        + "\n  for "
        + HumanText.micros(up.toMillis() * 1000)
        + ", calls taken "
        + planner.calls()
        + ", being answered "
        + planner.current()
        + "\n  stays "
        + HumanText.micros(planner.idle().toMillis() * 1000)
        + " with nothing to do\n";
  }

  private static String json(Service.Status planner) {
    return Json.pretty(
        out -> {
          out.writeStartObject();
          out.writeNumberField("pid", planner.pid());
          out.writeStringField("folder", planner.folder());
          out.writeStringField("build", planner.build());
          out.writeStringField("since", planner.since().toString());
          out.writeNumberField("calls", planner.calls());
          out.writeNumberField("current", planner.current());
          out.writeNumberField("idleMillis", planner.idle().toMillis());
          out.writeEndObject();
        });
  }
}
