package bailey.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.NumberSet;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Membership.Nature;
import bailey.core.spec.NamespaceKind;
import bailey.linux.proc.GroupPlaces;
import bailey.linux.proc.MountEntry;
import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinuxProcessesTest {
  private static final int SIGKILL = 9;
  private static final NumberSet NUMBERS = new NumberSet("CPU", 8191);

  private final LinuxProcesses processes =
      new LinuxProcesses(
          () -> GroupPlaces.of(new LinuxKernel().features().cgroups(), MountEntry.readAll()));
  private Process cat;

  @BeforeEach
  void start() throws IOException {
    cat = new ProcessBuilder("/bin/cat", "-u", "-").start();
  }

  @AfterEach
  void end() {
    cat.destroyForcibly();
    cat.onExit().join();
  }

  /** Says something and hears it again: the process has executed its program by then. */
  private void running() throws IOException {
    cat.getOutputStream().write('x');
    cat.getOutputStream().flush();
    assertThat(cat.getInputStream().read()).isEqualTo('x');
  }

  @Test
  void self() {
    var self = processes.self();
    assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(self.arguments()).isNotEmpty();
    assertThat(processes.boot()).matches("[0-9a-f-]{36}");
  }

  @Test
  void find() throws IOException {
    running();
    var found = processes.find(cat.pid()).orElseThrow();
    assertThat(found.parent()).isEqualTo(processes.self().pid());
    assertThat(found.command()).isEqualTo("cat");
    assertThat(found.arguments()).containsExactly("/bin/cat", "-u", "-");
    assertThat(found.uid()).isEqualTo(processes.self().uid());
    assertThat(found.state()).isIn('S', 'R');
    assertThat(found.startTicks()).isGreaterThanOrEqualTo(processes.self().startTicks());
    assertThat(processes.find(Integer.MAX_VALUE)).isEmpty();
  }

  @Test
  void itRunsUntilItHasEndedAndIsNoOther() throws IOException, InterruptedException {
    running();
    long ticks = processes.find(cat.pid()).orElseThrow().startTicks();
    assertThat(processes.runs(cat.pid(), ticks)).isTrue();
    assertThat(processes.runs(cat.pid(), ticks + 1)).isFalse();
    cat.destroyForcibly();
    processes.awaitEnd(cat.pid(), ticks);
    assertThat(processes.runs(cat.pid(), ticks)).isFalse();
  }

  @Test
  void argumentsOfACommandLine() {
    assertThat(LinuxProcesses.arguments("a\0\0b c\0")).containsExactly("a", "", "b c");
    assertThat(LinuxProcesses.arguments("overwritten")).containsExactly("overwritten");
    assertThat(LinuxProcesses.arguments("")).isEmpty();
  }

  @Test
  void namespace() {
    long self = processes.self().pid();
    for (var kind : NamespaceKind.values()) {
      assertThat(processes.namespace(cat.pid(), kind)).isEqualTo(processes.namespace(self, kind));
    }
    assertThat(processes.namespace(Integer.MAX_VALUE, NamespaceKind.NET)).isEmpty();
  }

  @Test
  void signalReachesTheOneMeantOnly() throws Exception {
    long start = processes.find(cat.pid()).orElseThrow().startTicks();
    assertThat(processes.signal(cat.pid(), start + 1, SIGKILL)).isFalse();
    running();
    assertThat(processes.signal(cat.pid(), start, SIGKILL)).isTrue();
    assertThat(cat.waitFor()).isEqualTo(128 + SIGKILL);
    assertThat(processes.signal(cat.pid(), start, SIGKILL)).isFalse();
    assertThat(processes.signal(Integer.MAX_VALUE, 0, SIGKILL)).isFalse();
  }

  @Test
  void aProcessIsPlacedOnTheCpusThatItMayHave() throws Exception {
    long start = processes.find(cat.pid()).orElseThrow().startTicks();
    var all = processes.cpus(cat.pid()).orElseThrow();
    var one = new BitSet();
    one.set(NUMBERS.numbers(all).nextSetBit(0));
    assertThat(processes.place(cat.pid(), start + 1, one)).isFalse();
    assertThat(processes.cpus(cat.pid())).contains(all);
    assertThat(processes.place(cat.pid(), start, one)).isTrue();
    assertThat(processes.cpus(cat.pid())).contains(NumberSet.text(one));
    var none = new BitSet();
    none.set(8000);
    assertThatThrownBy(() -> processes.place(cat.pid(), start, none))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining("on the CPUs 8000 failed: EINVAL");
    assertThat(processes.place(Integer.MAX_VALUE, 0, one)).isFalse();
    assertThat(processes.cpus(Integer.MAX_VALUE)).isEmpty();
  }

  @Test
  void awaitEndOfARunningProcess() throws Exception {
    long start = processes.find(cat.pid()).orElseThrow().startTicks();
    var ended = new CountDownLatch(1);
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                processes.awaitEnd(cat.pid(), start);
                ended.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    running();
    assertThat(ended.getCount()).isEqualTo(1);
    cat.destroyForcibly();
    ended.await();
    processes.awaitEnd(cat.pid(), start); // gone: at once
  }

  @Test
  void awaitEndReturnsWhereAnotherHasTheNumber() throws Exception {
    long start = processes.find(cat.pid()).orElseThrow().startTicks();
    processes.awaitEnd(cat.pid(), start + 1);
    running();
  }

  @Test
  void awaitEndCanBeInterrupted() {
    long start = processes.find(cat.pid()).orElseThrow().startTicks();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> processes.awaitEnd(cat.pid(), start))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void whoAProcessIsAndWhereItIs() {
    var self = processes.self();
    var membership = processes.membership(self.pid()).orElseThrow();
    assertThat(membership.startTicks()).isEqualTo(self.startTicks());
    assertThat(membership.parent()).isEqualTo(self.parent());
    assertThat(membership.nature()).isEqualTo(Nature.PROGRAM);
    assertThat(membership.realTime()).isFalse();
    assertThat(membership.memory()).isGreaterThan(1 << 20);
    assertThat(membership.threads()).hasSizeGreaterThan(3);
    assertThat(membership.threads().getFirst().tid()).isEqualTo(self.pid());
    var own = new LinuxKernel().features().cgroups().own();
    own.forEach(
        (controller, path) ->
            assertThat(membership.groups())
                .containsEntry(controller.isEmpty() ? "cgroup" : controller, path.substring(1)));
    assertThat(processes.parents()).containsEntry(self.pid(), self.parent());
    long other = membership.threads().getLast().tid();
    assertThat(processes.membership(other)).as("a thread is no process").isEmpty();
    assertThat(processes.processOf(other)).hasValue(self.pid());
    assertThat(processes.processOf(0)).isEmpty();
  }

  @Test
  void plannersAreKnownByTheirArguments() {
    assertThat(MembershipReader.isPlanner("java\0-Dbailey.lib=/opt/lib\0-m\0x\0--stay\0")).isTrue();
    assertThat(MembershipReader.isPlanner("java\0-Dbailey.lib=/opt/lib\0--answer\0")).isTrue();
    assertThat(MembershipReader.isPlanner("java\0-m\0x\0--stay\0")).isFalse();
    assertThat(MembershipReader.isPlanner("java\0-Dbailey.lib=/opt/lib\0-m\0x\0")).isFalse();
  }
}
