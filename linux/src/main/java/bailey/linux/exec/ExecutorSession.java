package bailey.linux.exec;

import bailey.core.abi.Errno;
import bailey.core.error.NotPossibleHere;
import bailey.linux.proc.KernelFile;
import bailey.linux.proc.TaskStatus;
import bailey.linux.sys.MessageReceiver;
import bailey.linux.sys.MessageSender;
import bailey.linux.sys.OwnedFd;
import bailey.linux.sys.PidFd;
import bailey.linux.sys.Readiness;
import bailey.linux.sys.SystemCallRefused;
import bailey.linux.sys.UnixSocket;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The life of one executor process: started, served, lost. Ends by itself when the process ends;
 * then all its plans are lost and its socket is closed.
 */
final class ExecutorSession {
  private final Process process;
  private final OwnedFd socket;
  private final MessageSender sender;
  private final ConcurrentMap<Integer, RunningPlan> running = new ConcurrentHashMap<>();

  /** Held while the socket is written to, which may block, and while it is closed. */
  private final ReentrantLock writing = new ReentrantLock();

  /** Completes when the process and the socket are gone and each plan knows it. */
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

  /**
   * Held, always for a moment only, while the socket is shut down or closed. Inside of the other.
   */
  private final ReentrantLock ending = new ReentrantLock();

  private volatile boolean lost;
  private final Consumer<ExecutorSession> whenIdle;

  private ExecutorSession(Process process, OwnedFd socket, Consumer<ExecutorSession> whenIdle) {
    this.process = process;
    this.socket = socket;
    this.whenIdle = whenIdle;
    this.sender = new MessageSender(socket);
  }

  /**
   * Starts an executor and waits until it has connected.
   *
   * @param whenIdle is called when no plan is in execution any more; must not wait
   * @throws NotPossibleHere saying what was refused
   */
  static ExecutorSession start(ExecutorProgram program, Consumer<ExecutorSession> whenIdle) {
    // A name that nobody can guess, so that nobody can be first to connect; who connects is checked
    // all the same.
    String name =
        "bailey-"
            + KernelFile.readOrEmpty("/proc/sys/kernel/random/uuid").strip()
            + System.nanoTime();
    try (var listener = UnixSocket.listen(name)) {
      var process = new ProcessBuilder(program.path(), "--serve", name).inheritIO().start();
      try {
        OpenFilesLimit.lower(process.pid());
        var session = new ExecutorSession(process, connection(listener, process), whenIdle);
        session.read();
        return session;
      } catch (IOException e) {
        process.destroyForcibly();
        throw e;
      }
    } catch (IOException e) {
      throw new NotPossibleHere("cannot start the executor: " + e.getMessage(), e);
    }
  }

  private static OwnedFd connection(OwnedFd listener, Process process) throws IOException {
    long uid = TaskStatus.read().map(status -> status.uids().get(1)).orElse(-1L);
    try (var child = PidFd.open(process.pid())) {
      while (Readiness.await(-1, listener.number(), child.number()) == 0) {
        var socket = UnixSocket.accept(listener);
        try {
          var peer = UnixSocket.peer(socket);
          if (peer.pid() == process.pid() && Integer.toUnsignedLong(peer.uid()) == uid) {
            return socket;
          }
        } catch (SystemCallRefused e) {
          socket.close();
          throw e;
        }
        socket.close(); // a stranger
      }
    } catch (SystemCallRefused e) {
      if (!e.is(Errno.ESRCH)) {
        throw e;
      }
    }
    throw new IOException("it ended before it had connected, with status " + status(process));
  }

  private static String status(Process process) {
    try {
      return Integer.toString(process.waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }

  private void read() {
    Thread.ofPlatform().daemon().name("bailey executor").start(this::readEvents);
    // A descriptor of the socket may live on in a process that the executor detached: its end is
    // then not seen as an end of the stream.
    var _ = process.onExit().thenRun(() -> shutDown(UnixSocket::end));
  }

  private void readEvents() {
    String why = "the executor ended";
    try (var receiver = new MessageReceiver(socket)) {
      var events = new EventReader(receiver::fill);
      for (var event = events.next(); event != null; event = events.next()) {
        var plan = running.get(event.tag());
        if (plan != null && plan.accept(event)) {
          running.remove(event.tag());
          if (running.isEmpty()) {
            whenIdle.accept(this);
          }
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      why = "the connection to the executor broke: " + e.getMessage();
      process.destroyForcibly(); // what it would tell could not be understood any more
    } finally {
      lose(why);
    }
  }

  private void lose(String why) {
    writing.lock();
    ending.lock();
    try {
      lost = true;
      sender.close();
      socket.close();
    } finally {
      ending.unlock();
      writing.unlock();
    }
    for (var plan : running.values()) {
      plan.lose(why);
    }
    running.clear();
    ended.complete(null);
  }

  /** Also wakes a thread that waits in a write. */
  private void shutDown(Consumer<OwnedFd> how) {
    ending.lock();
    try {
      if (!lost) {
        how.accept(socket);
      }
    } finally {
      ending.unlock();
    }
  }

  /**
   * Sends a plan.
   *
   * @return false if the executor is gone and has not begun with it
   * @throws IllegalArgumentException if one of the descriptors is not open
   */
  boolean send(int tag, RunningPlan plan, byte[] bytes, List<Integer> descriptors) {
    writing.lock();
    try {
      if (lost) {
        return false;
      }
      running.put(tag, plan);
      sender.send(bytes, descriptors);
      return true;
    } catch (SystemCallRefused e) {
      running.remove(tag);
      if (e.is(Errno.EBADF)) {
        throw new IllegalArgumentException("a descriptor of " + descriptors + " is not open", e);
      }
      return false;
    } finally {
      writing.unlock();
    }
  }

  /** How many plans are in execution. */
  int running() {
    return running.size();
  }

  /** Has the executor end, unless a plan is in execution. Does not wait for the end. */
  boolean endIfIdle() {
    writing.lock();
    try {
      if (lost || !running.isEmpty()) {
        return false;
      }
      shutDown(UnixSocket::end);
      lost = true;
      return true;
    } finally {
      writing.unlock();
    }
  }

  /** The executor's process id. */
  long pid() {
    return process.pid();
  }

  /** Whether the executor is gone. */
  boolean isLost() {
    return lost;
  }

  /** Ends what runs, by its undo steps, and waits for it. */
  void close() {
    shutDown(UnixSocket::endSending);
    boolean interrupted = false;
    while (true) {
      try {
        process.waitFor();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    ended.join();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
