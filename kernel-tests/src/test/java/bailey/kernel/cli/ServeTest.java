package bailey.kernel.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.testkit.KernelAbility;
import bailey.testkit.NothingRemains;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The planner that stays, each test with one of its own: with a state directory of its own. */
class ServeTest {
  private static final String PROGRAM =
      Bailey.LAUNCHER.resolveSibling("cli/target/dist/bin/bailey").toString();
  private static final int MAGIC = 0x52594c42;

  @RegisterExtension
  final NothingRemains check = new NothingRemains(path -> path.contains("test-serve"));

  @TempDir Path folder;
  private Path state;
  private List<ProcessHandle> before = List.of();
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void setState() {
    before = Planners.all();
    state = folder.resolve("state");
    environment.put("BAILEY_STATE", state.toString());
    environment.put("BAILEY_SERVE", "on");
    environment.put("BAILEY_IDLE", "10m");
  }

  @AfterEach
  void end() {
    for (var planner : Planners.all()) {
      if (!before.contains(planner)) {
        planner.destroyForcibly();
        planner.onExit().join();
      }
    }
    bailey(Map.of("BAILEY_SERVE", "off"), "gc"); // removes the groups of this state directory
  }

  /** The JDK opens a socket with its first, and keeps it. */
  @BeforeAll
  static void openTheJdksOwnSockets() throws IOException {
    SocketChannel.open(StandardProtocolFamily.UNIX).close();
  }

  /** Those that listen here. */
  private List<ProcessHandle> planners() {
    var found = new ArrayList<ProcessHandle>();
    for (var planner : Planners.all()) {
      try (var files = Files.list(Path.of("/proc/" + planner.pid() + "/fd"))) {
        if (files.anyMatch(link -> leads(link, state))) {
          found.add(planner);
        }
      } catch (IOException _) { // it has ended
      }
    }
    return found;
  }

  private static boolean leads(Path link, Path to) {
    try {
      return Files.readSymbolicLink(link).startsWith(to);
    } catch (IOException _) {
      return false;
    }
  }

  private Bailey.Result bailey(String... arguments) {
    return bailey(Map.of(), arguments);
  }

  private Bailey.Result bailey(Map<String, String> more, String... arguments) {
    var words = new ArrayList<>(List.of(PROGRAM));
    words.addAll(List.of(arguments));
    return program(more, words);
  }

  private Bailey.Result program(Map<String, String> more, List<String> words) {
    var all = new HashMap<>(environment);
    all.putAll(more);
    return Bailey.program("", words, all);
  }

  private Bailey.Result shell(String script) {
    return program(Map.of("BAILEY", PROGRAM), List.of("bash", "-c", script));
  }

  private Map<?, ?> status() {
    var result = bailey("serve", "--status", "--json");
    assertThat(result.err()).isEmpty();
    return result.status() == 0 && result.json() instanceof Map<?, ?> map ? map : Map.of();
  }

  /** Has a planner started, which lets others in when it has answered the first. */
  private ProcessHandle started() {
    assertThat(bailey("version").status()).isZero();
    awaitSocket();
    return planner();
  }

  /** Until it lets others in. */
  private void awaitSocket() {
    while (!Files.exists(state.resolve("serve/socket")) || status().isEmpty()) {
      Thread.onSpinWait();
    }
  }

  private long number(String name) {
    return status().get(name) instanceof Number number ? number.longValue() : -1;
  }

  /** The planner that answers now. */
  private ProcessHandle planner() {
    return ProcessHandle.of(number("pid")).orElseThrow();
  }

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

  // ---- whose calls it takes ----

  @ParameterizedTest
  @ValueSource(
      strings = {
        "setpriv --bounding-set -net_raw",
        "setpriv --inh-caps -all --bounding-set -all",
        "setpriv --no-new-privs",
        "setpriv --groups 7",
        "unshare --net",
        "unshare --mount",
        "unshare --uts"
      })
  void whoStandsElsewhereIsNotItsToPlanFor(String changed) {
    KernelAbility.require(Bailey.run("version").status() == 0, "the built program");
    KernelAbility.require(ofRoot(), "root, to give something up");
    var planner = started();
    long calls = number("calls");
    var result = shell("exec " + changed + " $BAILEY hierarchy --json");
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(planner()).isEqualTo(planner);
    assertThat(number("calls")).isEqualTo(calls + 2);
  }

  private static boolean ofRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  @Test
  void anotherUserDoesNotReachIt() {
    KernelAbility.require(ofRoot(), "root, to be another user");
    started();
    var result =
        shell(
            "chmod 755 $(dirname $BAILEY_STATE); setpriv --reuid=65534 --clear-groups"
                + " /usr/bin/python3 -c 'import socket,os\n"
                + "socket.socket(socket.AF_UNIX).connect(os.environ[\"BAILEY_STATE\"]"
                + "+\"/serve/socket\")'");
    assertThat(result.err()).contains("PermissionError");
  }

  /** The one who listens is told by the kernel, whoever made the socket. */
  @Test
  void plannerOfAnotherUserIsNotBelieved() throws Exception {
    KernelAbility.require(ofRoot(), "root, to be another user");
    serveFolder("rwx------");
    var impostor = impostor("os.seteuid(65534)");
    try {
      assertThat(bailey(Map.of("BAILEY_IDLE", "0"), "version").out()).startsWith("bailey ");
      assertThat(impostor.isAlive()).isTrue();
    } finally {
      impostor.destroyForcibly().waitFor();
    }
  }

  /** It would be sent the environment, and be believed. */
  @Test
  void folderThatOthersMayEnterIsNotUsed() throws Exception {
    serveFolder("rwxr-xr-x");
    var impostor = impostor("pass");
    try {
      assertThat(bailey("version").out()).startsWith("bailey ");
      assertThat(impostor.isAlive()).isTrue();
    } finally {
      impostor.destroyForcibly().waitFor();
    }
    assertThat(bailey("serve").err()).startsWith("bailey: cannot serve: ").contains("yours alone");
  }

  private void serveFolder(String mode) throws IOException {
    Files.createDirectory(state);
    var made = Files.createDirectory(state.resolve("serve"));
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
  }

  /** Listens in the planner's place, and ends as soon as anything is sent. */
  private Process impostor(String before) throws IOException {
    var builder =
        new ProcessBuilder(
            "python3",
            "-c",
            """
            import socket,os
            s=socket.socket(socket.AF_UNIX)
            s.bind(os.environ["BAILEY_STATE"]+"/serve/socket")
            os.chmod(os.environ["BAILEY_STATE"]+"/serve/socket",0o777)
            %s
            s.listen(5)
            print("listens",flush=True)
            while True:
              c=s.accept()[0]
              if c.recv(1): raise SystemExit(1)
            """
                .formatted(before));
    builder.environment().putAll(environment);
    var process = builder.start();
    assertThat(process.inputReader().readLine()).isEqualTo("listens");
    return process;
  }

  // ---- bad callers ----

  private SocketChannel connect() throws IOException {
    var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(state.resolve("serve/socket")));
    return channel;
  }

  private static ByteBuffer request(int size, int arguments, int variables) {
    return ByteBuffer.allocate(32)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC)
        .putShort((short) 1)
        .putShort((short) 0)
        .putInt(size)
        .putInt(arguments)
        .putInt(variables)
        .putInt(1)
        .rewind();
  }

  @Test
  void callersThatSayNothingOrNonsenseDoNotStopOthers() throws Exception {
    var planner = started();
    var open = new ArrayList<SocketChannel>();
    try {
      for (int i = 0; i < 100; i++) {
        var channel = connect();
        open.add(channel);
        switch (i % 5) {
          case 0 -> {} // nothing
          case 1 ->
              channel.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".repeat(9).getBytes(UTF_8)));
          case 2 -> channel.write(request(Integer.MAX_VALUE, 1, 1));
          case 3 -> channel.write(request(100, 3, 3));
          default -> channel.close();
        }
      }
      assertThat(bailey("run", "--", "echo", "hello").out()).isEqualTo("hello\n");
    } finally {
      for (var channel : open) {
        channel.close();
      }
    }
    assertThat(bailey("version").status()).isZero();
    assertThat(planner()).isEqualTo(planner);
    while (number("current") > 1) {
      Thread.onSpinWait(); // until it has seen that they are gone
    }
    assertThat(planner()).isEqualTo(planner);
  }

  /** What it does it does when the caller has said that it wants it, and not before. */
  @Test
  void callThatIsNotConfirmedIsNotDone() throws Exception {
    started();
    var strings = "/x\0/\0create\0test-serve-unconfirmed\0BAILEY_STATE=" + state + "\0";
    try (var channel = connect()) {
      channel.write(request(strings.length(), 2, 1));
      channel.write(ByteBuffer.wrap(strings.getBytes(UTF_8)));
      var greeting = ByteBuffer.allocate(32);
      while (greeting.hasRemaining() && channel.read(greeting) >= 0) {}
      assertThat(greeting.order(ByteOrder.LITTLE_ENDIAN).getInt(0)).isEqualTo(1);
    }
    while (number("current") > 1) {
      Thread.onSpinWait();
    }
    assertThat(bailey("ls", "-q").out()).isEmpty();
  }

  @Test
  void stoppedPlannerIsDoneWithout() throws Exception {
    var planner = started();
    long calls = number("calls");
    signal("STOP", planner);
    try {
      assertThat(bailey("create", "test-serve-once").err()).isEmpty();
    } finally {
      signal("CONT", planner);
    }
    assertThat(bailey("ps", "--all", "--quiet").out()).isEqualTo("test-serve-once\n");
    while (number("current") > 1) {
      Thread.onSpinWait(); // it has seen by now that the caller that it would have had is gone
    }
    assertThat(bailey("rm", "test-serve-once").status()).isZero();
    assertThat(planner()).isEqualTo(planner);
    assertThat(number("calls")).isGreaterThan(calls);
  }

  private static void signal(String name, ProcessHandle process) throws Exception {
    var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** Whoever waits for something is let go when its caller is killed. */
  @Test
  void waitingEndsWithTheCaller() throws Exception {
    assertThat(bailey("run", "-d", "--name", "test-serve-long", "--", "sleep", "1000").err())
        .isEmpty();
    try {
      var words = List.of(PROGRAM, "wait", "test-serve-long");
      var builder = new ProcessBuilder(words);
      builder.environment().putAll(environment);
      var waiting = builder.start();
      while (number("current") < 2) {
        Thread.onSpinWait();
      }
      waiting.destroy();
      assertThat(Bailey.await(waiting, words)).isEqualTo(128 + 15);
      while (number("current") > 1) {
        Thread.onSpinWait();
      }
    } finally {
      assertThat(bailey("rm", "-f", "test-serve-long").err()).isEmpty();
    }
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
