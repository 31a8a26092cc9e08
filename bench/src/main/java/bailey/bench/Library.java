package bailey.bench;

import bailey.core.container.ContainerPath;
import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.PlanExecutor.Execution;
import bailey.core.planner.HostView;
import bailey.core.planner.LaunchPlanner;
import bailey.core.planner.LaunchRequest;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.planner.StateFiles;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.RootRequest;
import bailey.linux.exec.ExecutorConnection;
import bailey.linux.probe.KernelProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** bailey as a library: containers started from this JVM, with a resident executor. */
final class Library implements AutoCloseable {
  private static final List<String> TRUE = List.of("/bin/true");
  private static final List<String> PAUSE = List.of("/bin/true", "wait");
  private static final HostView HOST =
      new HostView(List.of(), List.of(), Set.of(), Set.of(), "/", Optional.empty());

  private final LaunchPlanner planner;
  private final ExecutorConnection executor = new ExecutorConnection();
  private final Path state;
  private final Path root;
  private final AtomicInteger numbers = new AtomicInteger();

  /**
   * With records in a folder of their own.
   *
   * @param root directory of the containers
   */
  Library(Path state, Path root) {
    KernelFeatures features = KernelProbe.features();
    this.planner = new LaunchPlanner(features);
    this.state = state;
    this.root = root;
  }

  /**
   * The container of the comparison, which has what the bundles ask for: no process 1 of bailey's,
   * no system call filter, no controllers.
   */
  ContainerSpec.Builder equal() {
    return ContainerSpec.builder()
        .root(new RootRequest.Directory(root.toString()))
        .accounted(false)
        .seccomp(false)
        .init(false)
        .removed(true);
  }

  /** What a user gets who asks for nothing but a root directory. */
  ContainerSpec.Builder usual() {
    return ContainerSpec.builder().root(new RootRequest.Directory(root.toString())).removed(true);
  }

  LaunchRequest request(ContainerSpec.Builder spec, Attachment attachment, List<String> command) {
    String name = "bench" + ProcessHandle.current().pid() + "-" + numbers.incrementAndGet();
    var path = ContainerPath.parse("--name", name);
    var files = new StateFiles(state + "/" + path.directory(), state + "/" + name, state + "/gate");
    var built = spec.name(name).build();
    return new LaunchRequest(
        path, built, command, attachment, files, name, false, HOST, 0, List.of(), false);
  }

  private Execution execute(ContainerSpec.Builder spec, List<String> command) {
    var plan = planner.plan(request(spec, Attachment.RESIDENT, command));
    return executor.execute(plan, List.of(0, 1, 2));
  }

  /** One launch of {@code /bin/true}, from the request to the exit status. */
  void run(ContainerSpec.Builder spec) {
    var end = execute(spec, TRUE).end().join();
    var failure = end.failure();
    if (failure != null) {
      throw new IllegalStateException(failure.toString());
    }
    if (end.status() != 0) {
      throw new IllegalStateException("ended with status " + end.status());
    }
  }

  /** A container that runs until it is ended. */
  Live live(ContainerSpec.Builder spec) {
    var execution = execute(spec, PAUSE);
    var start = execution.start().join();
    if (start.failure() != null) {
      throw new IllegalStateException(start.failure().toString());
    }
    return new Live(start.pid(), execution);
  }

  /** One that runs. */
  record Live(long pid, Execution execution) implements AutoCloseable {
    @Override
    public void close() {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      execution.end().join();
    }
  }

  /** One that outlives this JVM, with its own supervisor. */
  Detached detached(ContainerSpec.Builder spec) throws IOException {
    var request = request(spec.detached(true), Attachment.DETACHED, PAUSE);
    var end = executor.execute(planner.plan(request), List.of()).end().join();
    if (end.failure() != null) {
      throw new IllegalStateException(end.failure().toString());
    }
    var first = Files.readString(Path.of(request.state().file(StateFiles.FIRST)));
    long pid = Long.parseLong(first.substring(0, first.indexOf(' ')));
    return new Detached(pid, ProcessHandle.of(pid).flatMap(ProcessHandle::parent).orElseThrow());
  }

  /** One that runs, and who looks after it. */
  record Detached(long pid, ProcessHandle keeper) implements AutoCloseable {
    long supervisor() {
      return keeper.pid();
    }

    @Override
    public void close() {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      keeper.onExit().join();
    }
  }

  /** As a subject of the comparison. */
  Subject subject(String name, UnaryOperator<ContainerSpec.Builder> change) {
    return new Subject() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public boolean inProcess() {
        return true;
      }

      @Override
      public long run() {
        long from = System.nanoTime();
        Library.this.run(change.apply(equal()));
        return System.nanoTime() - from;
      }
    };
  }

  LaunchPlanner planner() {
    return planner;
  }

  /** The executor's process id. */
  long pid() {
    return executor.pid();
  }

  @Override
  public void close() {
    executor.close();
  }
}
