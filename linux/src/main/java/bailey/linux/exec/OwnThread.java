package bailey.linux.exec;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.KernelText;
import bailey.core.abi.Sys;
import bailey.core.kernel.PlanExecutor;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanRecord;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.linux.sys.CallMemory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Does the steps of a plan as executor.c does them, in the calling thread: where nothing but files
 * and control groups are made, set and removed, it takes no other process, and to wake one and to
 * be woken by it takes longer than all the steps. What the plan is, what is undone, and what a
 * crash leaves is the same: it is found by its record.
 *
 * <p>Not what changes or makes a process ({@link #canDo}): a JVM has many threads, which all would
 * have to stay as they are.
 */
final class OwnThread {
  /** What changes nothing of the process that does it but its descriptors. */
  private static final Set<Sys> FILES =
      EnumSet.of(
          Sys.CLOSE,
          Sys.FACCESSAT2,
          Sys.FCNTL,
          Sys.MKDIRAT,
          Sys.OPENAT,
          Sys.READ,
          Sys.RENAMEAT2,
          Sys.UMOUNT2,
          Sys.UNLINKAT,
          Sys.WRITE);

  private static final int FAILED = 125;
  private static final int MOST_ERRNO = 4095;

  /** As in executor.c: a group may be busy for a while with the end of its last task. */
  private static final int MOST_TRIES = 500;

  private static final long PAUSE_NANOS = 1_000_000;
  private static final int FILE_SIZE = 4096; // there too
  private static final PlanRecord NOTHING = new PlanRecord(Map.of(), Map.of());

  private final Plan plan;
  private final CallMemory memory;
  private final long[] registers = new long[Register.COUNT];
  private final List<List<Step>> undo = new ArrayList<>();
  private final IdentityHashMap<Datum, Long> places = new IdentityHashMap<>();
  private final Set<Register> open = new HashSet<>();
  private String collected = "";
  private boolean unwinding;
  private PlanExecutor.@Nullable Failure failure;

  private OwnThread(Plan plan, CallMemory memory) {
    this.plan = plan;
    this.memory = memory;
  }

  /** Whether a plan is one for this class. */
  static boolean canDo(Plan plan) {
    return canDo(plan.steps(), true);
  }

  private static boolean canDo(List<Step> steps, boolean outermost) {
    for (var step : steps) {
      boolean can =
          switch (step) {
            case Step.Call call -> FILES.contains(call.call());
            case Step.Attempt attempt ->
                FILES.contains(attempt.call().call()) && canDo(attempt.rest(), false);
            case Step.When when -> canDo(when.body(), false);
            case Step.Undo undo -> outermost && canDo(undo.steps(), false);
            case Step.Assign _, Step.Fail _, Step.Collect _, Step.Find _ -> true;
            default -> false;
          };
      if (!can) {
        return false;
      }
    }
    return true;
  }

  /** Does it; what it returns has ended. */
  static PlanExecutor.Execution execute(Plan plan) {
    try (var memory = new CallMemory()) {
      var execution = new OwnThread(plan, memory);
      try {
        execution.run();
      } finally {
        execution.closeOpened();
      }
      return execution.ended();
    }
  }

  private void run() {
    if (steps(plan.steps())) {
      return;
    }
    unwinding = true;
    for (var steps : undo.reversed()) {
      var _ = steps(steps);
    }
  }

  /** Where the plan failed between an open and what would have closed it. */
  private void closeOpened() {
    for (var register : open) {
      var _ = memory.call(Sys.CLOSE, registers[register.number()], 0, 0, 0, 0, 0);
    }
  }

  private PlanExecutor.Execution ended() {
    var start = CompletableFuture.completedFuture(new PlanExecutor.Start(0, failure));
    var end =
        CompletableFuture.completedFuture(
            new PlanExecutor.End(failure == null ? 0 : FAILED, NOTHING, failure));
    return new PlanExecutor.Execution() {
      @Override
      public CompletableFuture<PlanExecutor.Start> start() {
        return start;
      }

      @Override
      public CompletableFuture<PlanExecutor.End> end() {
        return end;
      }
    };
  }

  /** Whether none of them failed. */
  private boolean steps(List<Step> steps) {
    for (var step : steps) {
      if (!done(step)) {
        return false;
      }
    }
    return true;
  }

  private boolean done(Step step) {
    return switch (step) {
      case Step.Call call -> accepted(call, call(call));
      case Step.Attempt attempt -> attempted(attempt);
      case Step.When when -> !holds(when) || steps(when.body());
      case Step.Undo added -> undo.add(added.steps());
      case Step.Fail fail -> unwinding || refused(fail, operand(fail.error()));
      case Step.Assign assign -> keep(assign.into(), operand(assign.value()));
      case Step.Collect collect -> {
        collected = content(operand(collect.directory()), place(collect.path()));
        yield true;
      }
      case Step.Find find -> keep(find.into(), number(find.word()));
      default -> throw new IllegalArgumentException("not for a thread: " + step);
    };
  }

  private boolean refused(Step step, long error) {
    failure = RunningPlan.failure(plan, step, (int) -error);
    return false;
  }

  private boolean keep(@Nullable Register register, long value) {
    if (register != null) {
      registers[register.number()] = value;
    }
    return true;
  }

  private static boolean isError(long result) {
    return result < 0 && result >= -MOST_ERRNO;
  }

  private boolean accepted(Step.Call call, long result) {
    if (!isError(result) || unwinding) {
      return true;
    }
    return switch (call.onError()) {
      case OnError.Ignore() -> true;
      case OnError.Allow(var errors) -> isOne(result, errors) || refused(call, result);
      case OnError.Fail() -> refused(call, result);
    };
  }

  private boolean attempted(Step.Attempt attempt) {
    long result = call(attempt.call());
    if (isError(result) && isOne(result, attempt.errors())) {
      return true;
    }
    return accepted(attempt.call(), result) && steps(attempt.rest());
  }

  private static boolean isOne(long result, List<Errno> errors) {
    for (var error : errors) {
      if (error.number() == -result) {
        return true;
      }
    }
    return false;
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

  // ---- calls ----

  private long call(Step.Call call) {
    var arguments = new long[6];
    for (int i = 0; i < call.arguments().size(); i++) {
      arguments[i] = operand(call.arguments().get(i));
    }
    long result = made(call, arguments);
    keep(call.into(), result);
    if (call.into() != null && call.into().descriptor() && result >= 0) {
      open.add(call.into());
    }
    if (call.call() == Sys.CLOSE
        && call.arguments().getFirst() instanceof Operand.Result(var register)) {
      open.remove(register);
    }
    return result;
  }

  private long made(Step.Call call, long[] a) {
    for (int tries = 0; ; tries++) {
      long result = memory.call(call.call(), a[0], a[1], a[2], a[3], a[4], a[5]);
      if (result == -Errno.EINTR.number() && call.call() != Sys.CLOSE) { // that has closed it
        continue;
      }
      if (result != -Errno.EBUSY.number() || !call.retryBusy() || tries == MOST_TRIES) {
        return result;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  // ---- operands ----

  private long operand(Operand operand) {
    return switch (operand) {
      case Operand.Constant(long value, var _) -> value;
      case Operand.Address(var datum, int offset) -> place(datum) + offset;
      case Operand.Result(var register) -> registers[register.number()];
    };
  }

  private long place(Datum datum) {
    if (datum instanceof Datum.Text(String text)) {
      return memory.text(text); // nobody changes it: it need not be in one place
    }
    var place = places.get(datum);
    if (place == null) {
      place = placed(datum);
      places.put(datum, place);
    }
    return place;
  }

  private long placed(Datum datum) {
    return switch (datum) {
      case Datum.Text(String text) -> memory.text(text);
      case Datum.Bytes bytes -> memory.bytes(bytes.value());
      case Datum.Words words ->
          memory.words(words.words().stream().mapToLong(this::operand).toArray());
      case Datum.Space space -> memory.space(space.size());
    };
  }

  // ---- the record ----

  /** The beginning of a small file; nothing where it cannot be read. */
  private String content(long directory, long path) {
    long file = memory.call(Sys.OPENAT, directory, path, OpenFlags.O_CLOEXEC, 0, 0, 0);
    if (isError(file)) {
      return "";
    }
    try {
      long room = memory.space(FILE_SIZE);
      int size = 0;
      for (long read = 1; read > 0 && size < FILE_SIZE; size += (int) Math.max(0, read)) {
        do {
          read = memory.call(Sys.READ, file, room + size, FILE_SIZE - size, 0, 0, 0);
        } while (read == -Errno.EINTR.number());
      }
      return KernelText.decode(memory.read(room, size), 0, size);
    } finally {
      var _ = memory.call(Sys.CLOSE, file, 0, 0, 0, 0, 0);
    }
  }

  /** The number right after a word that a line begins with; 0 where none does. */
  private long number(String word) {
    for (var line : collected.split("\n", -1)) {
      if (line.startsWith(word)) {
        long value = 0;
        for (int i = word.length(); i < line.length() && isDigit(line.charAt(i)); i++) {
          value = value * 10 + (line.charAt(i) - '0');
        }
        return value;
      }
    }
    return 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
