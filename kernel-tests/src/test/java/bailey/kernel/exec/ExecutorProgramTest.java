package bailey.kernel.exec;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.PlanExecutor;
import bailey.core.plan.Datum;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import bailey.core.plan.PlanRecord;
import bailey.core.plan.Register;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.linux.exec.ExecutorConnection;
import bailey.linux.sys.PidFd;
import bailey.linux.sys.Readiness;
import bailey.linux.sys.SystemCallRefused;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program given bytes that are no plan, or not quite: {@code executor --run}. */
class ExecutorProgramTest {
  private static final int REFUSED = 125;
  private static final int CLD_EXITED = 1;
  private static final int SIGKILL = 9;
  private static final String CONFINES = "user namespace";
  private static final int VERSION_AT = 4;
  private static final int MACHINE_AT = 6;
  private static final int HEADER = 64;
  private static final long SEED = 20260101;

  @TempDir static Path folder;
  private static Path program;

  @BeforeAll
  static void extract() throws IOException {
    program = folder.resolve("executor");
    String name = "/bailey/linux/native/linux-" + SmallPlan.ARCH.machine() + "/executor";
    try (var in = ExecutorConnection.class.getResourceAsStream(name)) {
      assertThat(in).isNotNull();
      Files.write(program, in.readAllBytes());
    }
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Ends with status 3, after a jump. */
  private static byte[] good() {
    var plan =
        SmallPlan.of(
            "good",
            s -> {
              s.when(
                  "jumping",
                  Operand.number(1),
                  Step.Test.EQUAL,
                  Operand.number(2),
                  inner -> inner.add(new Step.End(note(), Operand.number(9))));
              s.add(new Step.End(note(), Operand.number(3)));
            });
    return PlanCodec.encode(plan, 77).bytes();
  }

  /** The exit status of {@code executor --run} with this plan; what it told goes to a file. */
  private static int run(byte[] plan) throws Exception {
    Files.write(folder.resolve("plan"), plan);
    var process =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                "exec \"$0\" --run 3<\"$1/plan\" 4>\"$1/events\"",
                program.toString(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(process.getInputStream().readAllBytes()).isEmpty();
    return process.waitFor();
  }

  private static byte[] events() throws IOException {
    return Files.readAllBytes(folder.resolve("events"));
  }

  @Test
  void goodPlanIsDone() throws Exception {
    assertThat(run(good())).isEqualTo(3);
    var event = PlanCodec.Event.of(events(), new byte[0]);
    assertThat(event.tag()).isEqualTo(77);
    assertThat(event.signal()).isEqualTo(Step.Signal.DONE);
    assertThat(event.value()).isEqualTo(3);
  }

  @Test
  void otherVersionMachineOrMagicIsRefused() throws Exception {
    for (int at : new int[] {0, VERSION_AT, MACHINE_AT}) {
      var plan = good();
      plan[at]++;
      assertThat(run(plan)).as("byte %d", at).isEqualTo(REFUSED);
      assertThat(events()).isEmpty();
    }
  }

  @Test
  void truncatedPlanIsRefused() throws Exception {
    var plan = good();
    for (int length = 0; length < plan.length; length += length < HEADER ? 7 : 29) {
      assertThat(run(Arrays.copyOf(plan, length))).as("%d bytes", length).isEqualTo(REFUSED);
      assertThat(events()).isEmpty();
    }
  }

  @Test
  void stepsThatPointOutsideAreRefused() throws Exception {
    for (int[] wild :
        new int[][] {
          {HEADER + 2, 128}, // a register that is not there
          {HEADER, 99}, // an operation that is not there
          {HEADER + 10, 1}, // a jump to far behind the end
          {HEADER + 6, 1}, // an address before the data
        }) {
      var plan = good();
      plan[wild[0]] = (byte) wild[1];
      assertThat(run(plan)).as("byte %d = %d", wild[0], wild[1]).isEqualTo(REFUSED);
      assertThat(events()).isEmpty();
    }
  }

  @Test
  void wrongArgumentsAreRefused() throws Exception {
    for (var arguments : List.of(List.<String>of(), List.of("--serve"), List.of("--help"))) {
      var command = new ArrayList<String>();
      command.add(program.toString());
      command.addAll(arguments);
      assertThat(new ProcessBuilder(command).start().waitFor()).isEqualTo(REFUSED);
    }
  }

  /**
   * Damaged bytes: the executor may refuse them, or do something else, but it does not crash. What
   * such a plan does is anything, so it runs as nobody in namespaces of its own.
   */
  @Test
  void damagedPlanDoesNotCrash() throws Exception {
    var random = new Random(SEED);
    var good = PlanCodec.encode(SmallPlan.command(0, "/nonexistent"), 5).bytes();
    var steps = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(16);
    try (var kernel = ServiceLoader.load(Kernel.class).findFirst().orElseThrow()) {
      KernelAbility.require(
          kernel.abilities().stream().anyMatch(a -> a.name().equals(CONFINES) && a.present()),
          CONFINES);
      var executor = kernel.executor();
      var undamaged = end(executor, good);
      assertThat(undamaged.number("code")).hasValue(CLD_EXITED);
      assertThat(undamaged.number("status")).hasValue(REFUSED); // there is no such command
      for (int round = 0; round < 200; round++) {
        var plan = good.clone();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
          int at = random.nextInt(HEADER + steps * HEADER); // the head or a step
          plan[at] ^= (byte) (1 << random.nextInt(8));
        }
        var end = end(executor, plan);
        boolean byItself = end.number("code").equals(OptionalLong.of(CLD_EXITED));
        boolean byTest = end.number("status").equals(OptionalLong.of(SIGKILL));
        assertThat(byItself || byTest).as("round %d of seed %d: %s", round, SEED, end).isTrue();
      }
    }
  }

  /** How the program ended, given these bytes: by itself, by a signal, or killed by this. */
  private static PlanRecord end(PlanExecutor executor, byte[] bytes) throws Exception {
    Files.write(folder.resolve("plan"), bytes);
    var execution = executor.execute(confinement(), List.of());
    var start = execution.start().get();
    assertThat(start.failure()).isNull();
    try (var process = PidFd.open(start.pid())) {
      if (Readiness.await(500, process.number()) < 0) {
        process.send(SIGKILL); // it waits for something that will not come
      }
    } catch (SystemCallRefused e) {
      assertThat(e).hasMessageContaining("ESRCH"); // it was quicker
    }
    var end = execution.end().get();
    assertThat(end.failure()).isNull();
    return end.record();
  }

  /** A plan that runs the program with the plan from the folder, as nobody, alone. */
  private static Plan confinement() {
    long namespaces =
        Flags.CLONE_NEWUSER
            | Flags.CLONE_NEWPID
            | Flags.CLONE_NEWNS
            | Flags.CLONE_NEWNET
            | Flags.CLONE_NEWIPC
            | Flags.CLONE_NEWUTS;
    return SmallPlan.of(
        "confine",
        s -> {
          var exe = open(s, program.toString(), OpenFlags.O_PATH, "program");
          var plan = open(s, folder.resolve("plan").toString(), 0, "plan");
          var events = open(s, "/dev/null", OpenFlags.O_WRONLY, "events");
          SmallPlan.start(
              s,
              namespaces,
              child -> {
                SmallPlan.place(child, plan, 3);
                SmallPlan.place(child, events, 4);
                var argv = List.of(Operand.text("executor"), Operand.text("--run"), number(0));
                child.call(
                    "executing",
                    Sys.EXECVEAT,
                    Operand.result(exe),
                    Operand.text(""),
                    Operand.address(new Datum.Words("argv", argv)),
                    Operand.result(Registers.environment()),
                    Operand.number(Flags.AT_EMPTY_PATH, Notation.AT));
                child.add(new Step.End(note(), number(126)));
              },
              List.of(exe, plan, events));
        });
  }

  private static Register open(Steps steps, String path, long flags, String name) {
    return steps.open("opening " + name, Steps.cwd(), path, flags, name);
  }

  private static Operand number(long value) {
    return Operand.number(value);
  }

  private static Step.Note note() {
    return new Step.Note("ending", "a test");
  }
}
