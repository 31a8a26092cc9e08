package bailey;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The handle of a command in a container: that of the JDK for its process, as long as it lives, but
 * with the command's own program and arguments, and its own way of ending.
 */
final class ContainerProcessHandle implements ProcessHandle {
  private final ContainerProcess process;

  ContainerProcessHandle(ContainerProcess process) {
    this.process = process;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public Optional<ProcessHandle> parent() {
    return process.handle().flatMap(ProcessHandle::parent);
  }

  @Override
  public Stream<ProcessHandle> children() {
    return process.handle().stream().flatMap(ProcessHandle::children);
  }

  @Override
  public Stream<ProcessHandle> descendants() {
    return process.handle().stream().flatMap(ProcessHandle::descendants);
  }

  @Override
  public Info info() {
    return new CommandInfo(process.command(), process.handle().map(ProcessHandle::info));
  }

  @Override
  public CompletableFuture<ProcessHandle> onExit() {
    return process.onExit().thenApply(_ -> this);
  }

  @Override
  public boolean supportsNormalTermination() {
    return true;
  }

  @Override
  public boolean destroy() {
    boolean alive = process.isAlive();
    process.destroy();
    return alive;
  }

  @Override
  public boolean destroyForcibly() {
    boolean alive = process.isAlive();
    process.destroyForcibly();
    return alive;
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public int compareTo(ProcessHandle other) {
    return Long.compare(pid(), other.pid());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ContainerProcessHandle handle && handle.process == process;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(pid());
  }

  @Override
  public String toString() {
    return Long.toString(pid());
  }

  /** What is known of a command and, from the kernel, of its process. */
  private record CommandInfo(List<String> line, Optional<Info> inner) implements Info {
    @Override
    public Optional<String> command() {
      return Optional.of(line.getFirst());
    }

    @Override
    public Optional<String> commandLine() {
      return Optional.of(String.join(" ", line));
    }

    @Override
    public Optional<String[]> arguments() {
      return Optional.of(line.subList(1, line.size()).toArray(String[]::new));
    }

    @Override
    public Optional<Instant> startInstant() {
      return inner.flatMap(Info::startInstant);
    }

    @Override
    public Optional<Duration> totalCpuDuration() {
      return inner.flatMap(Info::totalCpuDuration);
    }

    @Override
    public Optional<String> user() {
      return inner.flatMap(Info::user);
    }
  }
}
