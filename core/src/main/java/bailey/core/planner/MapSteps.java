package bailey.core.planner;

import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.KernelText;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.IdentityMap.Line;
import java.util.ArrayList;
import java.util.List;

/** Writes the maps of a new user namespace, from outside (user_namespaces(7)). */
final class MapSteps {
  private final KernelFeatures features;
  private final IdentityMap map;

  MapSteps(KernelFeatures features, IdentityMap map) {
    this.features = features;
    this.map = map;
  }

  void write(Steps steps, Register process) {
    if (map.helpers()) {
      help(steps, process, features.newuidmap(), map.users());
      help(steps, process, features.newgidmap(), map.groups());
      return;
    }
    if (!map.setsGroups()) {
      writeFile(steps, process, "/setgroups", "deny");
    }
    writeFile(steps, process, "/uid_map", text(map.users()));
    writeFile(steps, process, "/gid_map", text(map.groups()));
  }

  private static String text(List<Line> lines) {
    return String.join("\n", lines.stream().map(Line::toString).toList());
  }

  static void writeFile(Steps steps, Register process, String name, String text) {
    var path = new Datum.Space("path of " + name, 48);
    var end = steps.registers().number("end of path");
    var note = new Step.Note("naming " + name, steps.because());
    steps.add(new Step.Append(note, path, Operand.number(0), new Datum.Text("/proc/")));
    steps.add(new Step.Decimal(note, path, 6, Operand.result(process), end));
    steps.add(new Step.Append(note, path, Operand.result(end), new Datum.Text(name)));
    var file = steps.registers().descriptor("map");
    steps.call(
        "opening " + name,
        file,
        OnError.FAIL,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.address(path),
        Operand.number(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC, Notation.OPEN),
        Operand.number(0));
    steps.call(
        "writing " + text.replace('\n', ',') + " to " + name,
        Sys.WRITE,
        Operand.result(file),
        Operand.text(text),
        Operand.number(KernelText.encode(text).length));
    steps.close(file);
  }

  /** newuidmap(1) is set-user-ID root and checks the ranges; its arguments are those of the map. */
  private static void help(Steps steps, Register process, String program, List<Line> lines) {
    var number = new Datum.Space("process id", 24);
    steps.add(
        new Step.Decimal(
            new Step.Note("naming the process", steps.because()),
            number,
            0,
            Operand.result(process),
            null));
    var words = new ArrayList<Operand>();
    words.add(Operand.text(program));
    words.add(Operand.address(number));
    for (var line : lines) {
      for (int value : new int[] {line.inside(), line.outside(), line.count()}) {
        words.add(Operand.text(Integer.toString(value)));
      }
    }
    words.add(Operand.number(0));
    var pidfd = new Datum.Space("helper's pidfd", 4);
    var child =
        steps.inside(
            inner ->
                inner.call(
                    "executing " + program,
                    Sys.EXECVE,
                    Operand.text(program),
                    Operand.address(new Datum.Words("its arguments", words)),
                    Operand.address(
                        new Datum.Words("no environment", List.of(Operand.number(0))))));
    steps.add(
        new Step.Spawn(
            new Step.Note("starting " + program, steps.because()),
            program,
            LaunchPlanner.CloneArguments.of(0, pidfd),
            null,
            child));
    var helper = steps.registers().descriptor("helper");
    var status = steps.registers().number("helper status");
    steps.load("its pidfd", pidfd, 0, 4, helper);
    steps.add(
        new Step.Reap(
            new Step.Note("waiting for " + program, steps.because()),
            Operand.result(helper),
            status));
    steps.close(helper);
    steps.when(
        "where it refused",
        Operand.result(status),
        Step.Test.DIFFERENT,
        Operand.number(0),
        inner ->
            inner.add(
                new Step.Fail(
                    new Step.Note("mapping ids with " + program, inner.because()),
                    Operand.number(-1))));
  }
}
