package bailey.oci.runtime;

import bailey.core.bundle.BundleSpec;
import bailey.core.bundle.BundleStart;
import bailey.core.bundle.BundleStart.Attachment;
import bailey.core.bundle.GroupRequest;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.ContainerException;
import bailey.core.error.NoSuchContainer;
import bailey.core.error.NotPossibleHere;
import bailey.core.error.StateDamaged;
import bailey.core.error.StepFailed;
import bailey.core.kept.Fact;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.TaskInfo;
import bailey.core.plan.Plan;
import bailey.core.planner.BundlePlanner;
import bailey.core.planner.BundleRequest.StateText;
import bailey.core.planner.BundleStepsPlanner;
import bailey.oci.config.OciConfig;
import bailey.oci.config.OciProcess;
import bailey.oci.config.OciReader;
import bailey.oci.config.OciResources;
import bailey.oci.output.FeaturesDocument;
import bailey.oci.output.OciState;
import bailey.oci.output.OciState.Status;
import bailey.oci.output.SpecDocument;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What engines ask of an OCI runtime (runtime.md, Operations), and what runc does besides. Each
 * operation that changes something is one plan, executed by the executor that started this process.
 */
public final class OciRuntime implements AutoCloseable {
  private static final int SIGKILL = 9;

  private final Kernel kernel;
  private final ContainerStore store;
  private final ContainerView view;
  private final PlanRuns plans;
  private final GroupMaker manager;
  private final Consumer<String> warnings;
  private final Supplier<List<Fact>> seen;

  /**
   * A runtime.
   *
   * @param kernel the machine; closed with this
   * @param root the directory in which it keeps what it knows, absolute
   * @param manager who makes control groups
   * @param warnings hear of what is ignored, a sentence each
   * @param seen tells what the arguments above depend on, besides the call itself
   */
  public OciRuntime(
      Kernel kernel,
      Path root,
      GroupMaker manager,
      Consumer<String> warnings,
      Supplier<List<Fact>> seen) {
    this.kernel = kernel;
    this.store = new ContainerStore(root, kernel.processes());
    this.view = new ContainerView(kernel);
    this.plans = new PlanRuns(kernel);
    this.manager = manager;
    this.seen = seen;
    this.warnings = warnings;
  }

  @Override
  public void close() {
    kernel.close();
  }

  // ---- create, start, run ----

  /**
   * Makes a container of a bundle.
   *
   * @param pivot whether its root is made the root by pivot_root(2)
   * @return the number of its first process
   */
  public long create(String id, Path directory, BundleStart start, boolean pivot) {
    var made = made(id, directory, start, pivot);
    String verb = start.attachment() == Attachment.CREATED ? "create" : "run";
    long pid = plans.run("cannot " + verb + " container " + id, made.plan());
    made.keepBy(kernel, seen.get());
    return pid;
  }

  /** The plan by which {@link #create} makes it. */
  public Plan plan(String id, Path directory, BundleStart start, boolean pivot) {
    return made(id, directory, start, pivot).plan();
  }

  private BundlePlans made(String id, Path directory, BundleStart start, boolean pivot) {
    if (store.exists(id)) {
      throw new ContainerBusy(
          "container with given ID already exists: "
              + id
              + "; choose another id, or delete that one");
    }
    var bundle = Bundle.read(directory);
    var config = bundle.config();
    config.warnings().forEach(warnings);
    var groups = manager.path(kernel.features().cgroups(), config.linux().cgroupsPath(), id);
    var spec = spec(bundle, groups, pivot);
    ProcessMapping.checkConsole(spec.process().terminal(), start);
    return new BundlePlans(kernel, bundle, spec, start, store, manager, id);
  }

  /** What is refused of a field gets the line of that field. */
  private BundleSpec spec(Bundle bundle, Optional<String> groups, boolean pivot) {
    try {
      return new SpecMapping(kernel, bundle, warnings).spec(manager, groups, pivot);
    } catch (BadRequest e) {
      throw OciReader.located(bundle.text().getBytes(StandardCharsets.UTF_8), e);
    } catch (NotPossibleHere e) {
      throw OciReader.located(bundle.text().getBytes(StandardCharsets.UTF_8), e);
    }
  }

  /** Has a container that was created execute its process. */
  public void start(String id) {
    var container = store.find(id);
    var status = view.status(container);
    if (status != Status.CREATED) {
      throw notCreated(container, status);
    }
    var ground = new Ground();
    var config = ContainerStore.config(container, ground);
    var hooks = SpecMapping.hooks(config.hooks());
    var plan =
        new BundleStepsPlanner(kernel.features())
            .start(
                id,
                container.state(),
                program(config),
                container.process().map(TaskInfo::pid).orElse(0L),
                container.need().directories(),
                hooks,
                Told.of(id, container.need().bundle(), config));
    var _ = plans.run("cannot start container " + id, plan);
    ground.saw(container.place());
    seen.get().forEach(ground::saw);
    Keeping.start(kernel, container, hooks.poststart(), ground, plan);
  }

  /** Why a container cannot be started; if it was tried before, why that failed. */
  private static ContainerException notCreated(Container container, Status status) {
    String step = "cannot start container " + container.id() + ": ";
    var failure = ContainerStore.failure(container);
    if (failure.isEmpty()) {
      return new ContainerBusy(step + "it is " + status.word() + ", not created");
    }
    String program = program(ContainerStore.config(container));
    return new StepFailed(step + "executing " + program, 0, failure.getAsInt(), null, true);
  }

  private static String program(OciConfig config) {
    var process = config.process();
    return process == null ? "" : process.args().getFirst();
  }

  // ---- a further process ----

  /**
   * Runs a further process in a container.
   *
   * @param asked what it is to be, from what the container's own is
   * @param groups below those of the container in which it is to be, {@code [CONTROLLER,...:]PATH}
   *     each
   * @return its number
   */
  public long exec(String id, ExecAsked asked, List<String> groups, BundleStart start) {
    return new FurtherProcess(kernel, store, view, plans, seen, warnings)
        .run(id, asked, groups, start);
  }

  /** What a further process is to be. */
  public interface ExecAsked {
    /**
     * The process.
     *
     * @param own that of the container; null where it has none
     */
    OciProcess of(@Nullable OciProcess own);

    /** Whether all of it is in the call, and nothing in a file. */
    default boolean isInCall() {
      return false;
    }
  }

  // ---- the end ----

  /**
   * Sends a signal.
   *
   * @param all whether to all its processes, not to the first only
   */
  public void kill(String id, int signal, boolean all) {
    var container = store.find(id);
    var groups = view.groups(container);
    if (all && groups.isPresent()) {
      groups.get().signal(id, kernel.processes(), signal);
      return;
    }
    var task =
        container
            .process()
            .orElseThrow(() -> new ContainerBusy("container not running: " + id + " has ended"));
    if (!kernel.processes().signal(task.pid(), task.startTicks(), signal)) {
      throw new ContainerBusy("container not running: " + id + " has just ended");
    }
    if (signal == SIGKILL) {
      groups.ifPresent(own -> own.thawIfFrozen(id));
    }
  }

  /**
   * Removes a container.
   *
   * @param force whether what runs in it is killed, and nothing is said where there is none
   */
  public void delete(String id, boolean force) {
    if (force && !store.exists(id)) {
      return;
    }
    var container = force ? store.findAnyhow(id) : store.find(id);
    var status = view.status(container);
    if (!force && status != Status.STOPPED) {
      throw new ContainerBusy(
          "cannot delete container "
              + id
              + " that is not stopped: it is "
              + status.word()
              + "; kill it first, or give --force");
    }
    var ground = new Ground();
    Optional<OciConfig> config =
        container.record().isEmpty() ? Optional.empty() : ContainerView.config(container, ground);
    var hooks = config.map(c -> SpecMapping.hooks(c.hooks()).poststop()).orElse(List.of());
    var plan =
        new BundleStepsPlanner(kernel.features())
            .delete(
                id,
                container.state(),
                force,
                container
                    .record()
                    .map(ContainerRecord::directories)
                    .orElseGet(() -> groupsOf(container)),
                hooks,
                config
                    .map(c -> Told.of(id, container.need().bundle(), c))
                    .orElse(new StateText("", "")));
    var _ = plans.run("cannot delete container " + id, plan);
    if (config.isPresent() && container.made()) {
      seen.get().forEach(ground::saw);
      Keeping.delete(kernel, container, force, hooks, ground, plan);
    }
  }

  /** Where its groups must be, though its record does not tell; none were made before there was. */
  private List<String> groupsOf(Container container) {
    if (!container.made()) {
      return List.of();
    }
    return ContainerView.config(container)
        .map(
            config ->
                manager.path(
                    kernel.features().cgroups(), config.linux().cgroupsPath(), container.id()))
        .map(path -> new GroupRequest(path, true, List.of(), Optional.empty()))
        .map(request -> new BundlePlanner(kernel.features()).groups(request))
        .orElse(List.of());
  }

  // ---- documents ----

  /**
   * A configuration to begin with.
   *
   * @param rootless whether for this user, who is root inside
   */
  public String spec(boolean rootless) {
    return rootless
        ? SpecDocument.rootless(kernel.features().uid(), kernel.features().gid())
        : SpecDocument.text();
  }

  /** What it knows, as JSON. */
  public static String features() {
    var support = new FeaturesDocument.Support(false, false, true, true, true, true, true, true);
    return FeaturesDocument.text(support, MountMapping.options(), List.of(), Map.of());
  }

  // ---- looking ----

  /** The state of a container, and what runc adds to it. */
  public record Shown(OciState state, OciState.Additions additions) {}

  /** The state of a container. */
  public Shown state(String id) {
    return view.shown(store.find(id));
  }

  /** The states of all that are there. */
  public List<Shown> list() {
    return store.ids().stream()
        .flatMap(
            id -> {
              try {
                return Stream.of(view.shown(store.find(id)));
              } catch (NoSuchContainer | StateDamaged _) {
                return Stream.empty(); // just removed, or not readable
              }
            })
        .toList();
  }

  /** Its processes. */
  public List<TaskInfo> processes(String id) {
    return view.tasks(store.find(id)).stream()
        .sorted()
        .flatMap(pid -> kernel.processes().find(pid).stream())
        .toList();
  }

  /** What a container uses, as a line of JSON. */
  public String stats(String id) {
    var container = store.find(id);
    if (view.status(container) == Status.STOPPED) {
      throw new ContainerBusy("container not running: " + id + " has ended");
    }
    return new Stats(
            view.needGroups(container, "telling what is used"), kernel.features().controllers())
        .text(id);
  }

  /** Stops all its processes. */
  public void pause(String id) {
    var container = store.find(id);
    var status = view.status(container);
    if (status != Status.RUNNING && status != Status.CREATED) {
      throw new ContainerBusy(
          "cannot pause container " + id + ": it is " + status.word() + ", not running");
    }
    view.needGroups(container, "pausing").freeze(id);
  }

  /** Lets them go on. */
  public void resume(String id) {
    var container = store.find(id);
    var status = view.status(container);
    if (status != Status.PAUSED) {
      throw new ContainerBusy(
          "cannot resume container " + id + ": it is " + status.word() + ", not paused");
    }
    view.needGroups(container, "resuming").thaw(id);
  }

  /** Sets limits of a container. */
  public void update(String id, OciResources resources) {
    var container = store.find(id);
    if (view.status(container) == Status.STOPPED) {
      throw new ContainerBusy("cannot update container " + id + ": it has ended");
    }
    var groups = view.needGroups(container, "setting limits");
    var features = kernel.features().controllers();
    MemoryInUse.check(features, resources, file -> groups.read("memory", file));
    groups.write(ResourceMapping.of(features, resources));
  }
}
