package bailey.kernel.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.ControlFile;
import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupVersion;
import bailey.core.subsystem.ControlGroup;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.Subsystems;
import bailey.testkit.KernelAbility;
import bailey.testkit.cgroup.GroupTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What limits do to real tasks, and what figures say of it. */
class LimitKernelTest {
  /** Fills a variable with so many bytes, says so, and waits. */
  private static final String HOLD =
      "read x; v=$(head -c $0 /dev/zero | tr '\\0' x); echo ${#v}; read x";

  private KernelMachine machine;
  private ControlGroup group;
  private GroupTree tree;

  @BeforeEach
  void open() {
    machine = KernelMachine.open(_ -> true);
    tree = GroupTree.of(machine.files(), machine.features(), Subsystems.standard().controllers());
    group =
        new ControlGroup(
            machine.files(),
            machine.features(),
            "c-contract-" + ProcessHandle.current().pid() + "-limits");
    tree.make(group.path());
  }

  @AfterEach
  void close() {
    if (machine != null) {
      machine.endAll();
      tree.hierarchies().forEach(this::empty);
      tree.remove(group.path());
      machine.close();
    }
  }

  /** Ends what the shells started, and waits until it is gone. */
  private void empty(String hierarchy) {
    for (var tasks = tasks(hierarchy); !tasks.isEmpty(); tasks = tasks(hierarchy)) {
      tasks
          .lines()
          .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
          .forEach(ProcessHandle::destroyForcibly);
    }
  }

  private String tasks(String hierarchy) {
    return machine.files().read(hierarchy, group.path(), "cgroup.procs");
  }

  private static Controller owner(String control) {
    return (Controller) Subsystems.standard().find(control).subsystem();
  }

  private void set(String control, String value) {
    group.set(owner(control), Map.of(control, value));
  }

  private String get(String control) {
    ControlFile file = Subsystems.standard().find(control).file();
    return group.get(owner(control), file);
  }

  private long number(String control) {
    return Long.parseLong(get(control));
  }

  private long number(String control, String key) {
    var table = new HashMap<String, String>();
    get(control).lines().forEach(line -> table.put(line.split(" ", -1)[0], line.split(" ", -1)[1]));
    assertThat(table).as(control).containsKey(key);
    return Long.parseLong(table.getOrDefault(key, ""));
  }

  private void requires(String controller) {
    KernelAbility.require(
        Subsystems.standard().controllers().stream()
            .filter(c -> c.name().equals(controller))
            .anyMatch(c -> c.version(machine.features()).isPresent()),
        "the controller " + controller);
  }

  /**
   * Starts a shell script, in the group before it runs its first command: it reads a line first.
   */
  private Process start(String script, String argument) {
    int pid = machine.start("sh", "-c", script, argument);
    for (var hierarchy : tree.hierarchies()) {
      machine.files().write(hierarchy, group.path(), "cgroup.procs", Integer.toString(pid));
    }
    return machine.process(pid);
  }

  private static void go(Process process) throws IOException {
    process.outputWriter().write("go\n");
    process.outputWriter().flush();
  }

  /** Waits for what the kernel does at its own time. */
  private void await(String control, Predicate<String> wanted) {
    while (!wanted.test(get(control))) {
      Thread.onSpinWait();
    }
  }

  @Test
  void memoryInUseIsMeasuredAndALimitBelowItIsRefusedOnV1AndKillsOnV2()
      throws IOException, InterruptedException {
    requires("memory");
    var process = start(HOLD, "8000000");
    go(process);
    assertThat(line(process)).isEqualTo("8000000");
    assertThat(number("memory.current")).isBetween(8_000_000L, 64_000_000L);
    assertThat(number("memory.stat", "anon")).isGreaterThan(8_000_000L);
    if (owner("memory.max").version(machine.features()).orElseThrow() == CgroupVersion.V1) {
      assertThatThrownBy(() -> set("memory.max", "4096"))
          .isInstanceOf(BadRequest.class)
          .hasMessageStartingWith("memory.max: 4096 cannot be set: ")
          .hasMessageEndingWith(
              "EBUSY (device or resource busy). More than that is in use and could not be"
                  + " reclaimed: free some, or allow more.");
      assertThat(get("memory.max")).isEqualTo("max");
      assertThat(process.isAlive()).isTrue();
    } else {
      set("memory.swap.max", "0"); // else a machine that has swap takes there what is too much
      set("memory.max", "4M");
      assertThat(process.waitFor()).isEqualTo(128 + 9);
      assertThat(number("memory.events", "oom_kill")).isPositive();
    }
    assertThat(number("memory.peak")).isGreaterThan(8_000_000L);
  }

  @Test
  void aTaskThatNeedsMoreThanItsLimitIsKilledAndCounted() throws IOException, InterruptedException {
    requires("memory");
    assertThat(number("memory.events", "oom_kill")).isZero();
    group.set(owner("memory.max"), Map.of("memory.max", "4M", "memory.swap.max", "0"));
    var process = start(HOLD, "64000000");
    go(process);
    process.waitFor();
    assertThat(number("memory.events", "oom_kill")).isPositive();
    if (owner("memory.max").version(machine.features()).orElseThrow() == CgroupVersion.V2) {
      assertThat(number("memory.events", "max")).isPositive(); // v1 since 6.16: see MemoryV1
    }
    assertThat(number("memory.peak")).isBetween(1_000_000L, 4L << 20);
  }

  @Test
  void aForkBeyondTheLimitFailsAndIsCounted() throws IOException, InterruptedException {
    requires("pids");
    set("pids.max", "1");
    var process = start("read x; (:) || :; (:)", "sh");
    assertThat(get("pids.current")).isEqualTo("1");
    go(process);
    assertThat(process.waitFor()).isNotZero();
    assertThat(number("pids.events", "max")).isPositive();
    assertThat(get("pids.peak")).isEqualTo("1");
  }

  @Test
  void frozenTasksStopAndGoOn() throws IOException, InterruptedException {
    requires("freezer");
    var process = start("read x; echo $x", "sh");
    set("freezer.state", "FROZEN");
    await("freezer.state", "FROZEN"::equals);
    go(process);
    set("freezer.state", "THAWED");
    assertThat(line(process)).isEqualTo("go");
    assertThat(process.waitFor()).isZero();
    assertThat(get("freezer.state")).isEqualTo("THAWED");
  }

  @Test
  void cpuTimeIsLimitedAndCounted() throws IOException {
    requires("cpu");
    requires("cpuacct");
    set("cpu.max", "1000 100000");
    go(start("read x; while :; do :; done", "sh"));
    await("cpuacct.usage", usage -> Long.parseLong(usage) > 3_000);
    await(
        "cpu.stat",
        _ -> number("cpu.stat", "nr_throttled") > 0 && number("cpu.stat", "throttled_usec") > 0);
    assertThat(number("cpuacct.usage_user")).isPositive();
    assertThat(number("cpu.stat", "nr_periods")).isPositive();
  }

  private static String line(Process process) throws IOException {
    BufferedReader reader = process.inputReader();
    var line = reader.readLine();
    return line == null ? "" : line;
  }
}
