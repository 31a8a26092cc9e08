package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.BundleStart.Attachment;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Register;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.CloneArguments;
import bailey.core.planner.LaunchPlanner.Pipe;
import bailey.core.spec.NamespaceKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Plans a further process in a bundle's container. A guide lets go of all that is the executor's,
 * enters, and starts it as its own sibling. Any thread.
 */
public final class BundleExecPlanner {
  private final KernelFeatures features;

  /** A planner for a machine. */
  public BundleExecPlanner(KernelFeatures features) {
    this.features = features;
  }

  /** The plan. */
  public Plan plan(BundleExecRequest request) {
    var steps = new Steps(new Registers());
    new Life(request).plan(steps);
    return PlanVerifier.verify(
        new Plan("exec in " + request.id(), features.arch(), List.of(), steps.list()));
  }

  /** One plan in the making. */
  private final class Life {
    private final BundleExecRequest request;
    private final JoinSteps join;
    private final boolean entersUsers;
    private final BundleExecution execution;
    private final Map<String, Register> taskFiles = new LinkedHashMap<>();
    private @Nullable Register birthplace;
    private @Nullable BundleTerminal terminal;
    private @Nullable BundleChannels channels;
    private @Nullable Handover handover;
    private @Nullable Register relayed;

    Life(BundleExecRequest request) {
      this.request = request;
      this.join = JoinSteps.ofProcess(features, request.first(), request.namespaces());
      this.entersUsers = join.has(NamespaceKind.USER);
      this.execution =
          new BundleExecution(
              request.process(),
              BundleExecution.attainable(features, entersUsers),
              CredentialSteps.Groups.WHERE_ALLOWED,
              request.start().preserved());
    }

    void plan(Steps steps) {
      steps.because("exec: entering");
      join.open(steps);
      var listener = SeccompListener.of(request.process());
      listener.ifPresent(_ -> channels = new BundleChannels(steps));
      var reports = channels == null ? new Pipe(steps, "report") : channels.reports();
      prepareTerminal(steps);
      steps.because("exec: entering");
      var guide = new GuideSteps(steps, reports);
      var space = new Datum.Space("guide's pidfd", 4);
      boolean born = request.unified() && !request.groups().isEmpty();
      var arguments = CloneArguments.of(born ? Flags.CLONE_INTO_CGROUP : 0, space);
      openGroups(steps, arguments);
      AffinitySteps.startOn(
          steps,
          request.affinity(),
          () -> guide.start(steps, arguments, space, inner -> guide(inner, guide, reports)));
      join.close(steps);
      closeGroups(steps);
      if (terminal != null) {
        steps.close(terminal.far());
      }
      if (channels != null) {
        channels.started(steps);
      }
      var pid = guide.await(steps);
      var pidfd = GuideSteps.handle(steps, "process", pid);
      execution.credentials().oomScore(steps, pid);
      if (entersUsers) {
        execution.credentials().rlimits(steps, pid);
      }
      listener.ifPresent(
          asked -> {
            var ways = Objects.requireNonNull(channels);
            new SeccompListener(asked, request.told(), ways)
                .take(steps, pid, pidfd, request.first());
            ways.closeEnds(steps);
          });
      finish(steps, pid, reports);
    }

    private void prepareTerminal(Steps steps) {
      if (!request.process().terminal()) {
        return;
      }
      var console = request.start().consoleSocket();
      if (console.isPresent()) {
        terminal =
            BundleTerminal.of(
                BundleTerminal.connect(steps, "--console-socket", console.get(), "console socket"),
                request.process().size());
        return;
      }
      steps.because("process.terminal");
      var pair = new Handover(steps);
      handover = pair;
      relayed = steps.registers().descriptor("terminal");
      terminal = BundleTerminal.of(pair.far(), request.process().size());
    }

    private void openGroups(Steps steps, Datum arguments) {
      steps.because("cgroups: entering");
      for (var group : request.groups()) {
        if (request.unified() && birthplace == null) {
          var place =
              steps.open(
                  "opening the cgroup " + group,
                  Steps.cwd(),
                  group,
                  OpenFlags.directory(features.arch()) | OpenFlags.O_PATH,
                  "cgroup2");
          birthplace = place;
          steps.store("the cgroup to be born in", arguments, 80, 8, result(place));
        } else {
          String file = group + "/tasks";
          taskFiles.put(
              group,
              steps.open(
                  "opening " + file, Steps.cwd(), file, OpenFlags.O_WRONLY, "tasks of " + group));
        }
      }
    }

    private void closeGroups(Steps steps) {
      if (birthplace != null) {
        steps.close(birthplace);
      }
      taskFiles.values().forEach(steps::close);
    }

    private void guide(Steps steps, GuideSteps guide, Pipe reports) {
      steps.call("leaving the session", Sys.SETSID);
      steps.because("cgroups: entering");
      taskFiles.forEach(
          (group, file) ->
              steps.call(
                  "entering the cgroup " + group,
                  Sys.WRITE,
                  result(file),
                  Operand.text("0"),
                  number(1)));
      AffinitySteps.stayOn(steps, request.affinity());
      if (request.start().keyring()) {
        BundleCredentials.keyring(steps, request.id());
      }
      execution.credentials().schedule(steps);
      if (!entersUsers) {
        execution.credentials().rlimits(steps);
      }
      label(steps);
      steps.because("exec: entering");
      var kept = new ArrayList<>(guide.ways());
      kept.addAll(join.files());
      if (terminal != null) {
        kept.add(terminal.far());
      }
      if (channels != null) {
        kept.addAll(channels.talk());
      }
      ShedSteps.keep(steps, kept, 3 + request.start().preserved());
      GuideSteps.report(steps, reports);
      join.enter(steps);
      if (entersUsers) {
        becomeRoot(steps);
      }
      // the kernel may have undone it when what the guide may do changed (fs.suid_dumpable)
      CommandSteps.open(steps, "keeping others out", false);
      steps.because("exec: the process");
      guide.spawn(
          steps, "process", CloneArguments.sibling("process", 0), inner -> process(inner, reports));
    }

    /** By the machine's own /proc, not by what is there inside; what it starts inherits it. */
    private void label(Steps steps) {
      boolean closed = features.uid() != 0; // its files there are root's while others are kept out
      if (closed) {
        CommandSteps.open(steps, "opening its own files in /proc", true);
      }
      var labels = new BundleLabels(request.process().label());
      labels.open(steps);
      labels.write(steps);
      if (closed) {
        CommandSteps.open(steps, "keeping others out", false);
      }
    }

    private static void becomeRoot(Steps steps) {
      var zero = number(0);
      steps.call("becoming group 0 inside", Sys.SETRESGID, zero, zero, zero);
      steps.call("becoming user 0 inside", Sys.SETRESUID, zero, zero, zero);
    }

    private void process(Steps steps, Pipe reports) {
      steps.because("exec: the process");
      CommandSteps.dieWithParent(steps);
      CommandSteps.open(steps, "keeping others out", false);
      steps.call("leading a session", Sys.SETSID);
      if (terminal != null) {
        openTerminal(steps, Objects.requireNonNull(terminal));
      }
      CommandSteps.outliveParent(steps);
      var kept = new ArrayList<>(List.of(reports.write()));
      if (channels != null) {
        kept.addAll(channels.talk());
      }
      execution.become(
          steps,
          terminal,
          kept,
          (inner, descriptor) ->
              SeccompListener.announce(inner, Objects.requireNonNull(channels), descriptor));
      execution.execute(steps);
    }

    /** The container's own, whatever it has made of the path, as long as it is one. */
    private static void openTerminal(Steps steps, BundleTerminal pty) {
      steps.because("process.terminal");
      var master = steps.registers().number("pty");
      steps.call(
          "opening a pseudo-terminal",
          master,
          OnError.FAIL,
          Sys.OPENAT2,
          Steps.cwd(),
          Operand.text("/dev/ptmx"),
          Operand.address(
              new Datum.Words(
                  "without the links of /proc",
                  List.of(
                      Operand.number(
                          OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC,
                          Notation.OPEN),
                      number(0),
                      Operand.number(Flags.RESOLVE_NO_MAGICLINKS, Notation.HEX)))),
          number(24));
      pty.open(steps, master);
    }

    private void finish(Steps steps, Register pid, Pipe reports) {
      steps.because("the start");
      steps.add(new Step.Await(note(steps, "waiting for the start"), result(reports.read())));
      steps.add(new Step.Handshake(note(steps, "waiting for the start"), result(reports.read())));
      steps.close(reports.read());
      var start = request.start();
      start.pidFile().ifPresent(path -> BundleStateSteps.writePid(steps, path, pid));
      var pidfd = steps.registers().descriptor("pidfd");
      start
          .pidfdSocket()
          .ifPresent(
              path -> {
                var socket = BundleTerminal.connect(steps, "--pidfd-socket", path, "pidfd socket");
                Handover.send(steps, "sending the process", socket, List.of(pidfd));
                steps.close(socket);
              });
      if (handover != null && relayed != null) {
        var received = relayed;
        Handover.receive(steps, "receiving the terminal", handover.near(), List.of(received));
        steps.undo("closing the terminal", undo -> undo.close(received));
        steps.close(handover.near());
      }
      steps.because("the start");
      steps.add(
          new Step.Report(note(steps, "reporting the start"), Step.Signal.STARTED, result(pid)));
      if (start.attachment() == Attachment.FOREGROUND) {
        ExecPlanner.awaitEnd(steps, relayed, false);
      } else {
        steps.close(pidfd);
        steps.add(new Step.End(note(steps, "leaving it to itself"), number(0)));
      }
    }
  }
}
