package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.CloneSpec;
import bailey.Container;
import bailey.ContainerSystem;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.container.OnEmpty;
import bailey.core.error.BadRequest;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import java.util.List;
import java.util.Optional;

/** A new container of chosen subsystems, in the one that a task is in, for that task. */
final class CloneCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("clone", "gives a process a container in the one that it is in")
        .description(
            "Makes a container in the one that process PID is in, or at the top where it is in"
                + " none, with the limits that are given, moves the process there with all its"
                + " threads, and prints the container's name. If one of this is refused, nothing"
                + " is changed. The container counts memory, CPU time and tasks, or what --new"
                + " lists; it stays until bailey rm removes it, unless --on-empty says"
                + " otherwise.\n\n"
                + "No process can change the namespaces of another. For itself one can: with"
                + " COMMAND in place of PID, that is run in the new container, in new namespaces"
                + " of the kinds that --new lists, as bailey run makes them, and all others of the"
                + " caller; with the caller's rights and without any further wall. It is removed"
                + " when COMMAND has ended. An ordinary user gets a user namespace as well.")
        .arguments("PID | [--] COMMAND [ARGUMENT...]", 1, Integer.MAX_VALUE, Completes.PROGRAM)
        .optionsFirst()
        .groups(List.of(RunSyntax.groupLimits()))
        .group(
            "Container",
            value("new", "LIST", "uts,memory", "subsystems that are its own, beside its limits"),
            value("name", "NAME", "job", "its name there; otherwise the number of the process")
                .letter('n'),
            value("on-empty", "WHAT", "delete", "with PID: ignore, notify, delete")
                .completing(Completes.oneOf("ignore", "notify", "delete")),
            flag("tree", "with PID: moves all descendants of PID as well").letter('r'),
            flag("json", "with PID: prints what moved and what did not as JSON"))
        .inHierarchy()
        .example("bailey clone --memory 1G 4711", "a limit for a process that runs")
        .example("bailey clone --new pids -r -n build $$", "count this shell's processes")
        .example("exec bailey clone --new uts,ipc -- bash", "a shell with a host name of its own")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    var arguments = invocation.arguments();
    var spec = SpecReader.some(invocation.parsed());
    try (var system = invocation.open()) {
      if (arguments.size() == 1 && arguments.getFirst().matches("[0-9]+")) {
        ofAnother(invocation, system, spec);
      } else {
        ofItself(invocation, system, spec);
      }
    }
    return 0;
  }

  private static void ofAnother(
      Invocation invocation, ContainerSystem system, ContainerSpec.Builder spec) {
    long pid;
    try {
      pid = Long.parseLong(invocation.arguments().getFirst());
    } catch (NumberFormatException e) {
      throw new BadRequest(
          "clone: " + invocation.arguments().getFirst() + " is not the number of a process", e);
    }
    var parsed = invocation.parsed();
    var choice =
        parsed.has("on-empty")
            ? Optional.of(OnEmpty.parse("--on-empty", parsed.value("on-empty", "")))
            : Optional.<OnEmpty>empty();
    var asked = SpecOptions.attainable(spec.build(), system, invocation.output());
    var result = system.cloneTask(new CloneSpec(asked, invocation.has("tree"), choice), pid);
    var name = result.container().name();
    if (invocation.has("json")) {
      invocation.output().print(MoveResults.json(name, result.moved()));
    } else {
      AttachCommand.tell(invocation, name, result.moved());
      invocation.output().line(name);
    }
  }

  private static void ofItself(
      Invocation invocation, ContainerSystem system, ContainerSpec.Builder spec) {
    for (var option : List.of("on-empty", "tree", "json")) {
      if (invocation.has(option)) {
        throw new BadRequest(
            "--" + option + " is for a process that runs; leave it out, or name one by its number");
      }
    }
    var asked = SpecOptions.attainable(spec.build(), system, invocation.output());
    var whole = asked.toBuilder().bare().removed(true);
    for (var kind : NamespaceKind.values()) {
      if (kind != NamespaceKind.USER && !asked.namespaces().containsKey(kind)) {
        whole.namespace(kind, NamespaceRequest.SHARED);
      }
    }
    CommandEnvironment.set(whole, invocation.parsed(), invocation.environment());
    whole.name(name(system, asked, invocation.call().pid()));
    var _ =
        system.launch(
            whole.build(),
            invocation.arguments(),
            ReportCommand.reporter(invocation),
            false,
            Optional.empty());
  }

  /** In the container of the caller. */
  private static String name(ContainerSystem system, ContainerSpec asked, long caller) {
    var around = system.containerOf(caller).map(Container::name).map(name -> name + "/");
    return around.orElse("") + asked.name().map(Object::toString).orElse(Long.toString(caller));
  }
}
