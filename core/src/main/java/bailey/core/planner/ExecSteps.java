package bailey.core.planner;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The execution of a command, looked for along its own PATH as execvp(3) does. */
final class ExecSteps {
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private ExecSteps() {}

  /** Replaces the process; the steps after this one tell why that failed. */
  static void execute(Steps steps, List<String> command, Map<String, String> environment) {
    var variables = new ArrayList<String>();
    environment.forEach((name, value) -> variables.add(name + "=" + value));
    execute(steps, command, variables);
  }

  /** The same with variables that are written {@code NAME=VALUE}. */
  static void execute(Steps steps, List<String> command, List<String> variables) {
    String program = command.getFirst();
    var arguments = Operand.address(new Datum.Words("arguments " + command, vector(command)));
    var environ =
        Operand.address(new Datum.Words("environment of " + variables.size(), vector(variables)));
    if (program.indexOf('/') >= 0) {
      steps.call("executing " + program, Sys.EXECVE, Operand.text(program), arguments, environ);
      return;
    }
    search(steps, program, path(variables), arguments, environ);
  }

  private static String path(List<String> variables) {
    for (var variable : variables) {
      if (variable.startsWith("PATH=")) {
        return variable.substring("PATH=".length());
      }
    }
    return DEFAULT_PATH;
  }

  /**
   * Looks whether there is a program to execute, while somebody listens who can be told that there
   * is none. What it finds may be another file later.
   */
  static void check(Steps steps, List<String> command, List<String> variables) {
    String program = command.getFirst();
    var files = new ArrayList<String>();
    if (program.indexOf('/') >= 0) {
      files.add(program);
    } else {
      for (var directory : path(variables).split(":", -1)) {
        files.add((directory.isEmpty() ? "." : directory) + "/" + program);
      }
    }
    var found = steps.registers().number("found");
    var reason = steps.registers().number("reason");
    steps.add(
        new Step.Assign(
            new Step.Note("not found so far", steps.because()),
            found,
            Operand.number(-Errno.ENOENT.number())));
    steps.add(
        new Step.Assign(
            new Step.Note("not found so far", steps.because()), reason, Operand.result(found)));
    for (var file : files) {
      steps.when(
          "where it was not found yet",
          Operand.result(found),
          Step.Test.LESS,
          Operand.number(0),
          inner -> look(inner, file, found, reason));
    }
    steps.when(
        "where there is none",
        Operand.result(found),
        Step.Test.LESS,
        Operand.number(0),
        inner ->
            inner.add(
                new Step.Fail(
                    new Step.Note("executing " + program, inner.because()),
                    Operand.result(reason))));
  }

  /** A filter that is in force already may know of no such call. */
  private static void look(Steps steps, String file, Register found, Register reason) {
    steps.call(
        "looking for " + file,
        found,
        OnError.IGNORE,
        Sys.FACCESSAT2,
        Steps.cwd(),
        Operand.text(file),
        Operand.number(1), // X_OK
        Operand.number(Flags.AT_EACCESS, Notation.HEX));
    for (var refusal : List.of(Errno.ENOSYS, Errno.EPERM)) {
      steps.when(
          "where that cannot be asked",
          Operand.result(found),
          Step.Test.EQUAL,
          Operand.number(-refusal.number()),
          inner ->
              inner.add(
                  new Step.Assign(
                      new Step.Note("trying to execute it", inner.because()),
                      found,
                      Operand.number(0))));
    }
    steps.when(
        "where it may not be executed",
        Operand.result(found),
        Step.Test.EQUAL,
        Operand.number(-Errno.EACCES.number()),
        inner ->
            inner.add(
                new Step.Assign(
                    new Step.Note("remembering it", inner.because()),
                    reason,
                    Operand.result(found))));
  }

  private static List<Operand> vector(List<String> texts) {
    var words = new ArrayList<Operand>(texts.size() + 1);
    texts.forEach(text -> words.add(Operand.text(text)));
    words.add(Operand.number(0));
    return words;
  }

  /** A file that may not be executed is passed over, but remembered as the reason. */
  private static void search(
      Steps steps, String program, String path, Operand arguments, Operand environ) {
    var refusal = steps.registers().number("refusal");
    var reason = steps.registers().number("reason");
    var missing = Operand.number(-Errno.ENOENT.number());
    steps.add(new Step.Assign(new Step.Note("not found so far", steps.because()), reason, missing));
    for (var directory : path.split(":", -1)) {
      String file = (directory.isEmpty() ? "." : directory) + "/" + program;
      steps.call(
          "executing " + file,
          refusal,
          OnError.allow(Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES),
          Sys.EXECVE,
          Operand.text(file),
          arguments,
          environ);
      steps.when(
          "where it is there but may not be executed",
          Operand.result(refusal),
          Step.Test.EQUAL,
          Operand.number(-Errno.EACCES.number()),
          inner ->
              inner.add(
                  new Step.Assign(
                      new Step.Note("remembering it", inner.because()),
                      reason,
                      Operand.result(refusal))));
    }
    steps.add(
        new Step.Fail(
            new Step.Note("executing " + program, steps.because()), Operand.result(reason)));
  }
}
