package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of the planner that stays, and what it has of its callers. */
class ServeTest extends OwnPlanner {
  @Test
  void firstCallStartsItAndOthersAreItsToAnswer() {
    assertThat(bailey("serve", "--status").status()).isEqualTo(1);
    assertThat(planners()).isEmpty();
    assertThat(bailey("run", "--", "sh", "-c", "exit 7").status()).isEqualTo(7);
    awaitSocket();
    var planner = planner();
    long calls = number("calls");
    var result = bailey("run", "--", "echo", "hello");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo("hello\n");
    assertThat(planner()).isEqualTo(planner);
    assertThat(number("calls")).isEqualTo(calls + 3); // with those that ask here
    assertThat(planner.parent().map(ProcessHandle::pid))
        .isNotEqualTo(ProcessHandle.current().pid());
    assertThat(bailey("serve", "--stop").status()).isZero();
    planner.onExit().join();
    assertThat(state.resolve("serve/socket")).doesNotExist();
    assertThat(bailey("serve", "--status", "--json").out()).isEqualTo("null\n");
  }

  /** It answers its first caller before it listens. */
  @Test
  void oneThatIsJustStartingIsFound() {
    assertThat(bailey("ls").status()).isZero();
    assertThat(bailey("serve", "--status").out()).contains("listens in");
    assertThat(bailey("serve", "--stop").status()).isZero();
  }

  @Test
  void offIsOneProcessForEachCall() {
    environment.put("BAILEY_SERVE", "off");
    assertThat(bailey("run", "--", "sh", "-c", "exit 7").status()).isEqualTo(7);
    assertThat(planners()).isEmpty();
    assertThat(state.resolve("serve")).doesNotExist();
  }

  @Test
  void noTimeToStayIsNoStay() {
    environment.put("BAILEY_IDLE", "0");
    assertThat(bailey("version").status()).isZero();
    for (var planner : planners()) {
      planner.onExit().join();
    }
    assertThat(bailey("serve", "--status").status()).isEqualTo(1);
  }

  @Test
  void withNothingToDoItEnds() {
    var planner = started();
    environment.put("BAILEY_IDLE", "300ms");
    assertThat(bailey("version").status()).isZero();
    planner.onExit().join();
    assertThat(state.resolve("serve/socket")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"BAILEY_SERVE=maybe", "BAILEY_IDLE=soon", "BAILEY_IDLE=0s"})
  void whatMeansNothingIsRefused(String variable) {
    var parts = variable.split("=", -1);
    for (var serve : List.of("on", "off")) {
      environment.put("BAILEY_SERVE", serve);
      var result = bailey(Map.of(parts[0], parts[1]), "ls");
      assertThat(result.status()).isEqualTo(125);
      assertThat(result.err()).startsWith("bailey: " + parts[0] + ": ").hasLineCount(1);
    }
  }

  @Test
  void killedPlannerDisturbsNoContainerAndIsReplaced() throws Exception {
    var planner = started();
    var words = List.of(PROGRAM, "run", "--", "sh", "-c", "echo on; read line; exit $line");
    var builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    var running = builder.start();
    assertThat(running.inputReader().readLine()).isEqualTo("on");
    planner.destroyForcibly();
    planner.onExit().join();
    assertThat(bailey("ls").out()).contains("running");
    awaitSocket();
    assertThat(planner()).isNotEqualTo(planner);
    try (var to = running.outputWriter()) {
      to.write("9\n");
    }
    assertThat(Bailey.await(running, words)).isEqualTo(9);
    assertThat(bailey("ps", "--all", "--quiet").out()).isEmpty();
  }

  @Test
  void ofFirstCallsAtTheSameTimeOnePlannerStays() throws Exception {
    var calls = new ArrayList<Process>();
    for (int i = 0; i < 6; i++) {
      var builder = new ProcessBuilder(PROGRAM, "run", "--", "echo", "hello");
      builder.environment().putAll(environment);
      calls.add(builder.start());
    }
    for (var call : calls) {
      assertThat(call.inputReader().readLine()).isEqualTo("hello");
      assertThat(Bailey.await(call, "run")).isZero();
    }
    awaitSocket();
    var stays = planner();
    for (var others = others(stays); !others.isEmpty(); others = others(stays)) {
      others.forEach(planner -> planner.onExit().join());
    }
    assertThat(planners()).containsExactly(stays);
  }

  private List<ProcessHandle> others(ProcessHandle stays) {
    return planners().stream().filter(planner -> !planner.equals(stays)).toList();
  }

  /** A JVM for each would take all of the machine. */
  @Test
  void manyCallsAtTheSameTimeHaveOnePlanner() {
    var last = started();
    assertThat(bailey("serve", "--stop").status()).isZero();
    last.onExit().join();
    var result = shell("for i in $(seq 100); do $BAILEY run -- echo hello & done; wait");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo("hello\n".repeat(100));
    awaitSocket();
    assertThat(planners()).containsExactly(planner());
    assertThat(state.resolve("serve/starting")).doesNotExist();
  }

  @Test
  void anotherBuildGetsAPlannerOfItsOwn() throws Exception {
    var copy = folder.resolve("copy");
    var dist = Bailey.LAUNCHER.resolveSibling("cli/target/dist").toString();
    assertThat(program(Map.of(), List.of("cp", "-a", dist, copy.toString())).status()).isZero();
    var planner = started();
    var program = copy.resolve("bin/bailey").toString();
    assertThat(program(Map.of(), List.of(program, "version")).err()).isEmpty();
    planner.onExit().join();
    var status = List.of(program, "serve", "--status", "--json");
    var told = program(Map.of(), status);
    while (told.status() != 0) { // it answers its first call before it lets others in
      told = program(Map.of(), status);
    }
    long other = told.json() instanceof Map<?, ?> map ? pid(map) : -1;
    assertThat(other).isNotIn(-1L, planner.pid());
    assertThat(program(Map.of(), List.of(program, "serve", "--stop")).status()).isZero();
    ProcessHandle.of(other).ifPresent(p -> p.onExit().join());
  }

  private static long pid(Map<?, ?> status) {
    return status.get("pid") instanceof Number number ? number.longValue() : -1;
  }

  // ---- what it has of its caller ----

  @Test
  void everyCallHasItsOwnDirectoryAndEnvironment() throws Exception {
    started();
    var one = Files.createDirectory(folder.resolve("one"));
    var two = Files.createDirectory(folder.resolve("two"));
    Files.writeString(one.resolve("file"), "1\n");
    Files.writeString(two.resolve("file"), "2\n");
    var result =
        shell(
            """
            for i in 1 2 3 4 5; do
              for d in one two; do
                (cd %s/$d && WHO=$d $BAILEY run -v .:/mnt -- sh -c 'echo $WHO $(cat /mnt/file)') &
              done
            done
            wait
            """
                .formatted(folder));
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines().sorted().distinct()).containsExactly("one 1", "two 2");
    assertThat(result.out().lines()).hasSize(10);
  }

  @Test
  void streamsAreTheCallers() {
    started();
    assertThat(shell("echo text | $BAILEY run -- cat").out()).isEqualTo("text\n");
    assertThat(shell("$BAILEY help > /dev/full").err()).contains("ENOSPC");
    var closed = shell("$BAILEY help >&-; echo $?");
    assertThat(closed.out()).isEqualTo("125\n");
    assertThat(closed.err()).contains("cannot write the output").contains("EBADF");
    assertThat(shell("trap '' PIPE; $BAILEY help | true; echo ${PIPESTATUS[0]}").out())
        .isIn("141\n", "0\n");
  }

  @Test
  void whatIsHandedOverMustBeASocket() {
    var result = shell("LISTEN_FDS=1 exec bash -c 'LISTEN_PID=$$ exec $BAILEY serve 3</dev/null'");
    assertThat(result.status()).isEqualTo(125);
    assertThat(result.err()).startsWith("bailey: cannot serve: ").contains("descriptor 3");
  }

  @Test
  void inTheForegroundAndAtASocketThatIsHandedOver() throws Exception {
    serveFolder("rwx------");
    var builder =
        new ProcessBuilder(
            "python3",
            "-c",
            """
            import socket,os
            s=socket.socket(socket.AF_UNIX)
            s.bind(os.environ["BAILEY_STATE"]+"/serve/socket")
            s.listen(5)
            os.dup2(s.fileno(),3)
            os.set_inheritable(3,True)
            os.environ["LISTEN_FDS"]="1"
            os.environ["LISTEN_PID"]=str(os.getpid())
            os.execv("%s",["bailey","serve"])
            """
                .formatted(PROGRAM));
    builder.environment().putAll(environment);
    var server = builder.redirectErrorStream(true).start();
    awaitSocket();
    assertThat(planner().pid()).isEqualTo(server.pid());
    assertThat(bailey("run", "--", "echo", "hello").out()).isEqualTo("hello\n");
    assertThat(bailey("serve", "--stop").status()).isZero();
    assertThat(Bailey.await(server, "serve")).isZero();
    assertThat(state.resolve("serve/socket")).exists(); // whose it is, removes it
    Files.delete(state.resolve("serve/socket"));
  }
}
