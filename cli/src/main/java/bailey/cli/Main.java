package bailey.cli;

import bailey.ContainerSystem;
import bailey.cli.command.Command;
import bailey.cli.command.Commands;
import bailey.cli.command.Environment;
import bailey.cli.command.Invocation;
import bailey.cli.command.OciCommand;
import bailey.cli.command.Residence;
import bailey.cli.command.Service;
import bailey.cli.command.Systems;
import bailey.cli.output.Colour;
import bailey.cli.output.Output;
import bailey.cli.serve.CallerInput;
import bailey.cli.serve.CallerStream;
import bailey.cli.serve.Planner;
import bailey.cli.syntax.ArgumentParser;
import bailey.cli.syntax.HelpText;
import bailey.cli.syntax.Parsed;
import bailey.core.error.CloseMatch;
import bailey.core.error.ContainerException;
import bailey.core.error.NotPossibleHere;
import bailey.core.error.StepFailed;
import bailey.core.kernel.Call;
import bailey.core.kernel.Caller;
import bailey.core.kernel.Callers;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.Origin;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

/** The program {@code bailey}. */
public final class Main {
  /** Bailey failed. */
  public static final int FAILED = 125;

  /** May stand before any command, as with other programs that know more than containers. */
  private static final String CONTAINER = "container";

  private static final int CANNOT_EXECUTE = 126;
  private static final int NOT_FOUND = 127;
  private static final int READER_GONE = 128 + 13; // as if killed by SIGPIPE, which a JVM ignores
  private static final int NO_SUCH_FILE = 2; // ENOENT

  private final Call call;
  private final Environment environment;
  private final InputStream input;
  private final Output output;
  private final Systems systems;
  private final Service service;

  /** With everything that it knows of the world. */
  public Main(Call call, InputStream input, Output output, Systems systems, Service service) {
    this.call = call;
    this.input = input;
    this.environment = new Environment(call.origin().environment());
    this.output = output;
    this.systems = systems;
    this.service = service;
  }

  /**
   * Answers the executor that has started this JVM ({@code --answer}), then others too ({@code
   * --stay}); or else runs the command that the arguments name, with this process's own streams.
   * Ends the JVM with the exit status.
   */
  public static void main(String[] args) {
    // a fault of bailey's own, such as a broken invariant: all there is to know goes to the user
    Thread.currentThread()
        .setUncaughtExceptionHandler(
            (_, fault) -> {
              System.err.println("bailey: this is a fault in bailey itself; please report it:");
              fault.printStackTrace();
              Runtime.getRuntime().halt(FAILED);
            });
    String mode = args.length == 1 ? args[0] : "";
    int status =
        switch (mode) {
          case "--answer" -> {
            var callers = callers();
            try (var caller = callers.starter()) {
              yield answer(callers, caller, Service.NONE);
            }
          }
          case "--stay" -> new Planner(callers(), Main::answer).stay();
          default -> here(args.length);
        };
    // not System.exit, which loads the logging system to log that it was called
    Runtime.getRuntime().halt(status);
  }

  private static Callers callers() {
    return ServiceLoader.load(Callers.class)
        .findFirst()
        .orElseThrow(
            () -> new NotPossibleHere("bailey's linux module is not on the module path; add it"));
  }

  /** One call, and tells the caller how it went. */
  private static int answer(Callers callers, Caller caller, Service service) {
    var call = caller.call();
    var environment = new Environment(call.origin().environment());
    var output =
        new Output(
            new CallerStream(caller, 1),
            new CallerStream(caller, 2),
            Terminal.colour(environment, call.isTerminal(1)));
    var kernel = callers.kernel(caller);
    var systems =
        new Systems() {
          @Override
          public ContainerSystem open(String hierarchy) {
            return ContainerSystem.openHierarchy(kernel, hierarchy);
          }

          @Override
          public Kernel kernel() {
            return kernel;
          }
        };
    var input = new CallerInput(caller, 0);
    try {
      int status = new Main(call, input, output, systems, service).run(call.arguments());
      caller.end(status);
      return status;
    } catch (Service.Elsewhere _) {
      caller.elsewhere();
      return 0;
    }
  }

  /** A command that nobody asks for over a connection. */
  private static int here(int count) {
    var environment = Environment.parse(read("/proc/self/environ"));
    var origin = new Origin(System.getProperty("user.dir", "/"), environment.variables());
    var arguments = Environment.lastArguments(read("/proc/self/cmdline"), count);
    var call = new Call("", origin, arguments, ProcessHandle.current().pid(), Set.of());
    var output =
        new Output(
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            Colour.OFF);
    var planner = new Planner(callers(), Main::answer);
    var service = planner.foreground(origin);
    return new Main(call, System.in, output, ContainerSystem::openHierarchy, service)
        .run(arguments);
  }

  private static byte[] read(String file) {
    try (var in = new FileInputStream(file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be read", e);
    }
  }

  /** Runs the command that {@code arguments} name and returns its exit status. */
  public int run(List<String> arguments) {
    try {
      int status = dispatch(arguments);
      output.flush();
      return status;
    } catch (ContainerException e) {
      return failed(e);
    } catch (Caller.CallerGone _) {
      return FAILED; // nobody hears it
    } catch (Output.OutputFailed e) {
      if (e.readerGone()) {
        return READER_GONE;
      }
      output.error(String.valueOf(e.getMessage()));
      return FAILED;
    }
  }

  private int failed(ContainerException e) {
    output.error(String.valueOf(e.getMessage()));
    // no switch over types: its first use spins classes, which takes tens of milliseconds
    return e instanceof StepFailed step && step.execution()
        ? step.errno() == NO_SUCH_FILE ? NOT_FOUND : CANNOT_EXECUTE
        : FAILED;
  }

  private int dispatch(List<String> arguments) {
    service.idle(Residence.idle(environment));
    return command(arguments);
  }

  private int command(List<String> arguments) {
    if (arguments.isEmpty()) {
      output.print(Commands.overview());
      return 0;
    }
    if (arguments.getFirst().equals(CONTAINER) && arguments.size() > 1) {
      return command(arguments.subList(1, arguments.size()));
    }
    String word = arguments.getFirst();
    Command command =
        switch (word) {
          case "-h", "--help" -> Commands.named("help");
          case "--version" -> Commands.named("version");
          default -> Commands.named(word);
        };
    if (command == null) {
      output.error(
          "there is no command "
              + word
              + CloseMatch.question(word, "", Commands.names())
              + "; bailey help lists what there is");
      return FAILED;
    }
    if (command instanceof OciCommand oci) {
      return oci.program(invocation(new Parsed(oci.syntax(), List.of(), List.of())))
          .run(arguments.subList(1, arguments.size()));
    }
    var parsed = ArgumentParser.parse(command.syntax(), arguments.subList(1, arguments.size()));
    if (parsed.has("help")) {
      output.print(HelpText.of(command.syntax()));
      return 0;
    }
    return command.run(invocation(parsed));
  }

  private Invocation invocation(Parsed parsed) {
    return new Invocation(parsed, call, environment, input, output, systems, service);
  }
}
