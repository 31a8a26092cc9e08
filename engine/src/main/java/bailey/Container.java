package bailey;

import bailey.core.container.ContainerPath;
import bailey.core.container.ControlFile;
import bailey.core.container.OnEmpty;
import bailey.core.container.View;
import bailey.core.error.NoSuchContainer;
import bailey.core.isolation.Tie;
import bailey.core.kernel.TaskInfo;
import bailey.core.state.ContainerState;
import bailey.core.state.Event;
import bailey.core.state.FirstTask;
import bailey.core.state.Lifecycle;
import bailey.engine.journal.Intent;
import bailey.engine.journal.Recorded;
import bailey.engine.journal.Settings;
import bailey.engine.operation.AttachOperation;
import bailey.engine.operation.ControlListing;
import bailey.engine.operation.Controls;
import bailey.engine.operation.EndOperation;
import bailey.engine.operation.EnterOperation;
import bailey.engine.operation.EventCounts;
import bailey.engine.operation.ExecOperation;
import bailey.engine.operation.GuestListing;
import bailey.engine.operation.Machine;
import bailey.engine.operation.OnEmptyOperation;
import bailey.engine.operation.OwnProcesses;
import bailey.engine.operation.StartOperation;
import bailey.engine.operation.TaskListing;
import bailey.engine.operation.ThreadOperation;
import bailey.engine.operation.TieListing;
import bailey.engine.operation.UseListing;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A container, by its name: each question is answered from what is there at that moment. Any thread
 * may use it. Where the container is gone, methods throw {@link NoSuchContainer}.
 */
public final class Container implements AutoCloseable {
  private static final String FREEZER = "freezer.state";

  private final Machine machine;
  private final ContainerPath path;

  Container(Machine machine, ContainerPath path) {
    this.machine = machine;
    this.path = path;
  }

  /** Its path in the tree of containers. */
  public String name() {
    return path.toString();
  }

  /** Where it is in its life; {@code GONE} where it does not exist. */
  public ContainerState state() {
    return machine.look(path).state();
  }

  /**
   * All that is known of it, from one look: for lists, where {@link #state}, {@link #pid} and so on
   * would each look again.
   */
  public ContainerInfo info() {
    var recorded = machine.look(path);
    boolean guest = recorded.guest().isPresent();
    return new ContainerInfo(
        name(),
        recorded.state(),
        pid(recorded),
        recorded.intent().map(Intent::created),
        guest
            ? new GuestListing(machine).command(recorded)
            : recorded.intent().map(Intent::command).orElse(List.of()),
        guest);
  }

  /** Its first process, as seen here; empty where none was started, or it has ended. */
  public OptionalLong pid() {
    return pid(machine.look(path));
  }

  private static OptionalLong pid(Recorded recorded) {
    var alive =
        switch (recorded.state()) {
          case RUNNING, FROZEN, UNATTENDED -> true;
          case CREATED, STARTING, ENDED, ABANDONED, DAMAGED, GONE -> false;
        };
    return recorded
        .first()
        .filter(_ -> alive)
        .map(FirstTask::pid)
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /**
   * When it was made.
   *
   * @throws bailey.core.error.NotPossibleHere if it was made inside of a boundary
   */
  public Instant created() {
    return machine.find(path).need().created();
  }

  /**
   * Program and arguments of its first command; empty where none was started.
   *
   * @throws bailey.core.error.NotPossibleHere if it was made inside of a boundary
   */
  public List<String> command() {
    return machine.find(path).need().command();
  }

  /** The containers directly in it. */
  public List<Container> children() {
    return machine.children(path).stream().map(other -> new Container(machine, other)).toList();
  }

  /**
   * Puts processes that run into it, with all their threads and what they start meanwhile: all of
   * them in every control group of it, or, where one may not come in, none in any. A container with
   * namespaces of its own takes no running process; start a new one by {@link #exec}.
   *
   * @param pids numbers of processes, at least one; those that end meanwhile do not matter, unless
   *     none is left
   * @throws bailey.core.error.BadRequest if one may not come in, with all reasons
   * @throws bailey.core.error.ContainerBusy if one did not stop to be moved, or it takes no tasks
   *     in this state
   * @throws bailey.core.error.StepFailed if the kernel refuses a step; then all is as before
   */
  public MoveResult attach(long... pids) {
    return new AttachOperation(machine).attach(path, Arrays.stream(pids).boxed().toList());
  }

  /**
   * As {@link #attach}, with all descendants of the processes, those that are being started
   * meanwhile too. Descendants in other containers than the processes stay there. A process whose
   * parent ends in the moment between being seen and being stopped is no descendant any more.
   */
  public MoveResult attachTree(long... pids) {
    return new AttachOperation(machine).attachTree(path, Arrays.stream(pids).boxed().toList());
  }

  /**
   * As {@link #attach}, for the user to whom it is delegated: only processes of his that are in
   * {@code within} or in containers in it, so that none of them gets away from its limits.
   *
   * @param within the outermost of the containers above it that are his, or it itself
   * @throws bailey.core.error.BadRequest if one is another's, or elsewhere; then none is moved
   */
  public MoveResult attachOwn(int uid, String within, long... pids) {
    return new AttachOperation(machine)
        .attachOwn(
            path,
            Arrays.stream(pids).boxed().toList(),
            new OwnProcesses(machine, uid, ContainerPath.parse("container", within)));
  }

  /**
   * Delegates it to a user, or takes it back: {@link ContainerSystem#owner}. Whoever serves
   * containers as files sees to what he may.
   */
  public void owner(Owner owner) {
    new Settings(machine.state(), path).owner(owner.text());
  }

  /**
   * As {@link #attach}, single threads, as far as the kernel's controllers know threads: on cgroup
   * v1 all but memory, on v2 only where its group is threaded.
   *
   * @param tids numbers of threads, at least one
   * @throws bailey.core.error.NotPossibleHere where no controller does
   */
  public MoveResult attachThreads(long... tids) {
    return new ThreadOperation(machine).attach(path, Arrays.stream(tids).boxed().toList());
  }

  /** The processes in it, but not those in the containers in it. */
  public List<TaskInfo> tasks() {
    return new TaskListing(machine).list(path);
  }

  /** The numbers of the processes in it, sorted, as {@link #tasks} has them. */
  public List<Long> processNumbers() {
    return new TaskListing(machine).processes(path);
  }

  /** The numbers of all threads of those, sorted. */
  public List<Long> threadNumbers() {
    return new TaskListing(machine).threads(path);
  }

  /**
   * Starts its first command. Only in a container that was created and not started yet.
   *
   * @throws bailey.core.error.StepFailed if the kernel refuses a step; then it is as before
   */
  public ContainerProcess start(String... command) {
    return start(List.of(command));
  }

  /** As {@link #start(String...)}. */
  public ContainerProcess start(List<String> command) {
    return ContainerProcess.first(machine, new StartOperation(machine).start(path, command));
  }

  /** Starts a further command in it, behind the same walls. */
  public ContainerProcess exec(String... command) {
    return exec(ExecSpec.SAME, List.of(command));
  }

  /** As {@link #exec(String...)}, with differences. */
  public ContainerProcess exec(ExecSpec spec, List<String> command) {
    return ContainerProcess.further(
        machine, new ExecOperation(machine).exec(path, spec, command), command);
  }

  /**
   * Starts a command that enters it, or some of it: see {@link EnterSpec}.
   *
   * @throws bailey.core.error.BadRequest if it has not what is to be entered, or that cannot be
   *     entered alone
   */
  public ContainerProcess enter(EnterSpec spec, List<String> command) {
    return ContainerProcess.further(
        machine, new EnterOperation(machine).enter(path, spec, command), command);
  }

  /**
   * For the command line: as {@link #enter}, by the executor that started this process, which looks
   * after the command in the foreground.
   */
  public Launch launchEnter(EnterSpec spec, List<String> command) {
    var launched = new EnterOperation(machine).launch(path, spec, command);
    return new Launch(launched.name().toString(), launched.pid());
  }

  /**
   * For the command line: has the executor that started this process start a further command in it
   * and look after that in the foreground.
   */
  public Launch launchExec(ExecSpec spec, List<String> command) {
    var launched = new ExecOperation(machine).launch(path, spec, command);
    return new Launch(launched.name().toString(), launched.pid());
  }

  /**
   * The value of a control file such as {@code memory.max}, without the last line end.
   *
   * @throws bailey.core.error.BadRequest if there is none of that name, or it cannot be read
   * @throws bailey.core.error.NotPossibleHere if this kernel or this container does not have it
   */
  public String get(String control) {
    return get(control, View.EXTERNAL);
  }

  /** A control file to be read and set again and again; the caller closes it. */
  public OpenControl open(String control) {
    return new OpenControl(this, control, new Controls(machine));
  }

  ContainerPath path() {
    return path;
  }

  /**
   * The value of a limit as one side has it: what was set from outside, or what a guest behind a
   * boundary set for itself. Other control files have one value.
   *
   * @throws bailey.core.error.NotPossibleHere if the container has no boundary, and the view is
   *     internal
   */
  public String get(String control, View view) {
    return new Controls(machine).get(path, control, Optional.of(view));
  }

  /** What holds: of the values of both sides the lower; where there is one, that. */
  public String effective(String control) {
    return new Controls(machine).get(path, control, Optional.empty());
  }

  /**
   * Sets a control file, whole or not at all.
   *
   * @throws bailey.core.error.BadRequest if the value is malformed, or refused: such as a limit
   *     below what is in use
   */
  public void set(String control, String value) {
    set(control, value, View.EXTERNAL);
  }

  /** As {@link #set(String, String)}, for one side of a boundary. */
  public void set(String control, String value, View view) {
    var _ = new Controls(machine).set(path, control, value, view);
  }

  /** All control files that can be read now. */
  public Map<String, String> controls() {
    return new Controls(machine).all(path);
  }

  /** The control files that it has; their values are not asked for. */
  public List<ControlFile> controlFiles() {
    return new ControlListing(machine).list(path);
  }

  /** Whether it has a boundary; not told of one that was made inside of another. */
  public boolean hasBoundary() {
    return machine.journal().intent(path).filter(intent -> intent.spec().boundary()).isPresent();
  }

  /** Whether it was made to see itself in /proc. */
  public boolean seesItself() {
    return machine.journal().intent(path).filter(intent -> intent.spec().seesItself()).isPresent();
  }

  /** What the kernel tells of its resources, for those who show it in another form. */
  public ResourceTexts resources() {
    return new ResourceTexts(machine, path);
  }

  /** It as the guest in it sees it, where it has a boundary. */
  public Inside inside() {
    return new Inside(machine, path);
  }

  /** What is done when it gets empty: what was said of it, else of the nearest above. */
  public OnEmpty onEmpty() {
    return new OnEmptyOperation(machine).get(path);
  }

  /**
   * Says what is done when its last task has left: a process of bailey's own, which needs no JVM,
   * waits for that. Containers in it do the same unless something else is said of them.
   *
   * @throws bailey.core.error.NotPossibleHere if it has no control group, which would tell
   */
  public void onEmpty(OnEmpty choice) {
    new OnEmptyOperation(machine).set(path, Optional.of(choice));
  }

  /**
   * What has happened to it so far: {@code populated} and {@code frozen} are 0 or 1, others count:
   * {@code memory.oom_kill}, {@code pids.max}.
   */
  public Map<String, Long> events() {
    return new EventCounts(machine).of(path);
  }

  /** How it has each subsystem of its hierarchy: of its own, shared with whom, joined. */
  public List<SubsystemUse> subsystems() {
    return new UseListing(machine).list(path);
  }

  /**
   * What ties it to processes outside: every reason why it could not be saved and made anew without
   * those noticing. None: it is self-contained; {@link Tie.Kind#UNSEEN} alone: as far as this user
   * may see. Freeze it first for an answer that stays true.
   */
  public List<Tie> ties() {
    return new TieListing(machine).list(path);
  }

  /** What it uses. */
  public Usage usage() {
    return new Controls(machine).usage(path);
  }

  /**
   * Stops all its tasks, all or none.
   *
   * @throws bailey.core.error.ContainerBusy if one of them does not stop
   */
  public void freeze() {
    change(Event.FREEZE, "FROZEN");
  }

  /** Lets all its tasks go on. */
  public void thaw() {
    change(Event.THAW, "THAWED");
  }

  private void change(Event event, String value) {
    Lifecycle.after(name(), machine.find(path).state(), event);
    set(FREEZER, value);
  }

  /**
   * Sends a signal to its first command.
   *
   * @param signal its number
   */
  public void signal(int signal) {
    new EndOperation(machine).signal(path, signal);
  }

  /** Kills everything in it, in such a way that nothing can escape. */
  public void kill() {
    new EndOperation(machine).kill(path);
  }

  /**
   * Waits until it has ended. Works for a container that any process started.
   *
   * @throws InterruptedException if this thread is interrupted
   */
  public ExitReport await() throws InterruptedException {
    return new EndOperation(machine).await(path);
  }

  /** As {@link #await()}, for at most that time; empty if it has not ended then. */
  public Optional<ExitReport> await(Duration time) throws InterruptedException {
    return new EndOperation(machine).await(path, time);
  }

  /**
   * Removes it; its report stays.
   *
   * @param force whether what runs in it is killed first, and a damaged record does not matter
   */
  public void remove(boolean force) {
    new EndOperation(machine).remove(path, force);
  }

  /** Kills what runs in it and removes it; nothing, where it is gone. */
  @Override
  public void close() {
    try {
      remove(true);
    } catch (NoSuchContainer _) {
      // as it should be
    }
  }

  @Override
  public String toString() {
    return "container " + path;
  }
}
