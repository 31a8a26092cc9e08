package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.Container;
import bailey.MoveResult;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.error.BadRequest;
import java.util.List;

/** Puts running processes into a container. */
final class AttachCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("attach", "puts running processes into a container")
        .description(
            "Moves each process PID, with all its threads and what it starts meanwhile, into"
                + " container NAME: into every control group of it, or, where one of them may not"
                + " come in, none into any. They are stopped for a moment, so that none forks half"
                + " way. A container with namespaces of its own takes no running process: bailey"
                + " exec starts a new one in it; bailey create makes a container without.")
        .arguments("NAME PID...", 2, Integer.MAX_VALUE, Completes.CONTAINER, Completes.NOTHING)
        .group(
            "Options",
            flag("tree", "moves all descendants of each PID as well").letter('r'),
            flag("thread", "each PID is a single thread; as far as the controllers know threads"),
            flag("json", "prints what moved and what did not as JSON"))
        .inHierarchy()
        .example("bailey attach batch 4711", "a process and what it starts from now on")
        .example("bailey attach --tree batch 4711", "and what it has started")
        .example("bailey attach interactive $$", "this shell")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    var arguments = invocation.arguments();
    var numbers = numbers(arguments.subList(1, arguments.size()));
    if (invocation.has("tree") && invocation.has("thread")) {
      throw new BadRequest("--tree and --thread contradict each other; leave one of them out");
    }
    try (var system = invocation.open()) {
      var container = system.container(arguments.getFirst());
      var result = attach(invocation, container, numbers);
      if (invocation.has("json")) {
        invocation.output().print(MoveResults.json(container.name(), result));
      } else {
        tell(invocation, container.name(), result);
      }
    }
    return 0;
  }

  private static MoveResult attach(Invocation invocation, Container container, long[] numbers) {
    if (invocation.has("thread")) {
      return container.attachThreads(numbers);
    }
    return invocation.has("tree") ? container.attachTree(numbers) : container.attach(numbers);
  }

  /** What is as expected is not told. */
  static void tell(Invocation invocation, String container, MoveResult result) {
    var output = invocation.output();
    for (var stayed : result.stayed()) {
      output.error(
          "process "
              + stayed.pid()
              + (stayed.command().isEmpty() ? "" : " (" + stayed.command() + ")")
              + " stays where it is: it "
              + stayed.reason());
    }
    if (!result.apart().isEmpty()) {
      output.error(
          String.join(", ", result.apart())
              + " of "
              + container
              + " do not hold for single threads: the kernel knows them of processes only");
    }
  }

  private static long[] numbers(List<String> texts) {
    var numbers = new long[texts.size()];
    for (int i = 0; i < numbers.length; i++) {
      try {
        numbers[i] = Long.parseLong(texts.get(i));
      } catch (NumberFormatException e) {
        throw new BadRequest(
            "attach: \""
                + texts.get(i)
                + "\" is not the number of a process; write for example 4711",
            e);
      }
    }
    return numbers;
  }
}
