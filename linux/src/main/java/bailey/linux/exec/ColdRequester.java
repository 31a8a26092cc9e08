package bailey.linux.exec;

import bailey.core.kernel.PlanExecutor;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import bailey.core.plan.Step;
import bailey.linux.proc.KernelFile;
import bailey.linux.proc.TaskStatus;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Gives one plan to the executor that has started this JVM (the command line: {@code executor
 * --cold}): written to descriptor 3, events from descriptor 4. The executor is the parent, so what
 * it starts has the ancestry, terminal and descriptors of the caller's command. One thread.
 *
 * <p>Plain file streams, no native access and no threads: this is part of every cold start.
 */
public final class ColdRequester implements PlanExecutor {
  private final String plans;
  private final String events;
  private boolean used;

  /**
   * The requester of this JVM, empty if it was not started by {@code executor --cold}: its parent's
   * arguments tell. Every call gives another; one of them can execute.
   */
  public static Optional<PlanExecutor> ofParent() {
    var self = TaskStatus.read();
    if (self.isEmpty()) {
      return Optional.empty();
    }
    var parent = KernelFile.read("/proc/" + self.get().parent() + "/cmdline");
    return parent.isPresent() && isCold(parent.get())
        ? Optional.of(new ColdRequester("/proc/self/fd/3", "/proc/self/fd/4"))
        : Optional.empty();
  }

  /** Whether a cmdline file is that of {@code executor --cold ...}. */
  static boolean isCold(String arguments) {
    int first = arguments.indexOf('\0');
    return first >= 0 && arguments.startsWith("--cold\0", first + 1);
  }

  ColdRequester(String plans, String events) {
    this.plans = plans;
    this.events = events;
  }

  /**
   * Executes the plan and waits until it has started a command, or has failed and was undone, or is
   * done. After a start the executor waits for this JVM to end: then {@link Execution#end()} stays
   * open, and the command's status is the executor's, who reports to the caller.
   *
   * @param descriptors none: a pipe cannot carry them, and the executor has the caller's own
   * @throws IllegalStateException if a plan was executed before
   */
  @Override
  public Execution execute(Plan plan, List<Integer> descriptors) {
    if (used) {
      throw new IllegalStateException("the executor that started this JVM takes one plan");
    }
    if (!descriptors.isEmpty() || !plan.descriptors().isEmpty()) {
      throw new IllegalArgumentException(plan.title() + ": descriptors cannot be sent along");
    }
    used = true;
    var encoded = PlanCodec.encode(plan, 1);
    var running = new RunningPlan(plan, encoded);
    try (var in = new FileInputStream(events)) {
      try (var out = new FileOutputStream(plans)) {
        out.write(encoded.bytes());
      }
      follow(running, in);
    } catch (IOException | IllegalArgumentException e) {
      running.lose("the connection to the executor broke: " + e.getMessage());
    }
    return running;
  }

  private static void follow(RunningPlan running, InputStream in) throws IOException {
    var reader = new EventReader(new Stream(in));
    while (true) {
      var event = reader.next();
      if (event == null) {
        running.lose("the executor refused the plan or ended");
        return;
      }
      boolean last = running.accept(event);
      if (last || event.signal() == Step.Signal.STARTED) {
        return;
      }
    }
  }

  private record Stream(InputStream in) implements EventReader.Source {
    @Override
    public boolean fill(byte[] bytes) throws IOException {
      int n = in.readNBytes(bytes, 0, bytes.length);
      if (n > 0 && n < bytes.length) {
        throw new EOFException("the other end was closed inside of an event");
      }
      return n == bytes.length;
    }
  }

  /** Nothing: what runs is the executor's. */
  @Override
  public void close() {}
}
