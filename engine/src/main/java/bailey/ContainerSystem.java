package bailey;

import bailey.core.container.Bindings;
import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerException;
import bailey.core.error.NoSuchContainer;
import bailey.core.error.NotPossibleHere;
import bailey.core.kept.Fact;
import bailey.core.kernel.Ability;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.Origin;
import bailey.core.kernel.ProcFile;
import bailey.core.plan.Plan;
import bailey.core.planner.LaunchPlanner.Attainable;
import bailey.core.planner.ServingPlanner;
import bailey.core.spec.ContainerSpec;
import bailey.engine.journal.Intent;
import bailey.engine.journal.Settings;
import bailey.engine.journal.StateDirectory;
import bailey.engine.operation.AdoptOperation;
import bailey.engine.operation.CloneOperation;
import bailey.engine.operation.DriftOperation;
import bailey.engine.operation.EndOperation;
import bailey.engine.operation.HierarchyOperation;
import bailey.engine.operation.Machine;
import bailey.engine.operation.NamespaceListing;
import bailey.engine.operation.OnEmptyOperation;
import bailey.engine.operation.Reconciler;
import bailey.engine.operation.ReportOperation;
import bailey.engine.operation.Reporter;
import bailey.engine.operation.ServingOperation;
import bailey.engine.operation.StartOperation;
import bailey.engine.operation.SubsystemListing;
import bailey.engine.operation.ViewOperation;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The containers of this user on this machine. Any thread may use it; several of it, also in
 * several processes, see the same containers.
 *
 * <p>Containers started by {@link #start} end when it is closed, or with this process, however that
 * ends; containers of the command line do not depend on it.
 */
public final class ContainerSystem implements AutoCloseable {
  /** The name of the hierarchy that has all subsystems which are not bound to another. */
  public static final String DEFAULT_HIERARCHY = Bindings.DEFAULT;

  private volatile Machine machine;
  private final boolean ownsKernel;
  private final CompletableFuture<Void> tidying;

  private ContainerSystem(Machine machine, boolean ownsKernel, boolean tidies) {
    this.machine = machine;
    this.ownsKernel = ownsKernel;
    this.tidying =
        tidies
            ? CompletableFuture.runAsync(
                () -> {
                  var _ = new Reconciler(machine).collect(false);
                },
                Machine.LATER)
            : CompletableFuture.completedFuture(null);
  }

  /**
   * The system of this machine, with the state directory of this user: /run/bailey for root, else
   * bailey in $XDG_RUNTIME_DIR, else /tmp/bailey-UID; the variable BAILEY_STATE names another. What
   * a crash has left behind is removed meanwhile, see {@link #gc}.
   *
   * @throws BadRequest if the state directory is not safe to use
   * @throws NotPossibleHere if there is no kernel module on the module path
   */
  public static ContainerSystem open() {
    var kernel =
        ServiceLoader.load(Kernel.class)
            .findFirst()
            .orElseThrow(
                () ->
                    new NotPossibleHere(
                        "bailey's linux module is not on the module path or class path; add"
                            + " bailey-linux"));
    try {
      return open(kernel, true);
    } catch (ContainerException e) {
      kernel.close();
      throw e;
    }
  }

  /**
   * As {@link #open()}, of a kernel, whose origin's environment names the state directory.
   *
   * @param kernel stays the caller's to close
   */
  public static ContainerSystem open(Kernel kernel) {
    return open(kernel, false);
  }

  private static ContainerSystem open(Kernel kernel, boolean owned) {
    int uid = kernel.features().uid();
    String path = stateDirectory(kernel.origin(), uid);
    var state = StateDirectory.open(path, uid);
    // The command line's process is there for one command and should be quick.
    boolean tidies = kernel.starter().isEmpty();
    boolean usual = path.equals(usual(kernel.origin(), uid));
    return new ContainerSystem(Machine.of(kernel, state, usual), owned, tidies);
  }

  /**
   * The state directory of a user, as an absolute path; it is made where it is not there.
   *
   * @param origin whose environment is asked
   * @throws BadRequest if it is not safe to use
   */
  public static String prepareStateDirectory(Origin origin, int uid) {
    return StateDirectory.open(stateDirectory(origin, uid), uid).top().toString();
  }

  private static String stateDirectory(Origin origin, int uid) {
    var given = origin.variable("BAILEY_STATE");
    if (given.isEmpty()) {
      return usual(origin, uid);
    }
    return given.get().startsWith("/") ? given.get() : origin.directory() + "/" + given.get();
  }

  /**
   * As {@link #open()}, with the containers of a hierarchy.
   *
   * @param name of it; {@link #DEFAULT_HIERARCHY} for the default one
   * @throws NoSuchContainer if there is none of that name
   */
  public static ContainerSystem openHierarchy(String name) {
    return open().in(name);
  }

  /** As {@link #openHierarchy(String)}, of a kernel, as {@link #open(Kernel)} does. */
  public static ContainerSystem openHierarchy(Kernel kernel, String name) {
    return open(kernel).in(name);
  }

  private ContainerSystem in(String name) {
    if (name.equals(DEFAULT_HIERARCHY)) {
      return this;
    }
    try {
      return new ContainerSystem(machine.in(name), ownsKernel, false);
    } catch (ContainerException e) {
      close();
      throw e;
    }
  }

  private static String usual(Origin origin, int uid) {
    if (uid == 0) {
      return "/run/bailey";
    }
    return origin
        .variable("XDG_RUNTIME_DIR")
        .filter(runtime -> runtime.startsWith("/") && new File(runtime).isDirectory())
        .map(runtime -> runtime + "/bailey")
        .orElse("/tmp/bailey-" + Integer.toUnsignedString(uid));
  }

  /**
   * A system on another kernel or with another state directory. Its containers have their groups
   * apart from those of the usual state directory.
   *
   * @param kernel stays the caller's to close
   * @throws BadRequest if the state directory is not safe to use
   */
  public static ContainerSystem open(Kernel kernel, String stateDirectory) {
    var state = StateDirectory.open(stateDirectory, kernel.features().uid());
    return new ContainerSystem(Machine.of(kernel, state, false), false, false);
  }

  /** With the hierarchies as they are now. */
  private Machine now() {
    if (!machine.state().isCurrent()) {
      machine = machine.current(); // kept, since it keeps assembled filters
    }
    return machine;
  }

  /**
   * Makes a container without a task: its name is taken, its record written, its groups made and
   * limited. It belongs to this process until its first command is started.
   *
   * @throws bailey.core.error.ContainerBusy if the name is in use
   * @throws NoSuchContainer if the container that it is to be in does not exist
   */
  public Container create(ContainerSpec spec) {
    var here = now();
    return new Container(here, new StartOperation(here).create(spec).name());
  }

  /**
   * Removes a container in which nothing is; as {@link Container#remove}.
   *
   * @throws NoSuchContainer if there is none of that name
   */
  public void remove(ContainerPath name) {
    new EndOperation(now()).remove(name, false);
  }

  /**
   * Puts all daemons of this machine into a container, so that they share its limits: every process
   * of this pid namespace but process 1, threads of the kernel, what has a terminal or belongs to
   * somebody who logged in, what is in a container already (bailey's, or one with a pid namespace),
   * bailey's own processes, this process and its ancestors. Those that may not come in stay.
   *
   * <p>A service manager that follows its services by their control groups, as systemd does on a
   * machine with cgroup v2 alone, loses sight of them by that.
   *
   * @param name of the container; it is made, without limits, if it is not there
   * @param dryRun whether nothing is done, and what would be is told
   */
  public MoveResult adoptSystem(String name, boolean dryRun) {
    return new AdoptOperation(now()).adopt(ContainerPath.parse("--system", name), dryRun);
  }

  /**
   * Gives a process that runs a container of its own, in the one that it is in: makes the container
   * with its limits, and moves the process there with all its threads and what it starts meanwhile.
   * If one of both is refused, neither is done. Only its control groups change: no other process
   * can change its namespaces.
   *
   * @throws bailey.core.error.ContainerBusy if the name is in use, or it does not stop to be moved
   * @throws BadRequest if it may not be moved or does not fit within the limits
   * @throws NotPossibleHere if namespaces are asked for
   */
  public CloneResult cloneTask(CloneSpec spec, long pid) {
    var cloned = new CloneOperation(now()).clone(spec, pid);
    return new CloneResult(new Container(now(), cloned.name()), cloned.moved());
  }

  /**
   * The container that a process is in, of several around it the innermost one; empty where it is
   * in none of this hierarchy.
   *
   * @throws BadRequest if there is no such process
   */
  public Optional<Container> containerOf(long pid) {
    return new CloneOperation(now()).container(pid).map(path -> new Container(now(), path));
  }

  /**
   * The container of that name.
   *
   * @throws NoSuchContainer naming those that are nearly so called
   */
  public Container container(String name) {
    var path = ContainerPath.parse("container", name);
    var _ = now().find(path);
    return new Container(now(), path);
  }

  /**
   * The container of that name, if the name is taken: by one that is being made or removed at this
   * moment too. Unlike {@link #container} it looks at nothing else.
   *
   * @throws BadRequest if no container could have that name
   */
  public Optional<Container> find(String name) {
    var path = ContainerPath.parse("container", name);
    var here = now();
    return here.isThere(path) ? Optional.of(new Container(here, path)) : Optional.empty();
  }

  /** The containers that are in no other, by name; see {@link Container#children}. */
  public List<Container> top() {
    var here = now();
    return here.children(ContainerPath.ROOT).stream()
        .map(name -> new Container(here, name))
        .toList();
  }

  /**
   * What happens to the containers from now on.
   *
   * @param interval how long from one look to the next
   */
  public ContainerEvents events(Duration interval) {
    return new ContainerEvents(this, interval);
  }

  /**
   * The names of the containers directly in one, sorted; of the root, of those in no other. The
   * same list as before where they are the same and were for a moment.
   */
  public List<ContainerPath> names(ContainerPath parent) {
    return now().children(parent);
  }

  /**
   * What tells a container from others that had or will have its name; 0 where that is not known,
   * as of one that was made inside of a boundary. Of one that this process made it is known for 10
   * ms, whatever others do meanwhile.
   */
  public long incarnation(ContainerPath name) {
    return now().journal().recentIntent(name).map(Intent::id).orElse(0L);
  }

  /**
   * Numbers of the containers of all hierarchies, made from their names and a secret of the state
   * directory.
   */
  public ContainerKeys keys() {
    return now().state().keys();
  }

  /** The user to whom a container is delegated; empty: nobody but root. */
  public Optional<Owner> owner(ContainerPath name) {
    return new Settings(now().state(), name)
        .owner()
        .flatMap(text -> Owner.parse(name.toString(), text));
  }

  /** All containers, each before those in it; also those made inside of boundaries. */
  public List<Container> containers() {
    return now().names().stream().map(name -> new Container(now(), name)).toList();
  }

  /**
   * Makes a container and starts its command, in one go. When that ends everything in it is killed
   * and it is removed, unless the spec says that it is kept; its report is kept in any case.
   *
   * @throws bailey.core.error.StepFailed if the kernel refuses a step; then nothing is left
   */
  public ContainerProcess start(ContainerSpec spec, List<String> command) {
    var started = new StartOperation(now()).start(spec, command);
    return ContainerProcess.first(now(), started);
  }

  /**
   * For the command line: has the executor that started this process start the container and look
   * after it, in the foreground or, if the spec says so, detached. Returns after the start; the
   * executor goes on when this process ends.
   *
   * @param report whether a report of the end is printed in any case; otherwise where a limit ended
   *     the container
   */
  public Launch launch(ContainerSpec spec, List<String> command, boolean report) {
    return launch(spec, command, List.of(), report, Optional.empty());
  }

  /**
   * As {@link #launch(ContainerSpec, List, boolean)}.
   *
   * @param reporter program and arguments that print the report; the name of the container is added
   *     to them. Empty: none is printed
   * @param asked what all these depend on, besides the words and directory of the call: then the
   *     plan may be kept for when the same call comes again. Empty where that cannot be told
   */
  public Launch launch(
      ContainerSpec spec,
      List<String> command,
      List<String> reporter,
      boolean report,
      Optional<List<Fact>> asked) {
    var launched =
        new StartOperation(now()).launch(spec, command, new Reporter(reporter, report), asked);
    return new Launch(launched.name().toString(), launched.pid());
  }

  /**
   * What of {@code spec} this user can have. An ordinary one may set limits only in control groups
   * that are delegated to him, and {@link #start} and {@link #launch} refuse others; who prefers to
   * go on without them takes {@link Attainable#spec} and tells {@link Attainable#missing}.
   *
   * @throws bailey.core.error.BadRequest if a limit does not exist or its value is malformed
   */
  public Attainable attainable(ContainerSpec spec) {
    return now().launches().attainable(spec);
  }

  /** The plan that a launch would execute. Needs no privilege and touches nothing. */
  public Plan explain(ContainerSpec spec, List<String> command) {
    return new StartOperation(now()).explain(spec, command);
  }

  /**
   * How the container of that name ended, of several the last one; also when it is gone.
   *
   * @throws bailey.core.error.ContainerBusy if it has not ended
   * @throws NoSuchContainer if nothing is known of it
   */
  public ExitReport report(String name) {
    return new ReportOperation(now()).report(ContainerPath.parse("container", name));
  }

  /** The hierarchies there are, the default one first. */
  public List<HierarchyInfo> hierarchies() {
    return new HierarchyOperation(now()).list();
  }

  /**
   * The containers of another hierarchy, on the same machine. It ends with this system.
   *
   * @throws NoSuchContainer if there is none of that name
   */
  public ContainerSystem hierarchy(String name) {
    return new ContainerSystem(now().in(name), false, false);
  }

  /**
   * Makes a hierarchy and binds subsystems to it, which the default hierarchy has no more. Only as
   * long as that has no containers besides its root.
   *
   * @param name letters, digits, {@code -}, {@code _} and {@code .}
   * @param subsystems at least one
   * @throws BadRequest if a name is malformed or there is no such subsystem
   * @throws bailey.core.error.ContainerBusy if the name is in use, a subsystem is bound elsewhere,
   *     or the default hierarchy has containers
   * @throws NotPossibleHere if this kernel or this user cannot
   */
  public HierarchyInfo mountHierarchy(String name, List<String> subsystems) {
    return new HierarchyOperation(now()).mount(name, subsystems);
  }

  /**
   * Takes a hierarchy away; its subsystems are the default hierarchy's again.
   *
   * @throws NoSuchContainer if there is none of that name
   * @throws bailey.core.error.ContainerBusy if it has containers
   */
  public void unmountHierarchy(String name) {
    new HierarchyOperation(now()).unmount(name);
  }

  /**
   * Sets the program that is run, with the name of the container as its argument, where a container
   * of this hierarchy got empty that is to notify. There is none at first.
   *
   * @param program an absolute path; empty text: none
   * @throws BadRequest if it is no absolute path
   */
  public void releaseAgent(String program) {
    new OnEmptyOperation(now()).releaseAgent(program);
  }

  /** The program that {@link #releaseAgent(String)} set; empty text: none. */
  public String releaseAgent() {
    return now().state().releaseAgent();
  }

  /** Whether the hierarchy of these containers is still mounted. */
  public boolean isMounted() {
    if (machine.state().hierarchy().equals(DEFAULT_HIERARCHY)) {
      return true; // always
    }
    try {
      var here = now();
      return here.bindings().hierarchies().contains(here.state().hierarchy());
    } catch (NoSuchContainer _) {
      return false;
    }
  }

  /** The names of the subsystems that are bound to the hierarchy of these containers. */
  public List<String> boundSubsystems() {
    var here = now();
    return here.bindings().subsystems(here.state().hierarchy());
  }

  /** The process that a thread belongs to; empty if there is none of that number. */
  public OptionalLong processOf(long thread) {
    return machine.kernel().processes().processOf(thread);
  }

  /**
   * Mounts a file system that a program serves by descriptor {@value ServingPlanner#DESCRIPTOR}, an
   * open /dev/fuse. It goes on when this process ends: a process of bailey's own, which needs no
   * JVM, holds the descriptor and starts the program again when that dies. When it ends with status
   * 0, or has died too often, the mount goes.
   *
   * @param source what /proc/self/mountinfo is to show as its source
   * @param directory an absolute path
   * @param program and its arguments
   * @param environment of it, {@code NAME=VALUE}
   * @throws bailey.core.error.StepFailed if the kernel refuses it
   */
  public void serve(
      String source, String directory, List<String> program, List<String> environment) {
    new ServingOperation(now()).mount(source, directory, program, environment);
  }

  /** The file systems that were mounted by {@link #serve}. */
  public List<ServedMount> served() {
    return new ServingOperation(now()).list();
  }

  /**
   * Where the files in which containers see themselves in /proc are served if nobody mounts the
   * containers as files: a directory that others cannot come to.
   */
  public String viewDirectory() {
    return new ViewOperation(now()).own();
  }

  /** What the kernel tells of the whole machine; empty where it has no such file. */
  public Optional<String> text(ProcFile file) {
    return machine.kernel().text(file);
  }

  /** Whether a container of {@code spec} is to see itself, and nobody serves what it would see. */
  public boolean lacksViews(ContainerSpec spec) {
    return new ViewOperation(now()).isLacking(spec);
  }

  /**
   * As {@link #serve}, at {@link #viewDirectory()}, which is made if it is not there; nothing where
   * somebody serves already.
   *
   * @throws NotPossibleHere if this user may not
   */
  public void serveViews(List<String> program, List<String> environment) {
    new ViewOperation(now()).serve(program, environment);
  }

  /**
   * For how long nobody has asked for what is served at {@link #viewDirectory()}; empty while there
   * is a container that is to see itself.
   */
  public Optional<Duration> viewsUnused() {
    return new ViewOperation(now()).unused();
  }

  /** Everything that bailey uses of a kernel, each tried now. */
  public List<Ability> abilities() {
    return now().kernel().abilities();
  }

  /** All subsystems, bailey's own and those of other modules, and where this machine has them. */
  public List<SubsystemPlace> subsystems() {
    return new SubsystemListing(now()).list();
  }

  /** The namespaces of this machine, as far as this user may see them. */
  public List<NamespaceUse> namespaces() {
    return new NamespaceListing(now()).list();
  }

  /**
   * What others than bailey changed in containers of all hierarchies: groups that were removed or
   * renamed, processes that were moved by hand.
   */
  public List<Drift> drift() {
    var here = now();
    return Stream.concat(
            here.bindings().hierarchies().stream()
                .flatMap(name -> new DriftOperation(here.in(name)).list().stream()),
            new ServingOperation(here).drift().stream())
        .toList();
  }

  /**
   * Removes what crashes left behind and takes back what {@link #drift} tells of, where it is
   * certain what is right. Containers that run, or are being made, are not ended.
   */
  public GcResult gc() {
    return gc(false);
  }

  /**
   * As {@link #gc()}.
   *
   * @param force whether containers with a damaged record are removed as well
   */
  public GcResult gc(boolean force) {
    return new Reconciler(now()).repair(force);
  }

  /** Ends what was started by {@link #start} and still runs. */
  @Override
  public void close() {
    tidying.exceptionally(_ -> null).join();
    if (ownsKernel) {
      machine.kernel().close();
    }
    new Reconciler(machine).removeBase();
  }
}
