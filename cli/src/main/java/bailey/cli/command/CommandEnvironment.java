package bailey.cli.command;

import bailey.cli.syntax.Parsed;
import bailey.core.error.BadRequest;
import bailey.core.spec.ContainerSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** The command's environment and user: {@code --user}, {@code --env} and {@code --clean-env}. */
final class CommandEnvironment {
  /** Where programs are found, for a command without an environment of its own; Debian's. */
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private CommandEnvironment() {}

  static void set(ContainerSpec.Builder spec, Parsed parsed, Environment environment) {
    Map<String, String> variables = new LinkedHashMap<>();
    if (parsed.has("clean-env")) {
      variables.put("PATH", PATH);
      variables.put("HOME", "/root");
      if (parsed.has("tty")) {
        variables.put("TERM", environment.get("TERM", "xterm"));
      }
    } else {
      variables.putAll(environment.variables());
      if (parsed.has("boundary")) {
        variables.remove(Environment.STATE); // a directory of this machine, not of the guest
      }
    }
    if (parsed.has("user")) {
      var account = Accounts.below(parsed.value("root", "/")).account(parsed.value("user", ""));
      spec.identity(account.identity());
      account(variables, account);
    }
    given(variables, parsed, environment);
    variables.forEach(spec::environment);
  }

  /** What su(1) sets for a user: HOME, and USER and LOGNAME where the user has a name. */
  static void account(Map<String, String> variables, Accounts.Account account) {
    variables.put("HOME", account.home());
    if (!account.name().isEmpty()) {
      variables.put("USER", account.name());
      variables.put("LOGNAME", account.name());
    }
  }

  /** What {@code --env} sets. */
  static void given(Map<String, String> variables, Parsed parsed, Environment environment) {
    for (var given : parsed.options()) {
      if (given.name().equals("env")) {
        variable(variables, given.value(), environment);
      }
    }
  }

  private static void variable(
      Map<String, String> variables, String text, Environment environment) {
    int equals = text.indexOf('=');
    if (equals == 0 || text.isEmpty()) {
      throw new BadRequest(
          "--env: \"" + text + "\" names no variable; write NAME=VALUE, for example LANG=C");
    }
    if (equals > 0) {
      variables.put(text.substring(0, equals), text.substring(equals + 1));
    } else if (environment.variables().containsKey(text)) {
      variables.put(text, environment.get(text, ""));
    }
  }
}
