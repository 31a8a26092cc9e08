package bailey.containerfs.fake;

import bailey.ContainerSystem;
import bailey.containerfs.tree.Tree;
import bailey.testkit.cgroup.FakeCgroups;
import bailey.testkit.machine.FakeKernel;
import bailey.testkit.machine.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A machine in memory for each test, and the tree of its containers. */
public final class FakeTree implements BeforeEachCallback, AfterEachCallback {
  private @Nullable Path folder;
  private @Nullable FakeKernel kernel;
  private @Nullable ContainerSystem system;
  private @Nullable Tree tree;

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    folder = Files.createTempDirectory("bailey-files");
    var machine = new FakeKernel(FakeCgroups.hybrid(), folder);
    machine.program("/bin/sleep", Program.FOR_EVER);
    kernel = machine;
    system = ContainerSystem.open(machine, folder.resolve("state").toString());
    tree = new Tree(system, Optional.empty(), 0, 0, 0);
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    system().containers().reversed().forEach(container -> container.remove(true));
    kernel().close();
    try (var files = Files.walk(Objects.requireNonNull(folder))) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.deleteIfExists(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }

  /** The machine. */
  public FakeKernel kernel() {
    return Objects.requireNonNull(kernel);
  }

  /** Its containers. */
  public ContainerSystem system() {
    return Objects.requireNonNull(system);
  }

  /** All of them as files. */
  public Tree tree() {
    return Objects.requireNonNull(tree);
  }
}
