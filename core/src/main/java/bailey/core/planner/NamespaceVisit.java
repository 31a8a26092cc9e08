package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.CloneArguments;
import bailey.core.planner.LaunchPlanner.Pipe;
import bailey.core.spec.NamespaceKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A process that enters a namespace, does something there, and ends. Any thread. */
public final class NamespaceVisit {
  private final KernelFeatures features;

  NamespaceVisit(KernelFeatures features) {
    this.features = features;
  }

  /** Where a namespace is. */
  public sealed interface Place {
    /** Its kind. */
    NamespaceKind kind();
  }

  /**
   * A namespace of a process.
   *
   * @param pid of the process
   * @param kind of the namespace
   * @param inode its number
   * @param owner number of the user namespace that has to be entered to enter it or to write in it;
   *     empty where this user may do so as he is
   */
  public record OfTask(long pid, NamespaceKind kind, long inode, OptionalLong owner)
      implements Place {
    Map<NamespaceKind, Long> inodes() {
      var inodes = new EnumMap<NamespaceKind, Long>(NamespaceKind.class);
      owner.ifPresent(number -> inodes.put(NamespaceKind.USER, number));
      inodes.put(kind, inode);
      return inodes;
    }

    @Override
    public String toString() {
      return kind.file() + " namespace of " + pid;
    }
  }

  /**
   * A namespace without a task.
   *
   * @param path the file that it is bound to
   */
  public record Held(NamespaceKind kind, String path) implements Place {
    @Override
    public String toString() {
      return kind.file() + " namespace " + path;
    }
  }

  Plan plan(String verb, Place place, List<Register> descriptors, Steps steps) {
    return PlanVerifier.verify(
        new Plan(verb + " of the " + place, features.arch(), descriptors, steps.list()));
  }

  /** A child that enters the namespace; for that of process ids, a child of it. */
  void in(Steps steps, Place place, Consumer<Steps> body) {
    var join =
        switch (place) {
          case OfTask task -> JoinSteps.ofProcess(features, task.pid(), task.inodes());
          case Held held -> JoinSteps.ofFile(features, held.kind(), held.path());
        };
    join.open(steps);
    in(steps, place, join, body);
  }

  /**
   * As {@link #in(Steps, Place, Consumer)}.
   *
   * @param join is open, and closed here
   */
  void in(Steps steps, Place place, JoinSteps join, Consumer<Steps> body) {
    var reports = new Pipe(steps, "report");
    var pidfd = new Datum.Space("pidfd", 4);
    var child =
        steps.inside(
            inner -> {
              inner.add(
                  new Step.ReportTo(note(inner, "reporting failures"), result(reports.write())));
              inner.close(reports.read());
              join.enter(inner);
              becomeRoot(inner, place);
              if (place.kind() == NamespaceKind.PID) {
                forked(inner, body);
              } else {
                body.accept(inner);
              }
              inner.add(new Step.End(note(inner, "ending"), number(0)));
            });
    steps.add(
        new Step.Spawn(
            note(steps, "starting a process to enter it"),
            "visitor",
            CloneArguments.of(0, pidfd),
            null,
            child));
    var visitor = steps.registers().descriptor("visitor");
    steps.load("its pidfd", pidfd, 0, 4, visitor);
    steps.close(reports.write());
    join.close(steps);
    steps.add(new Step.Await(note(steps, "waiting for it"), result(visitor)));
    var status = steps.registers().number("status");
    steps.add(new Step.Reap(note(steps, "reaping it"), result(visitor), status));
    steps.close(visitor);
    steps.add(new Step.Handshake(note(steps, "hearing of failures"), result(reports.read())));
    steps.close(reports.read());
  }

  /** Of an ipc namespace the root of its user namespace is who may write (ipc_permissions()). */
  private void becomeRoot(Steps steps, Place place) {
    if (features.privileged() && place instanceof OfTask task && task.owner().isPresent()) {
      var zero = number(0);
      steps.call("becoming group 0 inside", Sys.SETRESGID, zero, zero, zero);
      steps.call("becoming user 0 inside", Sys.SETRESUID, zero, zero, zero);
    }
  }

  private static void forked(Steps steps, Consumer<Steps> body) {
    var pidfd = new Datum.Space("inner pidfd", 4);
    var child =
        steps.inside(
            inner -> {
              body.accept(inner);
              inner.add(new Step.End(note(inner, "ending"), number(0)));
            });
    steps.add(
        new Step.Spawn(
            note(steps, "starting a process inside"),
            "inside",
            CloneArguments.of(0, pidfd),
            null,
            child));
    var inside = steps.registers().descriptor("inside");
    steps.load("its pidfd", pidfd, 0, 4, inside);
    steps.add(
        new Step.Reap(
            note(steps, "reaping it"), result(inside), steps.registers().number("inner status")));
  }
}
