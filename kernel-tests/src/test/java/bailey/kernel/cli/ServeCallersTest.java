package bailey.kernel.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose calls the planner that stays takes, and what becomes of the others. */
class ServeCallersTest extends OwnPlanner {
  private static final int MAGIC = 0x52594c42;

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
}
