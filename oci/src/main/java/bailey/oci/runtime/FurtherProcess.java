package bailey.oci.runtime;

import bailey.core.bundle.BundleStart;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.kept.Fact;
import bailey.core.kept.Fact.Kind;
import bailey.core.kernel.Kernel;
import bailey.core.planner.BundleExecPlanner;
import bailey.core.planner.BundleExecRequest;
import bailey.core.spec.NamespaceKind;
import bailey.oci.output.OciState.Status;
import bailey.oci.runtime.OciRuntime.ExecAsked;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs a further process in a container.
 *
 * @param warnings hear of what is ignored
 * @param seen tells what the arguments depend on, besides the call itself
 */
record FurtherProcess(
    Kernel kernel,
    ContainerStore store,
    ContainerView view,
    PlanRuns plans,
    Supplier<List<Fact>> seen,
    Consumer<String> warnings) {
  /** As {@link OciRuntime#exec}. */
  long run(String id, ExecAsked asked, List<String> groups, BundleStart start) {
    var container = store.find(id);
    var ground = new Ground();
    var status = view.status(container, ground);
    if (status != Status.RUNNING && status != Status.CREATED) {
      throw new ContainerBusy(
          "cannot exec in a "
              + status.word()
              + " container: "
              + id
              + " has to run"
              + (status == Status.PAUSED ? "; resume it first" : ""));
    }
    var config = ContainerStore.config(container, ground);
    var record = container.need();
    var bundle = new Bundle(Path.of(record.bundle()), config, "", ground);
    var process = asked.of(config.process());
    var spec = new SpecMapping(kernel, bundle, warnings).process(process);
    ProcessMapping.checkConsole(spec.terminal(), start);
    long first = container.process().orElseThrow().pid();
    var request =
        new BundleExecRequest(
            id,
            spec,
            start,
            ProcessMapping.affinity(process),
            first,
            namespaces(id, first, ground),
            SubGroup.of(
                groups.stream().map(SubGroup::parse).toList(),
                record.directories(),
                kernel.features().cgroups(),
                directory -> ground.behind(Path.of(directory)) == Kind.DIRECTORY),
            kernel.features().cgroups().unified().isPresent(),
            Told.of(id, record.bundle(), config));
    var plan = new BundleExecPlanner(kernel.features()).plan(request);
    long pid = plans.run("cannot exec in container " + id, plan);
    if (asked.isInCall()) {
      ground.saw(container.place());
      seen.get().forEach(ground::saw);
      Keeping.keep(kernel, container, request, ground, plan);
    }
    return pid;
  }

  private Map<NamespaceKind, Long> namespaces(String id, long pid, Ground ground) {
    var processes = kernel.processes();
    long self = processes.self().pid();
    var different = new EnumMap<NamespaceKind, Long>(NamespaceKind.class);
    for (var kind : NamespaceKind.values()) {
      var own = processes.namespace(self, kind);
      var theirs = processes.namespace(pid, kind);
      theirs.ifPresent(number -> ground.saw(link(pid, kind, number)));
      if (theirs.isPresent() && !theirs.equals(own)) {
        different.put(kind, theirs.getAsLong());
      }
    }
    if (processes.namespace(pid, NamespaceKind.MNT).isEmpty()) {
      throw new NotPossibleHere(
          "cannot exec in container "
              + id
              + ": its namespaces may not be looked at by user "
              + kernel.features().uid()
              + "; run as the user who created it");
    }
    return different;
  }

  private static Fact link(long pid, NamespaceKind kind, long number) {
    return new Fact.Link(
        "/proc/" + pid + "/ns/" + kind.fileForChildren(), kind.file() + ":[" + number + "]");
  }
}
