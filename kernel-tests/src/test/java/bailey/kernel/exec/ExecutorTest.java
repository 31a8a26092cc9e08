package bailey.kernel.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.PlanExecutor;
import bailey.core.kernel.PlanExecutor.Execution;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.linux.exec.DescriptorStreams;
import bailey.linux.exec.ExecutorConnection;
import bailey.linux.sys.OwnedFd;
import bailey.linux.sys.PidFd;
import bailey.linux.sys.PipeEnds;
import bailey.linux.sys.Readiness;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutorTest {
  private static final int CLD_EXITED = 1;
  private static final int CLD_KILLED = 2;
  private static final long F_GET_SEALS = 1034;

  private final ExecutorConnection executor = new ExecutorConnection();

  @AfterEach
  void close() {
    executor.close();
  }

  private PlanExecutor.End run(String... argv) throws Exception {
    return executor.execute(SmallPlan.command(0, argv), List.of()).end().get();
  }

  @Test
  void commandEndsAsItSays() throws Exception {
    var end = run("/bin/sh", "-c", "exit 7");
    assertThat(end.status()).isEqualTo(7);
    assertThat(end.failure()).isNull();
    assertThat(end.record().number("code")).hasValue(CLD_EXITED);
    assertThat(end.record().number("status")).hasValue(7);

    var killed = run("/bin/sh", "-c", "kill -9 $$");
    assertThat(killed.record().number("code")).hasValue(CLD_KILLED);
    assertThat(killed.record().number("status")).hasValue(9);
  }

  @Test
  void startTellsThePidWhileTheCommandRuns() throws Exception {
    try (var input = PipeEnds.open()) {
      var execution =
          executor.execute(SmallPlan.command(1, "/bin/cat"), List.of(input.read().number()));
      var start = execution.start().get();
      assertThat(start.failure()).isNull();
      assertThat(Files.readString(Path.of("/proc/" + start.pid() + "/comm"))).isEqualTo("cat\n");
      assertThat(execution.end()).isNotDone();
      input.write().close();
      assertThat(execution.end().get().status()).isZero();
    }
  }

  @Test
  void planWithoutCommandStartsWhenItIsDone() throws Exception {
    var plan = SmallPlan.of("end", s -> s.add(new Step.End(note(), Operand.number(3))));
    var execution = executor.execute(plan, List.of());
    assertThat(execution.start().get()).isEqualTo(new PlanExecutor.Start(0, null));
    assertThat(execution.end().get().status()).isEqualTo(3);
  }

  @Test
  void failureInTheChildHasItsStepAndErrno() throws Exception {
    var plan = SmallPlan.command(0, "/nonexistent");
    var execution = executor.execute(plan, List.of());
    var failure = Objects.requireNonNull(execution.start().get().failure());
    assertThat(failure.errno()).isEqualTo(Errno.ENOENT.number());
    assertThat(failure.step().note().what()).isEqualTo("executing /nonexistent");
    assertThat(plan.flattened().get(failure.number() - 1)).isSameAs(failure.step());
    assertThat(execution.end().get().failure()).isEqualTo(failure);
    assertThat(execution.end().get().status()).isEqualTo(125);
  }

  @Test
  void failureUndoesInReverseWhatWasRegistered(@TempDir Path folder) throws Exception {
    var log = Files.createFile(folder.resolve("log"));
    var plan =
        SmallPlan.of(
            "fail",
            s -> {
              append(s, log, "a");
              s.undo("undoing a", u -> append(u, log, "A"));
              append(s, log, "b");
              s.undo("undoing b", u -> append(u, log, "B"));
              s.mkdir("making a folder", "/proc/nothing-can-be-made-here", 0755, OnError.FAIL);
              append(s, log, "c");
              s.undo("undoing c", u -> append(u, log, "C"));
            });
    var end = executor.execute(plan, List.of()).end().get();
    assertThat(Files.readString(log)).isEqualTo("abBA");
    assertThat(end.status()).isEqualTo(125);
    var failure = Objects.requireNonNull(end.failure());
    assertThat(failure.errno()).isEqualTo(Errno.ENOENT.number());
    assertThat(failure.step().note().what()).isEqualTo("making a folder");
  }

  @Test
  void failureOfAnAttemptIsThatOfItsStep() throws Exception {
    var plan =
        SmallPlan.of(
            "attempt",
            s ->
                s.attempt(
                    "trying",
                    List.of(Errno.EACCES),
                    rest -> rest.add(new Step.End(note(), Operand.number(0))),
                    Sys.CHDIR,
                    Operand.text("/nonexistent")));
    var failure = Objects.requireNonNull(executor.execute(plan, List.of()).end().get().failure());
    assertThat(failure.number()).isEqualTo(1);
    assertThat(failure.step()).isSameAs(plan.steps().getFirst());
  }

  private static void append(Steps steps, Path file, String text) {
    var fd =
        steps.open(
            "opening the log",
            Steps.cwd(),
            file.toString(),
            OpenFlags.O_WRONLY | OpenFlags.O_APPEND,
            "log");
    steps.call(
        "writing",
        Sys.WRITE,
        Operand.result(fd),
        Operand.text(text),
        Operand.number(text.length()));
    steps.close(fd);
  }

  @Test
  void thousandCommandsLiveAtOnce() throws Exception {
    try (var input = PipeEnds.open()) {
      var executions = new ArrayList<PlanExecutor.Execution>();
      for (int i = 0; i < 1000; i++) {
        var plan = SmallPlan.command(1, "/bin/sh", "-c", "read x; exit " + i % 100);
        executions.add(executor.execute(plan, List.of(input.read().number())));
      }
      for (var execution : executions) {
        assertThat(execution.start().get().failure()).isNull();
      }
      for (var execution : executions) {
        assertThat(execution.end()).isNotDone();
      }
      input.write().close();
      for (int i = 0; i < 1000; i++) {
        assertThat(executions.get(i).end().get().status()).isEqualTo(i % 100);
      }
    }
  }

  @Test
  void manyThreadsExecute() throws Exception {
    var threads = new ArrayList<Thread>();
    var statuses = new int[8][50];
    for (int t = 0; t < statuses.length; t++) {
      int number = t;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 50; i++) {
                      var value = Operand.number(number * 50L + i);
                      var plan = SmallPlan.of("end", s -> s.add(new Step.End(note(), value)));
                      statuses[number][i] = executor.execute(plan, List.of()).end().join().status();
                    }
                  }));
    }
    for (var thread : threads) {
      thread.join();
    }
    for (int t = 0; t < statuses.length; t++) {
      for (int i = 0; i < 50; i++) {
        assertThat(statuses[t][i]).isEqualTo(t * 50 + i);
      }
    }
  }

  @Test
  void deathOfTheExecutorIsTold() throws Exception {
    try (var input = PipeEnds.open()) {
      var execution =
          executor.execute(SmallPlan.command(1, "/bin/cat"), List.of(input.read().number()));
      long command = execution.start().get().pid();
      long first = executor.pid();
      try (var orphan = PidFd.open(command)) {
        try (var process = PidFd.open(first)) {
          process.send(9);
        }
        assertThatThrownBy(() -> execution.end().get())
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(PlanExecutor.ExecutorLost.class);
        assertThat(run("/bin/true").status()).isZero();
        assertThat(executor.pid()).isNotEqualTo(first).isNotZero();
        input
            .write()
            .close(); // this plan says nothing of the executor's death: its command goes on
        assertThat(Readiness.await(-1, orphan.number())).isZero();
      }
    }
  }

  @Test
  void closingEndsWhatRuns() throws Exception {
    try (var input = PipeEnds.open()) {
      var execution =
          executor.execute(SmallPlan.command(1, "/bin/cat"), List.of(input.read().number()));
      long command = execution.start().get().pid();
      long resident = executor.pid();
      executor.close();
      assertThat(new File("/proc/" + command)).doesNotExist();
      assertThat(new File("/proc/" + resident)).doesNotExist();
      assertThatThrownBy(() -> run("/bin/true")).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void descriptorsBecomeTheCommandsOwn() throws Exception {
    try (var in = PipeEnds.open();
        var out = PipeEnds.open();
        var err = PipeEnds.open()) {
      var plan = SmallPlan.command(3, "/bin/sh", "-c", "cat; echo problem >&2");
      var execution =
          executor.execute(
              plan, List.of(in.read().number(), out.write().number(), err.write().number()));
      in.read().close();
      out.write().close();
      err.write().close();
      assertThat(execution.start().get().failure()).isNull();
      try (var stdin = DescriptorStreams.output(take(in.write()))) {
        stdin.write("hello".getBytes(UTF_8));
      }
      try (var stdout = DescriptorStreams.input(take(out.read()));
          var stderr = DescriptorStreams.input(take(err.read()))) {
        assertThat(new String(stdout.readAllBytes(), UTF_8)).isEqualTo("hello");
        assertThat(new String(stderr.readAllBytes(), UTF_8)).isEqualTo("problem\n");
      }
      assertThat(execution.end().get().status()).isZero();
    }
  }

  private static OwnedFd take(OwnedFd fd) {
    return new OwnedFd(fd.release());
  }

  @Test
  void closedDescriptorIsRefusedAndNothingElseHarmed() throws Exception {
    run("/bin/true");
    long resident = executor.pid();
    var plan = SmallPlan.command(1, "/bin/cat");
    assertThatThrownBy(() -> executor.execute(plan, List.of(1_000_000)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> executor.execute(plan, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(run("/bin/true").status()).isZero();
    assertThat(executor.pid()).isEqualTo(resident);
  }

  @Test
  void childrenGetNothingButTheirThree() throws Exception {
    try (var input = PipeEnds.open();
        var other = PipeEnds.open()) {
      var waiting = SmallPlan.command(1, "/bin/cat");
      var one = executor.execute(waiting, List.of(input.read().number()));
      var two = executor.execute(waiting, List.of(other.read().number()));
      for (var execution : List.of(one, two)) {
        long pid = execution.start().get().pid();
        // the program's loader has libraries open for a moment, and may sleep then; then it waits
        await(() -> sleeps(pid) && descriptors(pid).size() <= 3);
        assertThat(descriptors(pid)).containsExactlyInAnyOrder("0", "1", "2");
      }
      input.write().close();
      other.write().close();
      one.end().get();
      two.end().get();
    }
  }

  @Test
  void nothingLeaks() throws Exception {
    round();
    var own = descriptors(ProcessHandle.current().pid());
    var executors = descriptors(executor.pid());
    for (int i = 0; i < 20; i++) {
      round();
    }
    assertThat(descriptors(ProcessHandle.current().pid())).hasSameSizeAs(own);
    assertThat(descriptors(executor.pid())).isEqualTo(executors);
  }

  @Test
  void whatAFailedPlanLeftOpenIsClosed() throws Exception {
    run("/bin/true");
    var before = descriptors(executor.pid());
    var plan =
        SmallPlan.unverified(
            "leak",
            s -> {
              s.open("opening", Steps.cwd(), "/", 0, "left open");
              var closed = s.open("opening", Steps.cwd(), "/", 0, "closed");
              s.close(closed);
              var again = s.open("opening", Steps.cwd(), "/", 0, "closed after the failure");
              s.undo("closing", undo -> undo.close(again));
              s.call("going", Sys.CHDIR, Operand.text("/nonexistent"));
            });
    for (int i = 0; i < 3; i++) {
      assertThat(executor.execute(plan, List.of()).end().get().status()).isEqualTo(125);
      assertThat(run("/bin/true").status()).isZero();
      assertThat(descriptors(executor.pid())).isEqualTo(before);
    }
  }

  @Test
  void descriptorsSentWithAPlanThatDoesNotUseThemAreClosed() throws Exception {
    run("/bin/true");
    var before = descriptors(executor.pid());
    var sent = new Registers().descriptor("sent");
    var plan = new Plan("nothing", SmallPlan.ARCH, List.of(sent), List.of());
    try (var pipe = PipeEnds.open()) {
      executor.execute(plan, List.of(pipe.write().number())).end().get();
      pipe.write().close();
      assertThat(Readiness.await(-1, pipe.read().number())).isZero(); // nobody has the other end
    }
    assertThat(descriptors(executor.pid())).isEqualTo(before);
  }

  /** A command that succeeds, one that is not there, and a plan whose child got a descriptor. */
  private void round() throws Exception {
    assertThat(run("/bin/true").status()).isZero();
    assertThat(run("/nonexistent").status()).isEqualTo(125);
    try (var in = PipeEnds.open()) {
      in.write().close();
      var plan = SmallPlan.command(1, "/bin/cat");
      var execution = executor.execute(plan, List.of(in.read().number()));
      assertThat(execution.end().get().status()).isZero();
    }
  }

  private static boolean sleeps(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") S ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For what the kernel does in its own time; whether it did is asserted afterwards. */
  private static void await(BooleanSupplier done) {
    long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!done.getAsBoolean() && System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  private static List<String> descriptors(long pid) {
    var names = new File("/proc/" + pid + "/fd").list();
    assertThat(names).isNotNull();
    return List.of(names);
  }

  @Test
  void manyPlansGetMoreExecutorsWhichEndWithTheirs() throws Exception {
    run("/bin/true");
    var plan = SmallPlan.command(1, "/bin/cat");
    try (var input = PipeEnds.open()) {
      var executions = new ArrayList<Execution>();
      for (int i = 0; i < 80; i++) {
        executions.add(executor.execute(plan, List.of(input.read().number())));
      }
      for (var execution : executions) {
        assertThat(execution.start().get().failure()).isNull();
      }
      assertThat(executors()).hasSizeBetween(2, 4);
      input.write().close();
      for (var execution : executions) {
        assertThat(execution.end().get().status()).isZero();
      }
    }
    await(() -> executors().size() == 1);
    assertThat(executors()).containsExactly(executor.pid());
    assertThat(run("/bin/true").status()).isZero();
  }

  /** The process ids of this JVM's executors. */
  private static List<Long> executors() {
    return ProcessHandle.current()
        .children()
        .filter(child -> Files.exists(Path.of("/proc/" + child.pid() + "/exe")))
        .map(ProcessHandle::pid)
        .toList();
  }

  @Test
  void idleExecutorIsSmall() throws Exception {
    for (int i = 0; i < 50; i++) {
      run("/bin/true");
    }
    assertThat(residentKilobytes(executor.pid())).isPositive().isLessThan(200);
  }

  private static long residentKilobytes(long pid) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("Rss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void itsProgramIsSealed() throws Exception {
    var plan =
        SmallPlan.of(
            "seals",
            s -> {
              var self = s.open("opening itself", Steps.cwd(), "/proc/self/exe", 0, "self");
              var seals = s.registers().number("seals");
              s.call(
                  "asking",
                  seals,
                  OnError.FAIL,
                  Sys.FCNTL,
                  Operand.result(self),
                  Operand.number(F_GET_SEALS, Notation.DECIMAL));
              s.close(self);
              s.add(new Step.End(note(), Operand.result(seals)));
            });
    var end = executor.execute(plan, List.of()).end().get();
    assertThat(end.failure()).isNull();
    assertThat(end.status() & 15).isEqualTo(15); // seal, shrink, grow, write
  }

  private static Step.Note note() {
    return new Step.Note("ending", "a test");
  }
}
