package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.ContainerSystem;
import bailey.HierarchyInfo;
import bailey.cli.output.Json;
import bailey.cli.output.Table;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.cli.syntax.OptionSyntax;
import bailey.containerfs.ContainerFs;
import bailey.core.error.BadRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Mounts the containers as files. */
final class MountCommand implements Command {
  /** What of the environment decides how bailey works. */
  private static final List<String> KEPT =
      List.of(
          "PATH",
          "HOME",
          "JAVA_HOME",
          "XDG_RUNTIME_DIR",
          Environment.STATE,
          Residence.IDLE,
          "BAILEY_MODULES");

  /** How often who serves looks whether there is memory to give back. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("mount", "shows all containers as files and directories")
        .description(
            "Mounts a file system at DIR that has all hierarchies, containers and control files."
                + " mkdir makes a container, rmdir removes one, echo 4711 > procs puts a process"
                + " into it, cat and echo read and set control files; why something was refused is"
                + " in container.last_error. What -o names is at the top: a hierarchy, or"
                + " subsystems, for which a hierarchy is mounted where there is none that has just"
                + " these.\n\n"
                + "As mount.bailey, with SOURCE, which only names it, it is what mount(8) calls:"
                + " mount -t bailey -o memory,cpu none DIR, or a line of /etc/fstab.\n\n"
                + "A process of bailey's own serves it until bailey umount; it is started again"
                + " when it dies. Without DIR: lists what is mounted.")
        .arguments("[[SOURCE] DIR]", 0, 2, Completes.NOTHING)
        .group(
            "Options",
            value("options", "NAMES", "memory,cpu,pid", "the hierarchy or subsystems at the top")
                .letter('o'),
            flag("foreground", "serves it itself, until it is unmounted"),
            value("descriptor", "N", "9", "goes on serving what another has mounted"),
            flag("json", "without DIR: prints JSON"))
        .group(
            "", // what mount(8) says to its helper
            OptionSyntax.internal("fake").letter('f'),
            OptionSyntax.internal("no-mtab").letter('n'),
            OptionSyntax.internal("sloppy").letter('s'),
            OptionSyntax.internal("verbose").letter('v'))
        .example("bailey mount /containers", "all hierarchies")
        .example("bailey mount -o memory,cpu /classes", "one of its own for these")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    if (invocation.arguments().isEmpty()) {
      return list(invocation);
    }
    var directory = invocation.path(invocation.arguments().getLast());
    var source =
        invocation.arguments().size() > 1 ? invocation.arguments().getFirst() : ContainerFs.SOURCE;
    var names = MountOptions.names(invocation.parsed().value("options", ""));
    if (invocation.has("fake")) {
      return 0;
    }
    boolean foreground = invocation.has("foreground");
    if (foreground || invocation.has("descriptor")) {
      invocation.service().needOwnProcess();
    }
    try (var system = invocation.open()) {
      var hierarchy =
          Optional.of(names).filter(some -> !some.isEmpty()).map(some -> hierarchy(system, some));
      if (invocation.has("descriptor")) {
        int descriptor = descriptor(invocation.parsed().value("descriptor", ""));
        var files = ContainerFs.takeOver(system, directory, hierarchy, descriptor);
        ServedViews.watch(invocation, system, directory);
        serve(files);
      } else if (foreground) {
        serve(ContainerFs.mount(system, directory, hierarchy));
      } else {
        system.serve(
            source, directory, program(invocation, directory, hierarchy), kept(invocation));
      }
    }
    return 0;
  }

  private static int list(Invocation invocation) {
    try (var system = invocation.open()) {
      var mounts = system.served();
      var output = invocation.output();
      if (invocation.has("json")) {
        output.print(
            Json.pretty(
                out -> {
                  out.writeStartArray();
                  for (var mount : mounts) {
                    out.writeStartObject();
                    out.writeStringField("directory", mount.directory());
                    out.writeBooleanField("held", mount.held());
                    out.writeEndObject();
                  }
                  out.writeEndArray();
                }));
        return 0;
      }
      var table = new Table("DIRECTORY", "SERVED");
      mounts.forEach(mount -> table.row(mount.directory(), mount.held() ? "yes" : "no"));
      output.print(table.print(output.colour()));
      return 0;
    }
  }

  private static int descriptor(String text) {
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new BadRequest("--descriptor: " + text + " is no number; write for example 9", e);
    }
  }

  private static void serve(ContainerFs files) {
    try (files) {
      var garbage = new Garbage();
      while (!files.await(LOOK)) {
        garbage.collect();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** What serves a mount. */
  static List<String> program(Invocation invocation, String directory, Optional<String> hierarchy) {
    var words = new ArrayList<String>();
    words.add(launcher(invocation));
    words.add("mount");
    hierarchy.ifPresent(name -> words.addAll(List.of("-o", name)));
    words.addAll(List.of("--descriptor", Integer.toString(ContainerFs.DESCRIPTOR)));
    words.add(directory);
    return words;
  }

  private static String launcher(Invocation invocation) {
    String program = invocation.call().program();
    if (program.isEmpty()) {
      throw new BadRequest(
          "mount: where bailey is cannot be told; start it as bailey, or give --foreground");
    }
    return program;
  }

  /** The environment of what serves. */
  static List<String> kept(Invocation invocation) {
    var kept = new ArrayList<>(List.of(Residence.SERVE + "=off")); // it stays by itself
    for (var name : KEPT) {
      var value = invocation.environment().variables().get(name);
      if (value != null) {
        kept.add(name + "=" + value);
      }
    }
    return kept;
  }

  /** The name of the hierarchy that is meant; it is mounted if there is none. */
  private static String hierarchy(ContainerSystem system, List<String> wanted) {
    var all = system.hierarchies();
    for (var hierarchy : all) {
      if (wanted.equals(List.of(hierarchy.name()))) {
        return hierarchy.name();
      }
    }
    for (HierarchyInfo hierarchy : all) {
      if (new HashSet<>(hierarchy.subsystems()).equals(new HashSet<>(wanted))) {
        return hierarchy.name();
      }
    }
    return system.mountHierarchy(String.join("-", wanted), wanted).name();
  }
}
