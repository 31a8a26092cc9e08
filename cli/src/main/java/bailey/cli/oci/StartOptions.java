package bailey.cli.oci;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.syntax.Completes;
import bailey.cli.syntax.OptionGroup;
import bailey.core.bundle.BundleStart;
import bailey.core.bundle.BundleStart.Attachment;
import bailey.core.error.BadRequest;
import java.util.Optional;

/** Options of all verbs that start a process. */
final class StartOptions {
  private StartOptions() {}

  static OptionGroup group() {
    return OptionGroup.of(
        "The process",
        value("console-socket", "PATH", "/tmp/console.sock", "socket that gets the terminal")
            .completing(Completes.FILE),
        value("pidfd-socket", "PATH", "/tmp/pidfd.sock", "socket that gets a descriptor of it")
            .completing(Completes.FILE),
        value("pid-file", "PATH", "/run/web.pid", "file that gets its number")
            .completing(Completes.FILE),
        value("preserve-fds", "N", "1", "descriptors of the caller, from 3 on, that it keeps"),
        flag("no-new-keyring", "leaves it the caller's session keyring"));
  }

  static BundleStart read(VerbCall call, Attachment attachment) {
    return new BundleStart(
        attachment,
        path(call, "pid-file"),
        path(call, "console-socket"),
        path(call, "pidfd-socket"),
        preserved(call),
        !call.has("no-new-keyring"));
  }

  private static Optional<String> path(VerbCall call, String option) {
    String given = call.value(option, "");
    return given.isEmpty()
        ? Optional.empty()
        : Optional.of(call.directory().resolve(given).toString());
  }

  /** Those that a service manager hands over count as well (sd_listen_fds(3)). */
  private static int preserved(VerbCall call) {
    int listening = number("LISTEN_FDS", call.environment().getOrDefault("LISTEN_FDS", "0"));
    return listening + number("--preserve-fds", call.value("preserve-fds", "0"));
  }

  private static int number(String what, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number <= 1024) {
        return number;
      }
    } catch (NumberFormatException _) { // said below
    }
    throw new BadRequest(what + ": " + text + " is no number from 0 to 1024; write for example 1");
  }
}
