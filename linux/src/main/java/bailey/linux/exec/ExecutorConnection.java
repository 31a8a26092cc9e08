package bailey.linux.exec;

import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.PlanExecutor;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Plans for executors that are children of this JVM: the first is started with the first plan, and
 * again after it was lost; another one when all have enough to do, which ends when it has nothing
 * left. Any thread may execute; plans are written one after the other and done side by side. A plan
 * that needs no process of its own is done by the calling thread instead ({@link OwnThread}).
 *
 * <p>Why several: a new process gets, and closes, a copy of each descriptor that its executor has,
 * and a plan in execution holds some. With a thousand of them a start took almost twice as long.
 *
 * <p>What ends with an executor: everything that its plans started and did not detach. It ends when
 * this is closed and when this JVM ends, in whatever way.
 */
public final class ExecutorConnection implements PlanExecutor {
  private static final int MEMORY_AT = 12; // of struct header in executor.c
  private static final int MOST_MEMORY = 16 << 20; // PLAN_MAX there
  private static final int TRIES = 3;

  /** Plans that one executor has in execution; a few more, when several threads send at once. */
  private static final int MOST_RUNNING = 32;

  private final AtomicInteger tags = new AtomicInteger();
  private @Nullable ExecutorProgram program;
  private final List<ExecutorSession> sessions = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

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
    if (descriptors.isEmpty() && OwnThread.canDo(plan)) {
      checkOpen();
      return OwnThread.execute(plan);
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
      sessions.remove(current);
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
    var free = free();
    return free == null ? newSession() : free;
  }

  private @Nullable ExecutorSession free() {
    for (var session : sessions) {
      if (!session.isLost() && session.running() < MOST_RUNNING) {
        return session;
      }
    }
    return null;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the executor was closed");
    }
  }

  private synchronized ExecutorSession newSession() {
    checkOpen();
    var free = free();
    if (free != null) {
      return free;
    }
    var loaded = program;
    if (loaded == null) {
      loaded = ExecutorProgram.load();
      program = loaded;
    }
    sessions.removeIf(ExecutorSession::isLost);
    var started = ExecutorSession.start(loaded, this::idle);
    sessions.add(started);
    return started;
  }

  /** All but the oldest end when they have nothing to do. No lock: close() waits for the caller. */
  private void idle(ExecutorSession session) {
    if (sessions.indexOf(session) > 0 && session.endIfIdle()) {
      sessions.remove(session);
    }
  }

  /** The process id of the oldest executor that runs now, 0 if there is none. */
  public long pid() {
    return sessions.stream()
        .filter(session -> !session.isLost())
        .mapToLong(ExecutorSession::pid)
        .findFirst()
        .orElse(0);
  }

  /** {@inheritDoc} Waits until that is done. Closing again does nothing. */
  @Override
  public synchronized void close() {
    closed = true;
    sessions.forEach(ExecutorSession::close);
    var loaded = program;
    if (loaded != null) {
      loaded.close();
    }
  }
}
