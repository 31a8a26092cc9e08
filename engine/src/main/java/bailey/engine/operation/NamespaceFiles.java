package bailey.engine.operation;

import bailey.core.container.ControlFile;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Pipe;
import bailey.core.planner.NamespaceFilePlanner;
import bailey.core.planner.NamespaceFilePlanner.Place;
import bailey.core.spec.NamespaceKind;
import bailey.core.subsystem.Namespace;
import bailey.core.subsystem.Subsystems;
import bailey.engine.journal.Recorded;
import bailey.engine.stream.ProgramInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;

/** Control files that are sysctls of one of the container's namespaces. */
final class NamespaceFiles {
  private final Machine machine;

  NamespaceFiles(Machine machine) {
    this.machine = machine;
  }

  /** Its value. */
  String read(Recorded recorded, Namespace namespace, ControlFile file) {
    var place = need(recorded, namespace, file.name());
    var value = read(recorded, place, List.of(sysctl(namespace, file))).getFirst();
    if (value.isEmpty()) {
      throw new NotPossibleHere(file.name() + ": this kernel has no such setting");
    }
    return value;
  }

  /** Those of all namespaces that are the container's own. */
  Map<String, String> readAll(Recorded recorded) {
    var values = new LinkedHashMap<String, String>();
    for (var namespace : Subsystems.standard().namespaces()) {
      var files = namespace.controlFiles().stream().filter(f -> f.external().readable()).toList();
      var place = place(recorded, namespace);
      if (place.isPresent() && !files.isEmpty()) {
        var names = files.stream().map(file -> sysctl(namespace, file)).toList();
        var texts = read(recorded, place.get(), names);
        for (int i = 0; i < files.size(); i++) {
          if (!texts.get(i).isEmpty()) {
            values.put(files.get(i).name(), texts.get(i));
          }
        }
      }
    }
    return values;
  }

  private List<String> read(Recorded recorded, Place place, List<String> sysctls) {
    var plan = new NamespaceFilePlanner(machine.features()).read(place, sysctls);
    try (var pipe = machine.kernel().pipe(Pipe.Direction.FROM_PROGRAM);
        var input = new ProgramInput(pipe)) {
      var execution = machine.kernel().executor().execute(plan, List.of(pipe.far()));
      pipe.releaseFar();
      var bytes = input.readAllBytes();
      var failure = execution.end().join().failure();
      if (failure != null) {
        throw StartOperation.refused("read settings of", recorded.name(), plan, failure);
      }
      return texts(bytes, sysctls.size());
    } catch (CompletionException e) {
      throw StartOperation.lost("read settings of", recorded.name(), e);
    } catch (IOException e) {
      throw new NotPossibleHere("reading settings of " + recorded.name() + " failed: " + e, e);
    }
  }

  private static List<String> texts(byte[] bytes, int count) {
    var texts = new ArrayList<String>();
    for (var text : new String(bytes, StandardCharsets.ISO_8859_1).split("\0", -1)) {
      texts.add(text.strip());
    }
    while (texts.size() < count) {
      texts.add("");
    }
    return texts;
  }

  /** Writes it, and tells what it shows then. */
  String write(Recorded recorded, Namespace namespace, ControlFile file, String value) {
    if (!file.external().writable()) {
      throw new BadRequest(file.name() + ": this control only reports, it cannot be set");
    }
    var place = need(recorded, namespace, file.name());
    var plan =
        new NamespaceFilePlanner(machine.features()).write(place, sysctl(namespace, file), value);
    new PlanRun(machine).run("set " + file.name() + " of", recorded.name(), plan);
    return read(recorded, namespace, file);
  }

  private static String sysctl(Namespace namespace, ControlFile file) {
    return namespace
        .sysctl(file)
        .orElseThrow(
            () -> new NotPossibleHere(file.name() + ": no supported kernel has it as a setting"));
  }

  private Place need(Recorded recorded, Namespace namespace, String control) {
    if (recorded.first().isEmpty()) {
      throw new ContainerBusy(
          control
              + ": "
              + recorded.name()
              + " has no "
              + namespace.name()
              + " namespace yet, because nothing runs in it; start its command first");
    }
    return place(recorded, namespace)
        .orElseThrow(
            () ->
                new NotPossibleHere(
                    control
                        + ": "
                        + recorded.name()
                        + " has no "
                        + namespace.name()
                        + " namespace of its own, so this would be the machine's; start it without"
                        + " --share "
                        + namespace.name()));
  }

  /** Empty where the namespace is the one of this process. */
  private Optional<Place> place(Recorded recorded, Namespace namespace) {
    var processes = machine.kernel().processes();
    var kind = namespace.namespace();
    var own = processes.namespace(processes.self().pid(), kind);
    return recorded
        .first()
        .flatMap(
            first -> {
              var theirs = processes.namespace(first.pid(), kind);
              return theirs.isEmpty() || theirs.equals(own)
                  ? Optional.empty()
                  : Optional.of(
                      new Place(first.pid(), kind, theirs.getAsLong(), owner(first.pid())));
            });
  }

  /** An ordinary user gets the right to enter by entering the user namespace first. */
  private OptionalLong owner(long pid) {
    var processes = machine.kernel().processes();
    var theirs = processes.namespace(pid, NamespaceKind.USER);
    boolean same = theirs.equals(processes.namespace(processes.self().pid(), NamespaceKind.USER));
    return machine.features().privileged() || same ? OptionalLong.empty() : theirs;
  }
}
