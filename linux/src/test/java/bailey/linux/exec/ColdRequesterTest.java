package bailey.linux.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Arch;
import bailey.core.abi.Sys;
import bailey.core.kernel.PlanExecutor;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The requester with files in the place of the pipes to its executor. */
class ColdRequesterTest {
  private static final int FAILED = 0;
  private static final int STARTED = 1;
  private static final int ENDED = 2;
  private static final int DONE = 3;

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

  private PlanExecutor.Execution execute(byte[]... events) throws IOException {
    var out = new ByteArrayOutputStream();
    for (var event : events) {
      out.writeBytes(event);
    }
    Files.write(folder.resolve("events"), out.toByteArray());
    var requester =
        new ColdRequester(folder.resolve("plan").toString(), folder.resolve("events").toString());
    return requester.execute(plan(), List.of());
  }

  @Test
  void planIsWritten() throws IOException {
    execute(event(DONE, 0, 0, new byte[0]));
    assertThat(Files.readAllBytes(folder.resolve("plan")))
        .isEqualTo(PlanCodec.encode(plan(), 1).bytes());
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
    Files.write(folder.resolve("events"), event(DONE, 0, 0, new byte[0]));
    var requester =
        new ColdRequester(folder.resolve("plan").toString(), folder.resolve("events").toString());
    assertThatThrownBy(() -> requester.execute(plan(), List.of(1)))
        .isInstanceOf(IllegalArgumentException.class);
    requester.execute(plan(), List.of()).end().join();
    assertThatThrownBy(() -> requester.execute(plan(), List.of()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void onlyAColdExecutorIsAStarter() {
    assertThat(ColdRequester.isCold("/x/bailey\0--cold\0java\0")).isTrue();
    assertThat(ColdRequester.isCold("sh\0-c\0--cold\0")).isFalse();
    assertThat(ColdRequester.isCold("--cold")).isFalse();
    assertThat(ColdRequester.isCold("x\0--colder\0")).isFalse();
    assertThat(ColdRequester.ofParent()).isEmpty();
  }
}
