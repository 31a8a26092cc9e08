package bailey.kernel.engine;

import bailey.Container;
import bailey.ContainerProcess;
import bailey.ContainerSystem;
import bailey.core.kernel.TaskInfo;
import bailey.core.spec.ContainerSpec;
import bailey.linux.LinuxKernel;
import bailey.linux.exec.ExecutorConnection;
import bailey.testkit.KernelAbility;
import bailey.testkit.NothingRemains;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A container system of its own for each test, whose traces are looked for afterwards. */
final class Engine implements BeforeEachCallback, AfterEachCallback {
  /** Where tests wait for what may not come. */
  static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);

  private final NothingRemains remains = new NothingRemains(this::isOurs);
  private @Nullable Path folder;
  private @Nullable LinuxKernel kernel;
  private @Nullable ContainerSystem system;

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    var features = new LinuxKernel().features();
    KernelAbility.require(features.privileged(), "root");
    folder = Files.createTempDirectory("bailey-test");
    remains.beforeEach(context);
    kernel = new LinuxKernel();
    system = ContainerSystem.open(kernel, state());
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    if (folder == null) {
      return; // skipped
    }
    if (system != null) {
      system.containers().reversed().forEach(Container::close);
      for (var hierarchy : system.hierarchies().reversed()) {
        if (!hierarchy.name().equals(ContainerSystem.DEFAULT_HIERARCHY)) {
          system.hierarchy(hierarchy.name()).containers().reversed().forEach(Container::close);
          system.unmountHierarchy(hierarchy.name());
        }
      }
    }
    if (kernel != null) {
      kernel.close();
    }
    if (system != null) {
      system.close();
    }
    delete(folder);
    remains.afterEach(context);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }

  /** The group of this state directory, or something below this folder. */
  private boolean isOurs(String path) {
    return path.contains(Objects.requireNonNull(folder).toString()) || path.contains(suffix());
  }

  /** The name of the group that the containers of this test are in. */
  String base() {
    return "bailey" + suffix();
  }

  /** What the names of all groups of this test end in. */
  private String suffix() {
    return NothingRemains.groupSuffix(state());
  }

  ContainerSystem system() {
    return Objects.requireNonNull(system);
  }

  LinuxKernel kernel() {
    return Objects.requireNonNull(kernel);
  }

  Path folder() {
    return Objects.requireNonNull(folder);
  }

  /** The state directory. */
  String state() {
    return folder().resolve("state").toString();
  }

  /** The process of this test's executor. */
  long executorPid() {
    return ((ExecutorConnection) kernel().executor()).pid();
  }

  /** The names of the groups of containers, in any hierarchy. */
  SortedSet<String> groups() {
    var layout = kernel().features().cgroups();
    var points = new ArrayList<>(layout.mounts().values());
    layout.unified().ifPresent(points::add);
    var names = new TreeSet<String>();
    for (var point : points) {
      var groups = new File(point + "/" + base()).list((folder, _) -> folder.isDirectory());
      for (var group : groups == null ? new String[0] : groups) {
        if (group.startsWith("c-")) {
          names.add(group);
        }
      }
    }
    return names;
  }

  /** Kills a process, and no other that got its number. */
  static void kill(TaskInfo task) {
    try (var kernel = new LinuxKernel()) {
      var _ = kernel.processes().signal(task.pid(), task.startTicks(), 9);
    }
  }

  /** What the spec of a test begins with: it is removed at its end. */
  static ContainerSpec.Builder spec() {
    return ContainerSpec.builder().removed(true).environment("PATH", "/usr/bin:/bin");
  }

  ContainerProcess start(ContainerSpec.Builder spec, String... command) {
    return system().start(spec.build(), List.of(command));
  }

  ContainerProcess sh(ContainerSpec.Builder spec, String script) {
    return start(spec, "/bin/sh", "-c", script);
  }

  /** All that a command writes to its output. */
  static String output(ContainerProcess process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The first line that a command writes to its output; waits for it. */
  static String line(ContainerProcess process) throws IOException {
    var line = new StringBuilder();
    for (int c = process.getInputStream().read(); c >= 0 && c != '\n'; ) {
      line.append((char) c);
      c = process.getInputStream().read();
    }
    return line.toString();
  }
}
