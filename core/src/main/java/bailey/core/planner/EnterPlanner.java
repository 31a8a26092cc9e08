package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Register;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.CloneArguments;
import bailey.core.planner.LaunchPlanner.Pipe;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.spec.NamespaceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Plans a command of the caller's own in some of the namespaces of a container: a tool of the
 * machine that looks at the container's network, say.
 *
 * <p>A guide enters for it ({@link GuideSteps}). Before it enters anything it makes itself
 * undumpable and closes every descriptor but the streams, its ways to report, and the handles of
 * the namespaces; each of those is closed when it has been entered. So when the command becomes
 * visible inside, nothing of the machine is open in it but its streams, and nothing inside may
 * trace it or look into /proc/PID until it executes. From then on the kernel's rules of ptrace(2)
 * hold, under which who enters a user namespace is open to its root; so he becomes that, and is not
 * the caller any more. Any thread.
 */
public final class EnterPlanner {
  private final KernelFeatures features;

  /** A planner for a machine. */
  public EnterPlanner(KernelFeatures features) {
    this.features = features;
  }

  /** The plan. With {@code RESIDENT} it is sent with the command's three streams. */
  public Plan plan(EnterRequest request) {
    var registers = new Registers();
    var stdio = LaunchPlanner.stdio(registers, request.attachment());
    var steps = new Steps(registers);
    new Life(request, stdio).plan(steps);
    return PlanVerifier.verify(
        new Plan("enter " + request.name(), features.arch(), stdio, steps.list()));
  }

  /** One plan in the making. */
  private final class Life {
    private final EnterRequest request;
    private final List<Register> stdio;
    private final @Nullable CgroupSteps cgroups;
    private final JoinSteps join;
    private @Nullable TerminalSteps terminal;
    private @Nullable Handover handover;

    Life(EnterRequest request, List<Register> stdio) {
      this.request = request;
      this.stdio = stdio;
      this.cgroups =
          request.groups()
              ? CgroupSteps.of(
                  features,
                  request.name(),
                  request.spec(),
                  Optional.empty(),
                  CgroupSteps.Phase.ENTER)
              : null;
      this.join = JoinSteps.of(features, request.first(), request.namespaces(), request.files());
    }

    void plan(Steps steps) {
      steps.because("enter: entering");
      join.open(steps);
      steps.because("enter: entering");
      var reports = new Pipe(steps, "report");
      var guide = new GuideSteps(steps, reports);
      if (request.spec().terminal()) {
        var pair = new Handover(steps);
        handover = pair;
        terminal = new TerminalSteps(steps, request.spec(), pair);
      }
      var space = new Datum.Space("guide's pidfd", 4);
      boolean born = cgroups != null && cgroups.bornInside();
      var arguments = CloneArguments.of(born ? Flags.CLONE_INTO_CGROUP : 0, space);
      if (cgroups != null) {
        cgroups.open(steps, arguments);
      }
      guide.start(steps, arguments, space, inner -> guide(inner, guide, reports));
      join.close(steps);
      if (cgroups != null) {
        cgroups.close(steps);
      }
      if (handover != null) {
        steps.close(handover.far());
      }
      stdio.forEach(steps::close);
      var pid = guide.await(steps);
      GuideSteps.handle(steps, "command", pid);
      ExecPlanner.awaitStart(steps, pid, reports);
      if (terminal != null && handover != null) {
        terminal.receive(steps);
        steps.close(handover.near());
      }
      ExecPlanner.awaitEnd(
          steps,
          terminal == null ? null : terminal.master(),
          request.attachment() == Attachment.RESIDENT);
    }

    private void guide(Steps steps, GuideSteps guide, Pipe reports) {
      steps.call("leaving the session", Sys.SETSID);
      if (cgroups != null) {
        cgroups.enter(steps);
        AffinitySteps.place(steps, features, request.spec());
      }
      steps.because("enter: entering");
      for (int i = 0; i < stdio.size(); i++) {
        LaunchPlanner.dup(steps, stdio.get(i), i);
      }
      var kept = new ArrayList<>(guide.ways());
      kept.addAll(join.files());
      if (handover != null) {
        kept.add(handover.far());
      }
      ShedSteps.keep(steps, kept);
      GuideSteps.report(steps, reports);
      if (terminal != null) {
        terminal.openOfCaller(steps); // while it is the caller yet, to whom it belongs
      }
      steps.because("enter: entering");
      join.enter(steps);
      if (join.has(NamespaceKind.USER)) {
        becomeRoot(steps);
      }
      // the kernel may have undone it when what the guide may do changed (fs.suid_dumpable)
      CommandSteps.open(steps, "keeping others out", false);
      steps.because("the command");
      guide.spawn(
          steps, "command", CloneArguments.sibling("command", 0), inner -> command(inner, reports));
    }

    /**
     * In a user namespace others have the right to trace it, so it must not stay a user of outside:
     * its files would be theirs.
     */
    private void becomeRoot(Steps steps) {
      var zero = number(0);
      steps.call("leaving all groups", OnError.allow(Errno.EPERM), Sys.SETGROUPS, zero, number(0));
      steps.call("becoming its group 0", Sys.SETRESGID, zero, zero, zero);
      steps.call("becoming its user 0", Sys.SETRESUID, zero, zero, zero);
    }

    private void command(Steps steps, Pipe reports) {
      steps.because("the command");
      if (terminal != null) {
        terminal.take(steps);
      } else {
        TerminalSteps.ownGroup(steps);
      }
      CommandSteps.keep(steps, "keeping the way to report", reports);
      steps.add(new Step.ReportTo(note(steps, "reporting failures"), number(CommandSteps.REPORTS)));
      CommandSteps.closeRest(steps);
      CommandSteps.dieWithParent(steps);
      CommandSteps.letSignalsIn(steps);
      ExecSteps.execute(steps, request.command(), request.spec().environment());
    }
  }
}
