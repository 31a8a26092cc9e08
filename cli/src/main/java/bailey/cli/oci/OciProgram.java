package bailey.cli.oci;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.output.Output;
import bailey.cli.syntax.ArgumentParser;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.cli.syntax.HelpText;
import bailey.cli.syntax.Parsed;
import bailey.core.error.BadRequest;
import bailey.core.error.CloseMatch;
import bailey.core.error.ContainerException;
import bailey.core.kept.Variables;
import bailey.core.kernel.Kernel;
import bailey.oci.output.OciState;
import bailey.oci.runtime.GroupMaker;
import bailey.oci.runtime.OciRuntime;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The program {@code bailey-oci}, which is {@code bailey oci} too: an OCI runtime as engines call
 * one.
 */
public final class OciProgram {
  private static final int FAILED = 1;

  private final Path directory;
  private final Variables environment;
  private final InputStream input;
  private final Output output;
  private final Supplier<Kernel> kernels;

  /**
   * With everything that it knows of the world.
   *
   * @param directory the caller's working directory
   * @param environment of the caller
   * @param input the caller's standard input
   * @param kernels opens the machine
   */
  public OciProgram(
      Path directory,
      Map<String, String> environment,
      InputStream input,
      Output output,
      Supplier<Kernel> kernels) {
    this.directory = directory;
    this.environment = new Variables(environment);
    this.input = input;
    this.output = output;
    this.kernels = kernels;
  }

  /** Its form: global options, then a verb with its own. */
  public static CommandSyntax syntax() {
    return CommandSyntax.of("oci", "is an OCI runtime: what container engines call")
        .description(
            "Takes the verbs and options that engines give to a runtime, which are those of runc:"
                + " "
                + String.join(", ", Verbs.names())
                + ". bailey oci VERB --help tells what each takes. An engine is given the program"
                + " bailey-oci, which is the same. docs/oci.md says what of a configuration is"
                + " honoured, docs/engines.md how engines are told of it.")
        .arguments("VERB [ARGUMENT...]", 0, Integer.MAX_VALUE, Completes.oneOf(Verbs.names()))
        .optionsFirst()
        .group(
            "Options",
            value("root", "DIR", "/run/bailey-oci", "where it keeps what it knows of containers"),
            value("log", "FILE", "/tmp/log", "where errors are written to as well"),
            value("log-format", "FORMAT", "json", "text or json; text unless given"),
            flag("debug", "has no effect: what is done is shown by bailey explain"),
            flag("systemd-cgroup", "takes linux.cgroupsPath for SLICE:PREFIX:NAME"),
            value(
                    "cgroup-manager",
                    "HOW",
                    "disabled",
                    "cgroupfs; systemd, which is --systemd-cgroup; or disabled: no control groups,"
                        + " and no limits")
                .completing(Completes.oneOf(List.of("cgroupfs", "systemd", "disabled"))),
            value("rootless", "MODE", "auto", "has no effect: bailey looks what it may do"),
            value("criu", "PATH", "criu", "has no effect"),
            flag("version", "shows the version").letter('v'))
        .example("bailey oci run -b bundle web", "runs the bundle in that directory")
        .example("bailey oci state web", "what became of it")
        .build();
  }

  /** Runs what the arguments ask for and returns the exit status. */
  public int run(List<String> arguments) {
    Parsed global;
    try {
      global = ArgumentParser.parse(syntax(), arguments);
    } catch (BadRequest e) {
      return failed(RuntimeLog.NONE, e, FAILED);
    }
    return run(global);
  }

  /** Runs what the global options and what follows them ask for. */
  public int run(Parsed global) {
    if (global.has("version")) {
      output.line("bailey-oci version 0.1.0\nspec: " + OciState.VERSION);
      return 0;
    }
    if (global.has("help") || global.arguments().isEmpty()) {
      output.print(HelpText.of(syntax()));
      return 0;
    }
    var log = RuntimeLog.NONE;
    int failed = FAILED;
    try {
      log = log(global);
      var verb = verb(global.arguments().getFirst());
      failed = verb.failed();
      return run(global, verb, log);
    } catch (ContainerException e) {
      return failed(log, e, failed);
    }
  }

  private int failed(RuntimeLog log, ContainerException e, int status) {
    String sentence = String.valueOf(e.getMessage());
    log.error(sentence);
    output.error(sentence);
    return status;
  }

  private static Verb verb(String word) {
    var verb = Verbs.named(word);
    if (verb == null) {
      throw new BadRequest(
          "there is no verb "
              + word
              + CloseMatch.question(word, "", Verbs.names())
              + "; there are "
              + String.join(", ", Verbs.names()));
    }
    return verb;
  }

  private int run(Parsed global, Verb verb, RuntimeLog log) {
    var arguments = global.arguments();
    var parsed = ArgumentParser.parse(verb.syntax(), arguments.subList(1, arguments.size()));
    if (parsed.has("help")) {
      output.print(HelpText.of(verb.syntax()));
      return 0;
    }
    try (var runtime =
        new OciRuntime(
            kernels.get(), root(global), manager(global), log::warning, environment::seen)) {
      return verb.run(new VerbCall(parsed, directory, environment, input, output, log, runtime));
    }
  }

  private static GroupMaker manager(Parsed global) {
    String usual = global.has("systemd-cgroup") ? "systemd" : "cgroupfs";
    String word = global.value("cgroup-manager", usual);
    return switch (word) {
      case "cgroupfs" -> GroupMaker.CGROUPFS;
      case "systemd" -> GroupMaker.SYSTEMD;
      case "disabled" -> GroupMaker.DISABLED;
      default ->
          throw new BadRequest(
              "--cgroup-manager: there is no " + word + "; write cgroupfs, systemd or disabled");
    };
  }

  private RuntimeLog log(Parsed global) {
    String format = global.value("log-format", "text");
    if (!format.equals("text") && !format.equals("json")) {
      throw new BadRequest("--log-format: there is no format " + format + "; write text or json");
    }
    return new RuntimeLog(
        global.has("log")
            ? Optional.of(directory.resolve(global.value("log", "")))
            : Optional.empty(),
        format.equals("json"));
  }

  /** As other runtimes choose it: of root one for the machine, of a user one for his session. */
  private Path root(Parsed global) {
    if (global.has("root")) {
      return directory.resolve(global.value("root", "")).normalize();
    }
    String session = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    boolean user = !session.isEmpty() && !environment.getOrDefault("USER", "").equals("root");
    return user ? Path.of(session, "bailey-oci") : Path.of("/run/bailey-oci");
  }
}
