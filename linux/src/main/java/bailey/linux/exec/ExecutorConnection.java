package bailey.linux.exec;

import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.PlanExecutor;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Plans for an executor that is a child of this JVM, started with the first plan and again after it
 * was lost. Any thread may execute; plans are written one after the other and done side by side.
 *
 * <p>What ends with the executor: everything that its plans started and did not detach. It ends
 * when this is closed and when this JVM ends, in whatever way.
 */
public final class ExecutorConnection implements PlanExecutor {
  private static final int MEMORY_AT = 12; // of struct header in executor.c
  private static final int MOST_MEMORY = 16 << 20; // PLAN_MAX there
  private static final int TRIES = 3;

  private final AtomicInteger tags = new AtomicInteger();
  private @Nullable ExecutorProgram program;
  private volatile @Nullable ExecutorSession session;
  private boolean closed;

  /** None started yet. */
  public ExecutorConnection() {}

  /**
   * {@inheritDoc}
   *
   * @throws NotPossibleHere if no executor can be started here, or the plan is larger than 16 MiB
   * @throws IllegalStateException after {@link #close}
   * @throws IllegalArgumentException if one of the descriptors is not open
   */
  @Override
  public Execution execute(Plan plan, List<Integer> descriptors) {
    if (descriptors.size() != plan.descriptors().size()) {
      throw new IllegalArgumentException(
          plan.title() + " wants " + plan.descriptors().size() + " descriptors");
    }
    int tag = tags.incrementAndGet();
    var encoded = PlanCodec.encode(plan, tag);
    byte[] bytes = encoded.bytes();
    checkSize(plan, bytes);
    var running = new RunningPlan(plan, encoded);
    for (int i = 0; i < TRIES; i++) {
      var current = session();
      if (current.send(tag, running, bytes, descriptors)) {
        return running;
      }
      forget(current);
    }
    running.lose("the executor ended each time that it was started");
    return running;
  }

  private static void checkSize(Plan plan, byte[] bytes) {
    int memory = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(MEMORY_AT);
    if (memory > MOST_MEMORY || memory < 0) {
      throw new NotPossibleHere(
          plan.title()
              + ": arguments, environment and paths need "
              + memory
              + " bytes; an executor takes "
              + MOST_MEMORY
              + ". Pass less, for example in a file");
    }
  }

  private ExecutorSession session() {
    var current = session;
    return current == null || current.isLost() ? newSession() : current;
  }

  /** Nothing can be sent to it any more, though it may not know yet that it is lost. */
  private synchronized void forget(ExecutorSession dead) {
    if (session == dead) {
      session = null;
    }
  }

  private synchronized ExecutorSession newSession() {
    if (closed) {
      throw new IllegalStateException("the executor was closed");
    }
    var current = session;
    if (current != null && !current.isLost()) {
      return current;
    }
    var loaded = program;
    if (loaded == null) {
      loaded = ExecutorProgram.load();
      program = loaded;
    }
    var started = ExecutorSession.start(loaded);
    session = started;
    return started;
  }

  /** The process id of the executor that runs now, 0 if there is none. */
  public long pid() {
    var current = session;
    return current == null || current.isLost() ? 0 : current.pid();
  }

  /** {@inheritDoc} Waits until that is done. Closing again does nothing. */
  @Override
  public synchronized void close() {
    closed = true;
    var current = session;
    if (current != null) {
      current.close();
    }
    var loaded = program;
    if (loaded != null) {
      loaded.close();
    }
  }
}
