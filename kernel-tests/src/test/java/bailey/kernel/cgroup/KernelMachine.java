package bailey.kernel.cgroup;

import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.CgroupVersion;
import bailey.core.subsystem.CgroupFeatures;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.Subsystems;
import bailey.linux.cgroup.LinuxCgroupFiles;
import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import bailey.testkit.cgroup.CgroupMachine;
import bailey.testkit.cgroup.GroupTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The control groups of this machine. Its tests need root, and leave the tops as they were. */
final class KernelMachine implements CgroupMachine, AutoCloseable {
  private static final long PAGE = 4096; // x86-64; aarch64 kernels of Debian too

  private final LinuxCgroupFiles files;
  private final CgroupFeatures features;
  private final List<String> enabled;
  private final Map<Integer, Process> processes = new HashMap<>();

  private KernelMachine(LinuxCgroupFiles files, CgroupFeatures features, List<String> enabled) {
    this.files = files;
    this.features = features;
    this.enabled = enabled;
  }

  /** Where this machine's control groups are. */
  static CgroupLayout layout() {
    return KernelProbe.features().cgroups();
  }

  /** This machine with those of its controllers that a test is about, by version. */
  static KernelMachine open(Predicate<CgroupVersion> versions) {
    KernelAbility.require(KernelProbe.features().uid() == 0, "root, to make control groups");
    var layout = layout();
    var files = new LinuxCgroupFiles(layout);
    var before = handedOn(layout, files);
    var wanted = wanted(CgroupFeatures.of(layout, PAGE, Map.of()), versions, before, layout);
    var sample = "c-contract-" + ProcessHandle.current().pid() + "-sample";
    var tree = GroupTree.of(files, wanted, Subsystems.standard().controllers());
    tree.make(sample);
    var features = files.features(PAGE, sample);
    tree.remove(sample);
    var enabled = new ArrayList<>(handedOn(layout, files));
    enabled.removeAll(before);
    return new KernelMachine(
        files, wanted(features, versions, handedOn(layout, files), layout), enabled);
  }

  private static List<String> handedOn(CgroupLayout layout, CgroupFiles files) {
    if (layout.unified().isEmpty()) {
      return List.of();
    }
    var names = files.read(CgroupFiles.CORE, "", "cgroup.subtree_control").strip();
    return names.isEmpty() ? List.of() : List.of(names.split(" ", -1));
  }

  /**
   * Without the controllers that tests must not turn on: those of a v2 hierarchy beside v1, where
   * that would be to change the machine.
   */
  private static CgroupFeatures wanted(
      CgroupFeatures all,
      Predicate<CgroupVersion> versions,
      List<String> handedOn,
      CgroupLayout layout) {
    var some = new HashMap<>(all.controllers());
    some.entrySet()
        .removeIf(
            entry -> {
              boolean offered =
                  entry.getValue().version() == CgroupVersion.V1
                      || entry.getKey().equals(Controller.CORE)
                      || layout.mounts().isEmpty()
                      || handedOn.contains(entry.getKey());
              return !offered || !versions.test(entry.getValue().version());
            });
    return new CgroupFeatures(all.pageSize(), some);
  }

  @Override
  public CgroupFiles files() {
    return files;
  }

  @Override
  public CgroupFeatures features() {
    return features;
  }

  /** Limits are set in the tests' own groups, where no I/O is done. */
  @Override
  public Optional<String> disk() {
    try (var disks = Files.list(Path.of("/sys/block"))) {
      var numbers = new TreeSet<String>();
      for (var disk : disks.toList()) {
        numbers.add(Files.readString(disk.resolve("dev")).strip());
      }
      return numbers.isEmpty() ? Optional.empty() : Optional.of(numbers.first());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int startTask() {
    return start("sleep", "1000");
  }

  /** Starts a command that the machine ends with the others. */
  int start(String... command) {
    try {
      var process = new ProcessBuilder(command).start();
      processes.put((int) process.pid(), process);
      return (int) process.pid();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Process process(int task) {
    return Objects.requireNonNull(processes.get(task));
  }

  @Override
  public void endTask(int task) {
    var process = processes.remove(task);
    if (process != null) {
      process.destroyForcibly();
      boolean interrupted = false;
      while (true) {
        try {
          process.waitFor();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends all tasks that were started. */
  void endAll() {
    List.copyOf(processes.keySet()).forEach(this::endTask);
  }

  /** Turns off at the top what was turned on there. */
  @Override
  public void close() {
    endAll();
    if (!enabled.isEmpty()) {
      files.write(CgroupFiles.CORE, "", "cgroup.subtree_control", "-" + String.join(" -", enabled));
    }
  }
}
