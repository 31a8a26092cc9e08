package bailey;

import bailey.core.container.ContainerPath;
import bailey.core.kernel.TaskInfo;
import bailey.core.state.FirstTask;
import bailey.engine.operation.CommandEnd;
import bailey.engine.operation.EndOperation;
import bailey.engine.operation.Machine;
import bailey.engine.operation.StartOperation.Started;
import bailey.engine.stream.StandardStreams;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A command in a container. Its end is that of the container where it is the first one: when {@link
 * #onExit} completes, everything in the container is dead and, unless it is kept, all of it
 * removed.
 */
public final class ContainerProcess extends Process {
  /** The exit status where bailey itself failed. */
  private static final int FAILED = 125;

  private static final int TERM = 15;
  private static final int KILL = 9;

  private final Machine machine;
  private final ContainerPath container;
  private final boolean first;
  private final List<String> command;
  private final long pid;

  /** Of a further command: when it started. That of a first one is recorded. */
  private final Optional<TaskInfo> task;

  private final OutputStream input;
  private final InputStream output;
  private final InputStream error;
  private final CompletableFuture<CommandEnd.Told> end;

  private ContainerProcess(
      Machine machine,
      Started started,
      boolean first,
      List<String> command,
      CompletableFuture<CommandEnd.Told> end) {
    this.machine = machine;
    this.container = started.intent().name();
    this.first = first;
    this.command = List.copyOf(command);
    this.pid = started.pid();
    this.task = first ? Optional.empty() : machine.kernel().processes().find(pid);
    this.end = end;
    StandardStreams streams = started.streams();
    this.input = new BufferedOutputStream(streams.input());
    this.output = new BufferedInputStream(streams.output());
    this.error = new BufferedInputStream(streams.error());
  }

  static ContainerProcess first(Machine machine, Started started) {
    return new ContainerProcess(
        machine,
        started,
        true,
        started.intent().command(),
        new CommandEnd(machine, started).ofContainer());
  }

  static ContainerProcess further(Machine machine, Started started, List<String> command) {
    return new ContainerProcess(
        machine, started, false, command, new CommandEnd(machine, started).ofCommand(command));
  }

  /** The container that it runs in. */
  public Container container() {
    return new Container(machine, container);
  }

  /** Program and arguments. */
  public List<String> command() {
    return command;
  }

  /**
   * How it ended; fails with {@link bailey.core.error.StateDamaged} where the executor ended before
   * it, so that this is not known.
   */
  public CompletableFuture<ExitReport> exitReport() {
    return end.thenApplyAsync(CommandEnd.Told::report, Machine.LATER);
  }

  /** What the command reads. Buffered. */
  @Override
  public OutputStream getOutputStream() {
    return input;
  }

  /** What the command writes as its output. Buffered; can be read after the end. */
  @Override
  public InputStream getInputStream() {
    return output;
  }

  /** What the command writes as its errors. Buffered; can be read after the end. */
  @Override
  public InputStream getErrorStream() {
    return error;
  }

  @Override
  public int waitFor() throws InterruptedException {
    try {
      end.get();
    } catch (ExecutionException _) {
      // exitValue() tells
    }
    return exitValue();
  }

  @Override
  public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
    try {
      end.get(timeout, unit);
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException _) {
      // it has ended
    }
    return true;
  }

  @Override
  public boolean waitFor(Duration duration) throws InterruptedException {
    return waitFor(TimeUnit.NANOSECONDS.convert(duration), TimeUnit.NANOSECONDS);
  }

  /**
   * The exit status: that of the command, 128 and the signal that killed it, or 125 where that is
   * not known.
   *
   * @throws IllegalThreadStateException if it has not ended
   */
  @Override
  public int exitValue() {
    if (!end.isDone()) {
      throw new IllegalThreadStateException("process " + pid + " has not exited");
    }
    try {
      return end.join().status();
    } catch (CompletionException _) {
      return FAILED;
    }
  }

  @Override
  public boolean isAlive() {
    return !end.isDone();
  }

  /** Asks it to end (SIGTERM). */
  @Override
  public void destroy() {
    signal(TERM);
  }

  /** Kills it; where it is the first command, everything in the container. */
  @Override
  public Process destroyForcibly() {
    if (!isAlive()) {
      return this;
    }
    if (first) {
      new EndOperation(machine).killIfThere(container);
    } else {
      signal(KILL);
    }
    return this;
  }

  /** Sends it a signal; nothing, where it has ended. */
  public void signal(int signal) {
    if (isAlive()) {
      startTicks()
          .ifPresent(
              ticks -> {
                var _ = machine.kernel().processes().signal(pid, ticks, signal);
              });
    }
  }

  /** Which process had its number; empty where it is gone. */
  private OptionalLong startTicks() {
    if (first) {
      return machine.journal().first(container).stream()
          .filter(noted -> noted.pid() == pid)
          .mapToLong(FirstTask::startTicks)
          .findFirst();
    }
    return task.stream().mapToLong(TaskInfo::startTicks).findFirst();
  }

  /** That of the JDK; empty where the process is gone. */
  Optional<ProcessHandle> handle() {
    var handle = ProcessHandle.of(pid);
    var ticks = startTicks();
    // it knows when its process started, so if that is the one that is there now it always will be
    return machine.kernel().processes().find(pid).stream()
            .anyMatch(found -> ticks.equals(OptionalLong.of(found.startTicks())))
        ? handle
        : Optional.empty();
  }

  @Override
  public boolean supportsNormalTermination() {
    return true;
  }

  /** Its process id, or that of process 1 of its container, as seen here. */
  @Override
  public long pid() {
    return pid;
  }

  /** Completes when it has ended and all that belongs to it is cleaned up. */
  @Override
  public CompletableFuture<Process> onExit() {
    return end.handleAsync((_, _) -> this, Machine.LATER);
  }

  @Override
  public ProcessHandle toHandle() {
    return new ContainerProcessHandle(this);
  }

  @Override
  public ProcessHandle.Info info() {
    return toHandle().info();
  }

  @Override
  public String toString() {
    return "process "
        + pid
        + " in container "
        + container
        + (isAlive() ? "" : ", exit status " + exitValue());
  }
}
