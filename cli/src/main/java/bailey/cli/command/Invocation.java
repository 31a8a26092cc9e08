package bailey.cli.command;

import bailey.ContainerSystem;
import bailey.cli.output.Output;
import bailey.cli.syntax.Parsed;
import bailey.core.kernel.Call;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;

/**
 * A command as it was called. All that it has of the process that called it is here: the process
 * that runs it may be another, and run others at the same time.
 *
 * @param parsed its options and arguments
 * @param call with everything that it was called with
 * @param environment of the caller
 * @param input the caller's standard input
 * @param output where results go
 * @param systems opens the container system
 * @param service what the process that runs it is to others
 */
public record Invocation(
    Parsed parsed,
    Call call,
    Environment environment,
    InputStream input,
    Output output,
    Systems systems,
    Service service) {
  /** The same call of another command, or with other options. */
  Invocation with(Parsed others) {
    return new Invocation(others, call, environment, input, output, systems, service);
  }

  /** The caller's time zone: that of TZ where it is a name or an offset, else the machine's. */
  ZoneId zone() {
    String name = environment.get("TZ", "");
    try {
      return name.isEmpty()
          ? ZoneId.systemDefault()
          : ZoneId.of(name.startsWith(":") ? name.substring(1) : name);
    } catch (DateTimeException _) { // a rule or a file, see tzset(3)
      return ZoneId.systemDefault();
    }
  }

  /** A path of the caller's as an absolute one, without dots. */
  String path(String given) {
    return Path.of(call.origin().directory()).resolve(given).normalize().toString();
  }

  /** Opens the container system, with the containers of the hierarchy that is named. */
  ContainerSystem open() {
    return systems.open(hierarchy());
  }

  /** The hierarchy whose containers are meant. */
  String hierarchy() {
    return parsed.value("hierarchy", ContainerSystem.DEFAULT_HIERARCHY);
  }

  /** The arguments that are no options. */
  List<String> arguments() {
    return parsed.arguments();
  }

  /** Whether an option was given. */
  boolean has(String option) {
    return parsed.has(option);
  }
}
