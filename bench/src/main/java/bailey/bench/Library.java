package bailey.bench;

import bailey.Container;
import bailey.ContainerProcess;
import bailey.ContainerSystem;
import bailey.core.kernel.Kernel;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.RootRequest;
import bailey.linux.LinuxKernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/** bailey as a library: containers started from this JVM, with a resident executor. */
final class Library implements AutoCloseable {
  private static final List<String> TRUE = List.of("/bin/true");
  private static final List<String> PAUSE = List.of("/bin/true", "wait");
  private static final String DETACHED = "detached";

  private final Kernel kernel = new LinuxKernel();
  private final ContainerSystem system;
  private final Path state;
  private final Path root;

  /**
   * With records in a directory of its own.
   *
   * @param state that directory, which does not exist
   * @param root directory of the containers
   */
  Library(Path state, Path root) {
    this.system = ContainerSystem.open(kernel, state.toString());
    this.state = state;
    this.root = root;
  }

  /**
   * The container of the comparison, which has what the bundles ask for: no process 1 of bailey's,
   * no system call filter, no controllers.
   */
  static ContainerSpec.Builder equal(Path root) {
    return usual(root).accounted(false).seccomp(false).init(false);
  }

  /** What a user gets who asks for nothing but a root directory. */
  static ContainerSpec.Builder usual(Path root) {
    return ContainerSpec.builder().root(new RootRequest.Directory(root.toString())).removed(true);
  }

  /** One launch of {@code /bin/true}, from the request to the exit status. */
  void run(UnaryOperator<ContainerSpec.Builder> change) {
    try {
      int status = system.start(change.apply(equal(root)).build(), TRUE).waitFor();
      if (status != 0) {
        throw new IllegalStateException("ended with status " + status);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A container that runs until it is ended. */
  ContainerProcess live() {
    return system.start(equal(root).build(), PAUSE);
  }

  /** A container that does not depend on this JVM, with a supervisor of its own. */
  Container detached() {
    var spec = usual(root).detached(true).name(DETACHED).build();
    var end = kernel.executor().execute(system.explain(spec, PAUSE), List.of()).end().join();
    if (end.failure() != null) {
      throw new IllegalStateException(end.failure().toString());
    }
    return system.container(DETACHED);
  }

  /** The process id of the resident executor. */
  long executor() {
    return ProcessHandle.current()
        .children()
        .filter(
            child ->
                child.info().arguments().stream()
                    .flatMap(Arrays::stream)
                    .anyMatch("--serve"::equals))
        .map(ProcessHandle::pid)
        .max(Comparator.naturalOrder())
        .orElseThrow();
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
        Library.this.run(change);
        return System.nanoTime() - from;
      }
    };
  }

  /** Ends everything and removes the records, and the groups that only this had. */
  @Override
  public void close() {
    system.containers().forEach(Container::close);
    var _ = system.gc();
    system.close();
    kernel.close();
    try (var all = Files.walk(state)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
