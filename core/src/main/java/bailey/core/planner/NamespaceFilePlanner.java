package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.KernelText;
import bailey.core.abi.Sys;
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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Plans the reading and writing of sysctls that belong to a namespace: they are those of whoever
 * opens the file (proc_sys(5)), so a child enters the namespace for it. Any thread.
 */
public final class NamespaceFilePlanner {
  private static final int MOST_BYTES = 4096;
  private static final String SYSCTLS = "/proc/sys/";

  private final KernelFeatures features;

  /** A planner for a machine. */
  public NamespaceFilePlanner(KernelFeatures features) {
    this.features = features;
  }

  /**
   * A namespace of a process.
   *
   * @param pid of the process
   * @param kind of the namespace
   * @param inode its number
   * @param owner number of the user namespace that has to be entered to enter it; empty where this
   *     user may enter it as he is
   */
  public record Place(long pid, NamespaceKind kind, long inode, OptionalLong owner) {
    private Map<NamespaceKind, Long> inodes() {
      var inodes = new EnumMap<NamespaceKind, Long>(NamespaceKind.class);
      owner.ifPresent(number -> inodes.put(NamespaceKind.USER, number));
      inodes.put(kind, inode);
      return inodes;
    }
  }

  /**
   * Reads sysctls; their texts go to the one descriptor that the plan is sent with, each ended by a
   * NUL. One that is not there has an empty text.
   *
   * @param files relative to /proc/sys
   */
  public Plan read(Place place, List<String> files) {
    var registers = new Registers();
    var out = registers.descriptor("out");
    var steps = new Steps(registers);
    steps.because("control files");
    in(
        steps,
        place,
        child -> {
          for (var file : files) {
            copy(child, SYSCTLS + file, out);
          }
        });
    steps.close(out);
    return plan("read", place, List.of(out), steps);
  }

  private static void copy(Steps steps, String path, Register out) {
    var text = new Datum.Space("text of " + path, MOST_BYTES);
    var file = steps.registers().number("file");
    var size = steps.registers().number("size");
    steps.call(
        "opening " + path,
        file,
        OnError.IGNORE,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text(path),
        number(OpenFlags.O_CLOEXEC),
        number(0));
    steps.call(
        "reading " + path,
        size,
        OnError.IGNORE,
        Sys.READ,
        result(file),
        Operand.address(text),
        number(MOST_BYTES));
    steps.call("closing " + path, OnError.IGNORE, Sys.CLOSE, result(file));
    steps.when(
        "where it could be read",
        number(0),
        Step.Test.LESS,
        result(size),
        inner ->
            inner.call(
                "telling its text", Sys.WRITE, result(out), Operand.address(text), result(size)));
    steps.call("ending its text", Sys.WRITE, result(out), Operand.text(""), number(1));
  }

  /** Writes a sysctl. */
  public Plan write(Place place, String file, String value) {
    var steps = new Steps(new Registers());
    steps.because("control files");
    String path = SYSCTLS + file;
    in(
        steps,
        place,
        child -> {
          var sysctl =
              child.open("opening " + path, Steps.cwd(), path, OpenFlags.O_WRONLY, "sysctl");
          child.call(
              "writing " + value + " to " + path,
              Sys.WRITE,
              result(sysctl),
              Operand.text(value),
              number(KernelText.encode(value).length));
        });
    return plan("write", place, List.of(), steps);
  }

  private Plan plan(String verb, Place place, List<Register> descriptors, Steps steps) {
    return PlanVerifier.verify(
        new Plan(
            verb + " sysctls of the " + place.kind().file() + " namespace of " + place.pid(),
            features.arch(),
            descriptors,
            steps.list()));
  }

  /** A child that enters the namespace; for that of process ids, a child of it. */
  private void in(Steps steps, Place place, Consumer<Steps> body) {
    var join = JoinSteps.ofProcess(features, place.pid(), place.inodes());
    join.open(steps);
    var reports = new Pipe(steps, "report");
    var pidfd = new Datum.Space("pidfd", 4);
    var child =
        steps.inside(
            inner -> {
              inner.add(
                  new Step.ReportTo(note(inner, "reporting failures"), result(reports.write())));
              inner.close(reports.read());
              join.enter(inner);
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
