package bailey.linux.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import bailey.core.abi.Arch;
import bailey.core.abi.Sys;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Caller;
import bailey.core.kernel.Caller.CallerGone;
import bailey.core.kernel.PlanExecutor;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.testkit.Gen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A caller with files in the place of the pipes to it. */
class LinkedCallerTest {
  private static final int FAILED = 0;
  private static final int STARTED = 1;
  private static final int ENDED = 2;
  private static final int DONE = 3;

  private static final byte[] NONE = {};

  @TempDir Path folder;

  private static Plan plan() {
    var steps = new Steps(new Registers()).because("a test");
    steps.call("going", Sys.CHDIR, Operand.text("/"));
    steps.call("going on", Sys.CHDIR, Operand.text("/nowhere"));
    return new Plan("go", Arch.X86_64, List.of(), steps.list());
  }

  private static byte[] event(int signal, int step, long value, byte[] data) {
    var head = ByteBuffer.allocate(PlanCodec.Event.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(1).putInt(signal).putInt(step).putInt(data.length).putLong(value);
    var out = new ByteArrayOutputStream();
    out.writeBytes(head.array());
    out.writeBytes(data);
    return out.toByteArray();
  }

  private static byte[] request(List<String> arguments, List<String> variables) {
    var strings = new ByteArrayOutputStream();
    var all = new ArrayList<>(List.of("/opt/bin/bailey", "/srv"));
    all.addAll(arguments);
    all.addAll(variables);
    for (var text : all) {
      strings.writeBytes(text.getBytes(UTF_8));
      strings.write(0);
    }
    var head = ByteBuffer.allocate(CallFrames.REQUEST).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(0x52594c42).putShort((short) 1).putShort((short) 5).putInt(strings.size());
    head.putInt(arguments.size()).putInt(variables.size()).putInt(42);
    var out = new ByteArrayOutputStream();
    out.writeBytes(head.array());
    out.writeBytes(strings.toByteArray());
    return out.toByteArray();
  }

  private Caller caller(byte[]... messages) throws IOException {
    var out = new ByteArrayOutputStream();
    out.writeBytes(request(List.of("run", "", "a b"), List.of("A=1", "B=", "A=2", "=C", "none")));
    for (var message : messages) {
      out.writeBytes(message);
    }
    var in = Files.write(folder.resolve("events"), out.toByteArray());
    return CallSources.starter(in.toString(), folder.resolve("frames").toString());
  }

  private PlanExecutor.Execution execute(byte[]... events) throws IOException {
    return caller(events).executor().execute(plan(), List.of());
  }

  private ByteBuffer sent() throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(folder.resolve("frames")))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void callIsRead() throws IOException {
    var call = caller().call();
    assertThat(call.program()).isEqualTo("/opt/bin/bailey");
    assertThat(call.origin().directory()).isEqualTo("/srv");
    assertThat(call.arguments()).containsExactly("run", "", "a b");
    assertThat(call.origin().environment()).containsExactly(entry("A", "1"), entry("B", ""));
    assertThat(call.pid()).isEqualTo(42);
    assertThat(call.terminals()).containsExactlyInAnyOrder(0, 2);
  }

  @Test
  void planIsSent() throws IOException {
    execute(event(DONE, 0, 0, new byte[0]));
    var bytes = PlanCodec.encode(plan(), 1).bytes();
    assertThat(sent().array())
        .isEqualTo(CallFrames.frame(CallFrames.Frame.PLAN, 0, bytes))
        .hasSize(16 + bytes.length);
  }

  @Test
  void callerWritesAndSaysWhatCameOfIt() throws IOException {
    var bytes = new byte[100_000];
    bytes[99_999] = 7;
    var caller = caller(answer(0), answer(0), answer(0), answer(-28), answer(0));
    assertThat(caller.write(1, bytes)).isEqualTo(28); // the fourth piece: ENOSPC
    var sent = sent();
    assertThat(sent.getInt(0)).isEqualTo(3);
    assertThat(sent.getInt(4)).isEqualTo(32 << 10);
    assertThat(sent.getLong(8)).isEqualTo(1);
    assertThat(caller.write(2, new byte[1])).isZero();
    assertThatThrownBy(() -> caller.write(2, new byte[1])).isInstanceOf(CallerGone.class);
  }

  @Test
  void callerReads() throws IOException {
    var caller =
        caller(event(17, 0, 3, new byte[] {1, 2, 3}), answer(0), answer(-5), event(99, 0, 0, NONE));
    assertThat(caller.read(0, 4096)).containsExactly(1, 2, 3);
    assertThat(caller.read(0, 4096)).isEmpty();
    assertThatThrownBy(() -> caller.read(0, 4096))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("EIO");
    assertThatThrownBy(() -> caller.read(0, 4096)).isInstanceOf(CallerGone.class);
    assertThat(sent().getInt(0)).isEqualTo(4);
    assertThat(sent().getInt(4)).isEqualTo(4096);
  }

  private static byte[] answer(long value) {
    return event(17, 0, value, NONE);
  }

  @Test
  void endIsTold() throws IOException {
    caller().end(127);
    assertThat(sent().getInt(0)).isEqualTo(5);
    assertThat(sent().getLong(8)).isEqualTo(127);
  }

  @Test
  void whatIsNoRequestIsRefused() throws IOException {
    byte[] whole = request(List.of("ls"), List.of("A=1"));
    refused(new byte[0], "it has ended");
    refused(Arrays.copyOf(whole, 20), "closed");
    refused(Arrays.copyOf(whole, whole.length - 1), "closed");
    refused(changed(whole, 0, 'X'), "no request");
    refused(changed(whole, 4, 2), "no request");
    refused(changed(whole, 11, 0x7f), "a request of");
    refused(changed(whole, 11, 0x80), "a request of");
    refused(changed(whole, 12, 2), "strings");
    refused(changed(whole, 19, 0xff), "strings");
    refused(changed(whole, CallFrames.REQUEST + 16, 'x'), "a request from xsrv");
  }

  private static byte[] changed(byte[] bytes, int at, int value) {
    var changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }

  private void refused(byte[] bytes, String why) throws IOException {
    var in = Files.write(folder.resolve("events"), bytes).toString();
    assertThatThrownBy(() -> CallSources.starter(in, folder.resolve("frames").toString()))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining(why);
  }

  /** Whatever comes, it is a request or refused, and nothing else. */
  @Test
  void anyBytesAreARequestOrRefused() throws IOException {
    byte[] whole = request(List.of("run", "--", "true"), List.of("A=1", "B=2"));
    var random = new Gen(20261122);
    for (int i = 0; i < 3000; i++) {
      var bytes = whole.clone();
      for (long k = random.number(1, 6); k > 0; k--) {
        bytes[(int) random.number(0, bytes.length - 1)] = (byte) random.number(0, 255);
      }
      try {
        var head = CallFrames.Head.parse(Arrays.copyOf(bytes, CallFrames.REQUEST), 1 << 20);
        var strings = Arrays.copyOfRange(bytes, CallFrames.REQUEST, bytes.length);
        assertThat(head.call(strings, 1).arguments()).hasSize(head.arguments());
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("request");
      }
    }
  }

  @Test
  void startEndsTheTalk() throws IOException {
    var execution = execute(event(STARTED, 0, 77, new byte[0]));
    assertThat(execution.start().join()).isEqualTo(new PlanExecutor.Start(77, null));
    assertThat(execution.end()).isNotDone();
  }

  @Test
  void failureIsFollowedToTheEndOfItsUndo() throws IOException {
    var execution = execute(event(FAILED, 1, -2, new byte[0]), event(DONE, 0, 125, new byte[0]));
    var failure = Objects.requireNonNull(execution.start().join().failure());
    assertThat(failure).isEqualTo(execution.end().join().failure());
    assertThat(failure).isEqualTo(new PlanExecutor.Failure(2, failure.step(), 2));
    assertThat(failure.step().note()).isEqualTo(new Step.Note("going on", "a test"));
    assertThat(execution.end().join().status()).isEqualTo(125);
  }

  @Test
  void recordIsRead() throws IOException {
    byte[] record = {0, 1, 3, 0, 'k', 'a', 'b', 'c'};
    var execution = execute(event(ENDED, 0, 0, record), event(DONE, 0, 4, new byte[0]));
    assertThat(execution.end().join().record().file("k")).isEqualTo("abc");
    assertThat(execution.end().join().status()).isEqualTo(4);
  }

  @Test
  void endWithoutAnEventIsALoss() throws IOException {
    lost(execute());
  }

  @Test
  void eventCutShortIsALoss() throws IOException {
    lost(execute(new byte[PlanCodec.Event.SIZE - 1]));
  }

  @Test
  void eventThatIsNoneIsALoss() throws IOException {
    lost(execute(event(9, 0, 0, new byte[0])));
    lost(execute(event(FAILED, 5, -1, new byte[0]))); // there is no such step
    lost(execute(event(ENDED, 0, 0, new byte[] {9}))); // no record
    var huge = event(ENDED, 0, 0, new byte[0]);
    huge[15] = 0x7f; // the length of its data
    lost(execute(huge));
  }

  private static void lost(PlanExecutor.Execution execution) {
    assertThatThrownBy(() -> execution.end().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(PlanExecutor.ExecutorLost.class);
    assertThat(execution.start()).isCompletedExceptionally();
  }

  @Test
  void onePlanOnly() throws IOException {
    var requester = caller(event(DONE, 0, 0, new byte[0])).executor();
    assertThatThrownBy(() -> requester.execute(plan(), List.of(1)))
        .isInstanceOf(IllegalArgumentException.class);
    requester.execute(plan(), List.of()).end().join();
    assertThatThrownBy(() -> requester.execute(plan(), List.of()))
        .isInstanceOf(IllegalStateException.class);
  }
}
