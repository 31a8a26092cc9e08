package bailey.testkit.machine;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.KernelText;
import bailey.core.abi.WaitStatus;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.PlanExecutor.Failure;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.PlanRecord;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.spec.NamespaceKind;
import bailey.testkit.machine.FakeExecutor.Running;
import bailey.testkit.machine.OpenFile.OfGroup;
import bailey.testkit.machine.OpenFile.OfProcess;
import bailey.testkit.machine.OpenFile.Refused;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Does the steps of a plan as executor.c does, in one process. */
final class Interpreter {
  private static final int SIGKILL = 9;
  private static final int FAILED = 125;
  private static final int REPORT_SIZE = 8;
  private static final int MOST_TRIES = 500;

  private final FakeKernel kernel;
  private final FakeProcess self;
  private final Running execution;
  private final Memory memory;
  private final Map<Integer, Long> registers;
  private final SystemCalls calls;
  private final List<List<Step>> undo = new ArrayList<>();
  private final Map<String, Long> numbers = new LinkedHashMap<>();
  private final Map<String, String> files = new LinkedHashMap<>();
  private String lastText = "";
  private @Nullable OpenFile reportTo;
  private boolean unwinding;

  Interpreter(
      FakeKernel kernel,
      FakeProcess self,
      Running execution,
      Memory memory,
      Map<Integer, Long> registers) {
    this.kernel = kernel;
    this.self = self;
    this.execution = execution;
    this.memory = memory;
    this.registers = registers;
    this.calls = new SystemCalls(kernel, self, memory);
  }

  /** The process or plan has come to its end. */
  private static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;

    Ended(int status) {
      super(null, null, false, false);
      this.status = status;
    }
  }

  /** The plan is to undo what it did and end. */
  private static final class Unwinding extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;

    Unwinding(int status) {
      super(null, null, false, false);
      this.status = status;
    }
  }

  /** A step was refused. */
  private static final class Failing extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int place;
    private final int errno;

    Failing(int place, int errno) {
      super(null, null, false, false);
      this.place = place;
      this.errno = errno;
    }
  }

  // ---- processes ----

  /** The main line, in the executor. */
  void runMain() throws InterruptedException {
    int status = 0;
    try {
      steps(execution.plan().steps());
    } catch (Ended ended) {
      status = ended.status;
    } catch (Unwinding end) {
      status = end.status;
      unwind();
    } catch (Failing failing) {
      execution.failed(failure(failing));
      status = FAILED;
      unwind();
    }
    self.checkAlive();
    execution.done(status);
  }

  private Failure failure(Failing failing) {
    var step = execution.plan().flattened().get(failing.place);
    return new Failure(failing.place + 1, step, failing.errno);
  }

  private void unwind() throws InterruptedException {
    unwinding = true;
    for (var steps : undo.reversed()) {
      steps(steps);
    }
  }

  /** A child: it ends by executing a program or by itself. */
  private void runChild(List<Step> steps) {
    int status = 0;
    try {
      status = childStatus(steps);
    } catch (InterruptedException e) {
      status = self.fatal();
    }
    synchronized (kernel) {
      self.end(status);
    }
  }

  private int childStatus(List<Step> steps) throws InterruptedException {
    try {
      steps(steps);
      return 0;
    } catch (Ended ended) {
      return WaitStatus.exited(ended.status).bits();
    } catch (Unwinding end) {
      unwind();
      return WaitStatus.exited(end.status).bits();
    } catch (Failing failing) {
      report(failing);
      unwind();
      return FAILED << 8;
    } catch (SystemCalls.Executed executed) {
      return kernel.runNow(self, executed.program()) << 8;
    }
  }

  private void report(Failing failing) throws InterruptedException {
    var to = reportTo;
    if (to != null) {
      synchronized (kernel) {
        var bytes = ByteBuffer.allocate(REPORT_SIZE).putInt(failing.place).putInt(failing.errno);
        to.write(self, bytes.array());
      }
    }
  }

  // ---- steps ----

  private void steps(List<Step> steps) throws InterruptedException {
    for (var step : steps) {
      synchronized (kernel) {
        self.checkAlive();
        if (!(step instanceof Step.Attempt || step instanceof Step.When)) {
          step(step);
          continue;
        }
      }
      nested(step);
    }
  }

  private void nested(Step step) throws InterruptedException {
    if (step instanceof Step.When when) {
      if (holds(when)) {
        steps(when.body());
      }
    } else if (step instanceof Step.Attempt attempt) {
      long result;
      synchronized (kernel) {
        result = calls.call(attempt.call(), operands(attempt.call()));
      }
      if (result >= 0) {
        steps(attempt.rest());
      } else if (attempt.errors().stream().noneMatch(e -> e.number() == -result)) {
        throw new Failing(place(step), (int) -result);
      }
    }
  }

  private boolean holds(Step.When when) {
    long left = operand(when.left());
    long right = operand(when.right());
    return switch (when.test()) {
      case EQUAL -> left == right;
      case DIFFERENT -> left != right;
      case LESS -> left < right;
    };
  }

  @SuppressWarnings("ReferenceEquality") // equal steps are at different places
  private int place(Step step) {
    var all = execution.plan().flattened();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i) == step) {
        return i;
      }
    }
    throw new IllegalStateException(step + " is not in the plan");
  }

  private long operand(Operand operand) {
    return switch (operand) {
      case Operand.Constant(long value, var _) -> value;
      case Operand.Address(var datum, int offset) -> memory.address(datum, offset);
      case Operand.Result(var register) -> registers.getOrDefault(register.number(), 0L);
    };
  }

  private long[] operands(Step.Call call) {
    var values = new long[6];
    for (int i = 0; i < call.arguments().size(); i++) {
      values[i] = operand(call.arguments().get(i));
    }
    return values;
  }

  private void set(@Nullable Register register, long value) {
    if (register != null) {
      registers.put(register.number(), value);
    }
  }

  private void step(Step step) throws InterruptedException {
    switch (step) {
      case Step.Call call -> call(call);
      case Step.Attempt _, Step.When _ -> throw new IllegalStateException("nested");
      case Step.Spawn spawn ->
          set(spawn.pid(), spawn(spawn, spawn.arguments(), spawn.role(), spawn.child()).pid());
      case Step.Watch watch -> watch(watch);
      case Step.Undo added -> undo.add(added.steps());
      case Step.Unwind end -> throw new Unwinding((int) operand(end.status()));
      case Step.End end -> throw new Ended((int) operand(end.status()));
      case Step.Fail fail -> {
        if (!unwinding) {
          throw new Failing(place(step), (int) -operand(fail.error()));
        }
      }
      case Step.Assign assign -> set(assign.into(), operand(assign.value()));
      case Step.Load load ->
          set(load.into(), memory.number(memory.address(load.from(), load.offset()), load.width()));
      case Step.Store store ->
          memory.put(
              memory.address(store.to(), store.offset()), store.width(), operand(store.value()));
      case Step.Decimal decimal -> {
        byte[] digits = KernelText.encode(Long.toString(operand(decimal.value())) + "\0");
        memory.put(memory.address(decimal.to(), decimal.offset()), digits, digits.length);
        set(decimal.end(), decimal.offset() + digits.length - 1L);
      }
      case Step.Append append -> {
        byte[] text = KernelText.encode(append.text().value() + "\0");
        memory.put(memory.address(append.to(), (int) operand(append.offset())), text, text.length);
      }
      case Step.Await _ -> {} // what follows waits
      case Step.Handshake handshake -> handshake(file(handshake.descriptor()));
      case Step.ReportTo report -> reportTo = self.descriptor(operand(report.descriptor()));
      case Step.Report report -> execution.started(operand(report.value()));
      case Step.Collect collect -> collect(collect);
      case Step.CollectNumber collect -> numbers.put(collect.key(), operand(collect.value()));
      case Step.Find find -> set(find.into(), find(find.word()));
      case Step.WriteRecord write ->
          set(write.into(), calls.write(operand(write.descriptor()), record()));
      case Step.DropBounding _ -> {}
      case Step.SendRecord _ -> execution.recorded(new PlanRecord(numbers, files));
      case Step.Supervise supervise -> supervise(supervise);
      case Step.Init init -> set(init.status(), awaitEnd(process(operand(init.main()))));
      case Step.Reap reap -> {
        var child = ofProcess(reap.pidfd());
        set(reap.into(), awaitEnd(child));
        child.reap();
      }
      case Step.ExitCode code -> {
        int status = (int) operand(code.waitStatus());
        set(code.into(), new WaitStatus(status).shellStatus());
      }
      case Step.MoveListed move -> {
        var to = (OfGroup) file(move.to());
        for (var pid : ((OfGroup) file(move.from())).lines()) {
          to.enter(process(Long.parseLong(pid)));
        }
      }
      case Step.RemoveGroups remove -> kernel.files().removeGroups(remove.path().value());
      case Step.PlaceListed place -> placeListed(place);
      case Step.CopyTree copy ->
          throw new IllegalStateException("no files are copied in memory: " + copy.note().what());
      case Step.KillListed kill -> killListed((OfGroup) file(kill.descriptor()));
      case Step.KillNoted kill ->
          throw new IllegalStateException("no bundles in memory: " + kill.note().what());
    }
  }

  private void placeListed(Step.PlaceListed step) throws InterruptedException {
    long result = -kernel.refusal(step);
    if (result == 0) {
      result = placeAll(step);
    }
    set(step.into(), result);
    if (result < 0 && step.into() == null && !unwinding) {
      throw new Failing(place(step), (int) -result);
    }
  }

  private long placeAll(Step.PlaceListed step) {
    OfGroup from;
    try {
      from = (OfGroup) calls.open(Flags.AT_FDCWD, step.from().value(), 0);
    } catch (Refused refused) {
      return refused.errno() == Errno.ENOENT ? 0 : -refused.errno().number();
    }
    var moved = new ArrayList<FakeProcess>();
    try {
      for (var pid : from.lines()) {
        var to = (OfGroup) calls.open(Flags.AT_FDCWD, step.to().value(), 0);
        var process = process(Long.parseLong(pid));
        OfGroup.refusing(
            () -> {
              to.enter(process);
              return "";
            });
        moved.add(process);
      }
      return 0;
    } catch (Refused refused) {
      moved.forEach(from::enter);
      return -refused.errno().number();
    }
  }

  /** As the executor does: what is busy is tried again for a while. */
  private long patiently(Step.Call call) throws InterruptedException {
    for (int tries = 0; ; tries++) {
      long result = calls.call(call, operands(call));
      if (result != -Errno.EBUSY.number() || !call.retryBusy() || tries == MOST_TRIES) {
        return result;
      }
      self.pause(1);
    }
  }

  private void call(Step.Call call) throws InterruptedException {
    var refusal = kernel.refusal(call);
    long result = refusal != 0 ? -refusal : patiently(call);
    set(call.into(), result);
    if (result >= 0 || unwinding) {
      return;
    }
    boolean accepted =
        switch (call.onError()) {
          case OnError.Fail() -> false;
          case OnError.Ignore() -> true;
          case OnError.Allow(var errors) ->
              errors.stream().anyMatch(errno -> errno.number() == -result);
        };
    if (!accepted) {
      throw new Failing(place(call), (int) -result);
    }
  }

  private OpenFile file(Operand descriptor) {
    var file = self.descriptor(operand(descriptor));
    if (file == null) {
      throw new IllegalStateException(descriptor + " is not open");
    }
    return file;
  }

  private FakeProcess ofProcess(Operand pidfd) {
    return ((OfProcess) file(pidfd)).process();
  }

  private FakeProcess process(long pid) {
    var found = kernel.process(pid);
    if (found == null) {
      throw new IllegalStateException("there is no process " + pid);
    }
    return found;
  }

  // ---- children ----

  /** struct clone_args: flags first, where to put a pidfd second, the group's descriptor last. */
  private FakeProcess spawn(Step step, Datum words, String role, List<Step> steps) {
    long arguments = memory.address(words, 0);
    long flags = memory.number(arguments, 8);
    var child = fork(step);
    if ((flags & Flags.CLONE_PARENT) != 0) {
      child.adoptedBy(self.parent());
    }
    for (var kind : NamespaceKind.values()) {
      if ((flags & kind.flag()) != 0) {
        child.unshare(kind);
      }
    }
    if ((flags & Flags.CLONE_INTO_CGROUP) != 0
        && self.descriptor(memory.number(arguments + 80, 8)) instanceof OfGroup group) {
      group.enter(child);
    }
    if ((flags & Flags.CLONE_PIDFD) != 0) {
      memory.put(memory.number(arguments + 8, 8), 4, self.open(new OfProcess(child)));
    }
    var interpreter =
        new Interpreter(kernel, child, execution, memory.copy(), new HashMap<>(registers));
    interpreter.reportTo = reportTo;
    Thread.ofVirtual().name(role).start(() -> interpreter.runChild(steps));
    return child;
  }

  private void watch(Step.Watch watch) throws InterruptedException {
    var group = (OfGroup) file(watch.group());
    boolean had = false;
    while (true) {
      boolean has;
      try {
        has = group.populated();
      } catch (Refused _) {
        return; // it is gone
      }
      if (had && !has) {
        var _ = awaitEnd(spawn(watch, watch.arguments(), watch.role(), watch.child()));
      } else {
        self.pause();
      }
      had = has;
    }
  }

  private FakeProcess fork(Step step) {
    try {
      return self.fork();
    } catch (CgroupFiles.Refused refused) {
      throw new Failing(place(step), refused.errno().orElse(Errno.EAGAIN).number());
    }
  }

  private void handshake(OpenFile reports) throws InterruptedException {
    var event = new byte[REPORT_SIZE];
    if (reports.read(self, event, REPORT_SIZE) == REPORT_SIZE) {
      var bytes = ByteBuffer.wrap(event);
      throw new Failing(bytes.getInt(), bytes.getInt());
    }
  }

  private int awaitEnd(FakeProcess child) throws InterruptedException {
    while (!child.ended()) {
      self.pause();
    }
    return child.status();
  }

  private void supervise(Step.Supervise step) throws InterruptedException {
    var child = ofProcess(step.pidfd());
    set(step.timedOut(), 0);
    if (step.timeoutMillis() > 0) {
      long deadline = System.nanoTime() + step.timeoutMillis() * 1_000_000;
      while (!child.ended() && System.nanoTime() < deadline) {
        self.pause(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
      }
      if (!child.ended()) {
        set(step.timedOut(), 1);
        child.signal(SIGKILL);
      }
    }
    awaitEnd(child);
  }

  private void killListed(OfGroup list) throws InterruptedException {
    for (var pids = list.lines(); pids.length > 0; pids = list.lines()) {
      for (var pid : pids) {
        var process = kernel.process(Long.parseLong(pid));
        if (process != null) {
          process.signal(SIGKILL);
        }
      }
      self.pause(1);
    }
  }

  // ---- the record ----

  private void collect(Step.Collect collect) throws InterruptedException {
    try {
      var file = calls.open(operand(collect.directory()), collect.path().value(), 0);
      var text = new byte[4096];
      int n = file.read(self, text, text.length);
      file.release();
      lastText = KernelText.decode(text, 0, n);
      if (n > 0) {
        files.put(collect.key(), lastText);
      }
    } catch (Refused refused) {
      lastText = "";
    }
  }

  private long find(String word) {
    return lastText
        .lines()
        .filter(line -> line.startsWith(word))
        .mapToLong(line -> Long.parseLong(line.substring(word.length())))
        .findFirst()
        .orElse(0);
  }

  /** Entries of kind, length of the key, length of the text, key, text or number. */
  private byte[] record() {
    var out = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    files.forEach(
        (key, text) -> {
          byte[] content = KernelText.encode(text);
          head(out, 0, key, content.length).put(content);
        });
    numbers.forEach((key, value) -> head(out, 1, key, 8).putLong(value));
    var bytes = new byte[out.position()];
    out.get(0, bytes);
    return bytes;
  }

  private static ByteBuffer head(ByteBuffer out, int kind, String key, int length) {
    byte[] name = key.getBytes(StandardCharsets.US_ASCII);
    return out.put((byte) kind).put((byte) name.length).putShort((short) length).put(name);
  }
}
