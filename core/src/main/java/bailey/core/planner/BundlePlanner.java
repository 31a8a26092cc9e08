package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.bundle.BundleStart.Attachment;
import bailey.core.bundle.GroupRequest;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Register;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.List;

/**
 * Plans how a bundle becomes a container: its record, its groups, its first process; and, where the
 * executor stays in the foreground, its end. Any thread.
 */
public final class BundlePlanner {
  private final KernelFeatures features;

  /** A planner for a machine. */
  public BundlePlanner(KernelFeatures features) {
    this.features = features;
  }

  /** The plan. */
  public Plan plan(BundleRequest request) {
    var steps = new Steps(new Registers());
    new Life(request).plan(steps);
    return PlanVerifier.verify(
        new Plan("create " + request.id(), features.arch(), List.of(), steps.list()));
  }

  /** Where the groups of such a container are. */
  public List<String> groups(GroupRequest request) {
    return List.copyOf(new BundleGroups(features, request).distinct());
  }

  /** One plan in the making. */
  private final class Life {
    private final BundleRequest request;
    private final BundleStateSteps state;
    private final BundleGroups groups;
    private final BundleProcess process;

    Life(BundleRequest request) {
      this.request = request;
      this.state = new BundleStateSteps(request.state());
      this.groups = new BundleGroups(features, request.spec().limits());
      this.process = new BundleProcess(features, request, groups, state);
    }

    void plan(Steps steps) {
      var start = request.start();
      state.take(steps, request);
      if (start.attachment() == Attachment.CREATED) {
        state.makeFifos(steps);
      }
      poststopWhereItFails(steps);
      groups.make(steps);
      process.prepare(steps);
      process.spawn(steps);
      process.awaitReady(steps);
      start.pidFile().ifPresent(path -> BundleStateSteps.writePid(steps, path, process.pid()));
      start.pidfdSocket().ifPresent(path -> sendHandle(steps, path));
      process.receiveTerminal(steps);
      switch (start.attachment()) {
        case CREATED -> {
          process.leave(steps);
          leave(steps);
        }
        case DETACHED -> {
          process.release(steps);
          poststart(steps);
          leave(steps);
        }
        case FOREGROUND -> {
          process.release(steps);
          poststart(steps);
          stay(steps);
        }
      }
    }

    private void sendHandle(Steps steps, String path) {
      var socket = BundleTerminal.connect(steps, "--pidfd-socket", path, "pidfd socket");
      Handover.send(steps, "sending the process", socket, List.of(process.pidfd()));
      steps.close(socket);
    }

    private void poststart(Steps steps) {
      new HookSteps(request.told())
          .run(
              steps,
              "poststart",
              request.spec().hooks().poststart(),
              "running",
              result(process.pid()),
              true);
    }

    /** Last of what is undone but the id; also at the end of what stays in the foreground. */
    private void poststopWhereItFails(Steps steps) {
      var programs = request.spec().hooks().poststop();
      if (!programs.isEmpty()) {
        steps.because("hooks.poststop");
        steps.undo(
            "running what is to be run at the end",
            undo ->
                new HookSteps(request.told())
                    .run(undo, "poststop", programs, "stopped", number(0), false));
      }
    }

    private void leave(Steps steps) {
      steps.because("the start");
      steps.close(process.pidfd());
      report(steps);
      steps.add(new Step.End(note(steps, "leaving the container to itself"), number(0)));
    }

    private void report(Steps steps) {
      steps.add(
          new Step.Report(
              note(steps, "reporting the start"), Step.Signal.STARTED, result(process.pid())));
    }

    /** Ends as the process does, when all that was made is removed. */
    private void stay(Steps steps) {
      steps.because("the life of the container");
      report(steps);
      var pidfd = process.pidfd();
      var terminal = process.terminalOrNull();
      steps.add(
          new Step.Supervise(
              note(steps, "supervising the container"),
              result(pidfd),
              0,
              terminal,
              steps.registers().number("timed out")));
      steps.because("the end of the container");
      TeardownPlanner.kill(steps, features, List.copyOf(groups.distinct()));
      Register status = steps.registers().number("status");
      steps.add(new Step.Reap(note(steps, "reaping the process"), result(pidfd), status));
      var exit = steps.registers().number("exit");
      steps.add(new Step.ExitCode(note(steps, "its exit status"), exit, result(status)));
      BundleEnd.remove(steps, request.state(), List.copyOf(groups.distinct()));
      steps.add(new Step.Unwind(note(steps, "ending"), result(exit)));
    }
  }
}
