package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.container.OnEmpty;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.CloneArguments;
import bailey.core.planner.LaunchPlanner.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Plans the process that waits until the last task has left a container, and then runs the release
 * agent or removes the container: an executor of its own, so that no JVM need live. Only one waits
 * for each container. Any thread.
 */
public final class KeeperPlanner {
  /** What a release agent has as its environment, as the kernel gives to its own (cgroups(7)). */
  private static final List<String> ENVIRONMENT =
      List.of("HOME=/", "PATH=/sbin:/bin:/usr/sbin:/usr/bin");

  private final KernelFeatures features;

  /** A planner for a machine. */
  public KeeperPlanner(KernelFeatures features) {
    this.features = features;
  }

  /** Whether {@code step} is where a keeper finds that there is one already, with EAGAIN. */
  public static boolean isTaken(Step step) {
    return step.note().what().startsWith("locking ");
  }

  /** The plan. */
  public Plan plan(KeeperRequest request) {
    var steps = new Steps(new Registers());
    steps.because("on empty: " + request.action());
    var ready = new Pipe(steps, "ready");
    orphan(steps, "keeper", inner -> keep(inner, request, ready));
    steps.close(ready.write());
    steps.add(new Step.Await(note(steps, "waiting until it watches"), result(ready.read())));
    steps.add(new Step.Handshake(note(steps, "waiting until it watches"), result(ready.read())));
    steps.close(ready.read());
    return PlanVerifier.verify(
        new Plan("keep " + request.name(), features.arch(), List.of(), steps.list()));
  }

  /** Starts a process whose parent ends, so that a resident executor need not wait for its end. */
  static void orphan(Steps steps, String role, Consumer<Steps> body) {
    var space = new Datum.Space("pidfd of its parent", 4);
    steps.add(
        new Step.Spawn(
            note(steps, "starting the parent of the " + role),
            "parent",
            CloneArguments.of(0, space),
            null,
            steps.inside(
                parent -> {
                  parent.add(
                      new Step.Spawn(
                          note(parent, "starting the " + role),
                          role,
                          CloneArguments.plain(role),
                          null,
                          parent.inside(body)));
                  parent.add(new Step.End(note(parent, "leaving it to itself"), number(0)));
                })));
    var parent = steps.registers().descriptor("parent");
    steps.load("its pidfd", space, 0, 4, parent);
    steps.add(new Step.Await(note(steps, "waiting for the end of that"), result(parent)));
    steps.add(
        new Step.Reap(
            note(steps, "reaping it"), result(parent), steps.registers().number("reaped")));
    steps.close(parent);
  }

  private static void keep(Steps steps, KeeperRequest request, Pipe ready) {
    LaunchPlanner.leave(steps, ready);
    var lock = LockSteps.prepare(steps, request.state().file(StateFiles.KEEPER), "keeper");
    lock.takeIfFree(steps, LockSteps.Kind.EXCLUSIVE, true);
    var group =
        steps.open("opening " + request.watched(), Steps.cwd(), request.watched(), 0, "group");
    StateSteps.copyStat(
        steps, Operand.text("/proc/self/stat"), request.state().file(StateFiles.KEEPER_TASK));
    steps.call("telling that it watches", Sys.CLOSE, number(3));
    steps.add(new Step.ReportTo(note(steps, "nobody listens any more"), number(-1)));
    steps.add(
        new Step.Watch(
            note(steps, "watching"),
            result(group),
            "when it is empty",
            CloneArguments.plain("when it is empty"),
            steps.inside(
                inner -> {
                  if (request.action() == OnEmpty.DELETE) {
                    delete(inner, request);
                  } else {
                    notify(inner, request);
                  }
                })));
    steps.add(new Step.End(note(steps, "ending with the container"), number(0)));
  }

  /**
   * Whoever looked after its command may still be recording its end. What has got a task meanwhile,
   * or a container, the kernel keeps.
   */
  private static void delete(Steps steps, KeeperRequest request) {
    var files = request.state();
    var lock = LockSteps.prepare(steps, files.file(StateFiles.LOCK), "lock");
    lock.take(steps, LockSteps.Kind.EXCLUSIVE, false);
    TeardownPlanner.compare(steps, files, request.id());
    for (var directory : request.groups()) {
      steps.call(
          "removing the cgroup " + directory,
          OnError.allow(Errno.ENOENT),
          Sys.UNLINKAT,
          Steps.cwd(),
          Operand.text(directory),
          Operand.number(Flags.AT_REMOVEDIR, Notation.AT));
    }
    StateSteps.removeAll(steps, files, true);
    steps.add(new Step.End(note(steps, "ending"), number(0)));
  }

  /** The kernel's own release agent has no failures; this one's are kept for who looks. */
  private static void notify(Steps steps, KeeperRequest request) {
    var agent = request.agent();
    var space = new Datum.Space("pidfd of the agent", 4);
    steps.add(
        new Step.Spawn(
            note(steps, "starting " + agent),
            "release agent",
            CloneArguments.of(0, space),
            null,
            steps.inside(
                inner -> {
                  inner.call(
                      "executing " + agent,
                      OnError.IGNORE,
                      Sys.EXECVE,
                      Operand.text(agent),
                      Operand.address(words(List.of(agent, request.name().toString()))),
                      Operand.address(words(ENVIRONMENT)));
                  inner.add(new Step.End(note(inner, "it cannot be executed"), number(126)));
                })));
    var pidfd = steps.registers().descriptor("agent");
    var status = steps.registers().number("status of the agent");
    steps.load("its pidfd", space, 0, 4, pidfd);
    steps.add(new Step.Reap(note(steps, "waiting for its end"), result(pidfd), status));
    steps.close(pidfd);
    steps.add(new Step.CollectNumber(note(steps, "noting how it ended"), "status", result(status)));
    EndSteps.time(steps);
    StateSteps.record(steps, request.state().file(StateFiles.RELEASED));
    steps.add(new Step.End(note(steps, "ending"), number(0)));
  }

  static Datum words(List<String> texts) {
    var words = new ArrayList<Operand>();
    texts.forEach(text -> words.add(Operand.text(text)));
    words.add(number(0));
    return new Datum.Words(String.join(" ", texts), words);
  }
}
