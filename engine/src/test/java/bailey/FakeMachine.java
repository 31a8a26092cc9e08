package bailey;

import bailey.core.kernel.CgroupFiles;
import bailey.core.spec.ContainerSpec;
import bailey.testkit.cgroup.FakeCgroups;
import bailey.testkit.machine.FakeKernel;
import bailey.testkit.machine.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A machine in memory for each test, with a few programs, and a container system on it. */
final class FakeMachine implements BeforeEachCallback, AfterEachCallback {
  private static final int MOST_TRIES = 1000;
  private static final long PAUSE_NANOS = 1_000_000;

  private final Supplier<FakeCgroups> groups;
  private @Nullable Path folder;
  private @Nullable FakeKernel kernel;
  private @Nullable ContainerSystem system;

  /** With the control groups of the machines that are the hardest: both versions. */
  FakeMachine() {
    this(FakeCgroups::hybrid);
  }

  FakeMachine(Supplier<FakeCgroups> groups) {
    this.groups = groups;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    folder = Files.createTempDirectory("bailey-fake");
    var machine = new FakeKernel(groups.get(), folder);
    machine.program("/bin/true", command -> 0);
    machine.program("/bin/cat", Program.UNTIL_INPUT_ENDS);
    machine.program("/bin/sleep", Program.FOR_EVER);
    machine.program("/bin/exit", command -> Integer.parseInt(command.arguments().get(1)));
    kernel = machine;
    system = ContainerSystem.open(machine, state());
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    kernel().close();
    delete(Objects.requireNonNull(folder));
  }

  /** A supervisor that the machine's end met in its work may make and remove files meanwhile. */
  private static void delete(Path path) throws IOException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      deleteContent(path);
      try {
        Files.deleteIfExists(path);
        return;
      } catch (DirectoryNotEmptyException _) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    Files.deleteIfExists(path);
  }

  private static void deleteContent(Path path) throws IOException {
    try (var entries = Files.newDirectoryStream(path)) {
      for (var entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          delete(entry);
        } else {
          Files.deleteIfExists(entry);
        }
      }
    } catch (NoSuchFileException _) {
      // gone as well
    }
  }

  String state() {
    return Objects.requireNonNull(folder).resolve("state").toString();
  }

  FakeKernel kernel() {
    return Objects.requireNonNull(kernel);
  }

  ContainerSystem system() {
    return Objects.requireNonNull(system);
  }

  /** Starts the machine anew, and what uses it. */
  void reboot() {
    kernel().reboot();
    system = ContainerSystem.open(kernel(), state());
  }

  static ContainerSpec.Builder spec() {
    return ContainerSpec.builder().removed(true).environment("PATH", "/bin");
  }

  ContainerProcess start(ContainerSpec.Builder spec, String... command) {
    return system().start(spec.build(), List.of(command));
  }

  static String output(ContainerProcess process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The groups of containers that are there, in any hierarchy. */
  List<String> groups() {
    var layout = kernel().features().cgroups();
    return Stream.concat(layout.mounts().keySet().stream(), Stream.of("cgroup"))
        .flatMap(
            controller -> {
              try {
                return kernel().cgroups().children(controller, "").stream()
                    .filter(top -> top.startsWith("bailey"))
                    .flatMap(top -> kernel().cgroups().children(controller, top).stream());
              } catch (CgroupFiles.Refused _) {
                return Stream.of();
              }
            })
        .distinct()
        .sorted()
        .toList();
  }
}
