package bailey;

import static bailey.FakeMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Errno;
import bailey.core.container.OnEmpty;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.error.StepFailed;
import bailey.core.kernel.Membership;
import bailey.core.kernel.Membership.Nature;
import bailey.core.plan.OnError;
import bailey.core.plan.Step;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.state.ContainerState;
import bailey.testkit.cgroup.FakeCgroups;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tasks that run get containers of their own. */
class CloneTest {
  @RegisterExtension final FakeMachine machine = new FakeMachine();

  private static CloneSpec limited() {
    return CloneSpec.of(spec().memory("64M").build());
  }

  private CloneResult clone(CloneSpec spec, long pid) {
    return machine.system().cloneTask(spec, pid);
  }

  private String group(long pid, String controller) {
    return machine.kernel().groupsOf(pid).getOrDefault(controller, "");
  }

  private List<String> names() {
    return machine.system().containers().stream().map(Container::name).toList();
  }

  @Test
  void aTaskOfNoContainerGetsOneAtTheTop() {
    long pid = machine.kernel().startProcess("/bin/job");
    var result = clone(limited(), pid);
    var name = Long.toString(pid);
    assertThat(result.container().name()).isEqualTo(name);
    assertThat(result.moved().moved()).containsExactly(new MoveResult.Moved(pid, "/bin/job"));
    for (var controller : List.of("memory", "pids", "cpu", "cpuacct", "cgroup")) {
      assertThat(group(pid, controller)).as(controller).endsWith("/c-" + name);
    }
    assertThat(result.container().get("memory.max")).isEqualTo("67108864");
    assertThat(machine.system().containerOf(pid).map(Container::name)).contains(name);
  }

  @Test
  void aTaskOfAContainerGetsOneInThat() {
    var web = machine.system().create(spec().name("web").memory("1G").build());
    long pid = machine.kernel().startProcess("/bin/job");
    long other = machine.kernel().forkProcess(pid);
    web.attachTree(pid);
    var job = clone(CloneSpec.of(spec().name("job").memory("64M").build()), pid);
    assertThat(job.container().name()).isEqualTo("web/job");
    assertThat(group(pid, "memory")).endsWith("/c-web/c-job");
    assertThat(group(other, "memory")).endsWith("/c-web");
    var inner = clone(CloneSpec.of(spec().name("inner").build()), pid);
    assertThat(inner.container().name()).isEqualTo("web/job/inner");
    assertThat(machine.system().containerOf(other).map(Container::name)).contains("web");
  }

  @Test
  void itsDescendantsComeAlong() {
    long pid = machine.kernel().startProcess("/bin/job");
    long child = machine.kernel().forkProcess(pid);
    long elsewhere = machine.kernel().forkProcess(child);
    machine.system().create(spec().name("other").build()).attach(elsewhere);
    var result = clone(limited().tree(true), pid);
    assertThat(group(child, "memory")).isEqualTo(group(pid, "memory"));
    assertThat(group(elsewhere, "cgroup")).endsWith("/c-other");
    assertThat(result.moved().stayed())
        .containsExactly(new MoveResult.Stayed(elsewhere, "/bin/job", "is in container other"));
  }

  @Test
  void onlyTheSubsystemsThatWereChosenAreItsOwn() {
    long pid = machine.kernel().startProcess("/bin/job");
    clone(CloneSpec.of(spec().accounted(false).control("pids.max", "max").build()), pid);
    assertThat(group(pid, "pids")).endsWith("/c-" + pid);
    assertThat(group(pid, "memory")).isEmpty();
  }

  @Test
  void itStaysWhenItsMakerIsGone() throws Exception {
    long pid = machine.kernel().startProcess("/bin/job");
    var container = clone(limited(), pid).container();
    assertThat(machine.system().gc().removed()).isEmpty();
    assertThat(container.state()).isEqualTo(ContainerState.CREATED);
    var record = Path.of(machine.state(), "containers", "c-" + pid, "intent");
    assertThat(Files.readString(record)).contains("spec.detached=true");
  }

  @Test
  void whatIsToBeDoneWhenItIsEmptyIsSaid() {
    long pid = machine.kernel().startProcess("/bin/job");
    var container = clone(limited().onEmpty(OnEmpty.NOTIFY), pid).container();
    assertThat(container.get("container.on_empty")).isEqualTo("notify");
  }

  // ---- refusals: nothing is changed ----

  private void refused(Class<? extends Exception> type, String start, CloneSpec spec, long pid) {
    var names = names();
    var groups = machine.groups();
    var before = machine.kernel().groupsOf(pid);
    assertThatThrownBy(() -> clone(spec, pid)).isInstanceOf(type).hasMessageStartingWith(start);
    assertThat(names()).isEqualTo(names);
    assertThat(machine.groups()).isEqualTo(groups);
    assertThat(machine.kernel().groupsOf(pid)).isEqualTo(before);
  }

  @Test
  void namespacesOfAnotherCannotBeChanged() {
    long pid = machine.kernel().startProcess("/bin/job");
    refused(
        NotPossibleHere.class,
        "cannot give process "
            + pid
            + " a new net, uts namespace: a process changes its namespaces only by itself"
            + " (unshare(2)); start it anew by bailey clone --new net,uts -- COMMAND, or leave"
            + " net,uts out",
        CloneSpec.of(
            spec()
                .namespace(NamespaceKind.UTS, NamespaceRequest.NEW)
                .namespace(NamespaceKind.NET, NamespaceRequest.NEW)
                .build()),
        pid);
  }

  @Test
  void whatDoesNotFitStaysAndLeavesNothing() {
    long pid = machine.kernel().startProcess("/bin/job");
    machine
        .kernel()
        .change(
            pid,
            m ->
                new Membership(
                    m.pid(),
                    m.parent(),
                    m.startTicks(),
                    m.state(),
                    m.command(),
                    m.nature(),
                    false,
                    false,
                    128 << 20,
                    m.threads()));
    refused(
        BadRequest.class,
        "cannot clone process " + pid + " to " + pid + ": memory.max is 67108864, and they have",
        limited(),
        pid);
  }

  @Test
  void aNameThatIsTakenIsRefused() {
    machine.system().create(spec().name("job").build());
    long pid = machine.kernel().startProcess("/bin/job");
    var job = CloneSpec.of(spec().name("job").build());
    refused(ContainerBusy.class, "cannot create job: the name is in use", job, pid);
    var two = CloneSpec.of(spec().name("a/b").build());
    refused(BadRequest.class, "--name: a/b is more than one part", two, pid);
  }

  @Test
  void onlyProcessesThatCanBeMoved() {
    long thread = machine.kernel().startProcess("kworker");
    machine
        .kernel()
        .change(
            thread,
            m ->
                new Membership(
                    m.pid(),
                    m.parent(),
                    m.startTicks(),
                    m.state(),
                    m.command(),
                    Nature.KERNEL,
                    false,
                    false,
                    0,
                    m.threads()));
    refused(
        BadRequest.class,
        "cannot clone process " + thread + " (kworker): it is a thread of the kernel",
        limited(),
        thread);
    assertThatThrownBy(() -> clone(limited(), 4711))
        .isInstanceOf(BadRequest.class)
        .hasMessage("clone: there is no process 4711; ps -e lists those there are");
    assertThatThrownBy(() -> clone(limited(), 0)).isInstanceOf(BadRequest.class);
    long self = machine.kernel().processes().self().pid();
    refused(BadRequest.class, "cannot clone process " + self + " to " + self, limited(), self);
    long pid = machine.kernel().startProcess("/bin/job");
    refused(
        BadRequest.class,
        "clone: a boundary is the root",
        CloneSpec.of(spec().boundary(true).build()),
        pid);
  }

  // ---- whatever fails ----

  @Test
  void atEachRefusedStepNothingIsChanged() {
    machine.system().create(spec().name("web").build());
    long pid = machine.kernel().startProcess("/bin/job");
    machine.system().container("web").attach(pid);
    var spec = CloneSpec.of(spec().name("job").memory("64M").build());
    int all = steps(spec, pid);
    assertThat(all).isGreaterThan(30);
    int failed = 0;
    for (int place = 0; place < all; place++) {
      var at = place;
      var seen = new ArrayList<Step>();
      machine
          .kernel()
          .refuse(
              step -> {
                boolean matters = matters(step) && seen.size() <= at;
                if (matters) {
                  seen.add(step);
                }
                return matters && seen.size() == at + 1;
              },
              Errno.ENOMEM);
      try {
        clone(spec, pid);
        machine.system().container("web").attach(pid);
        machine.system().container("web/job").remove(false);
      } catch (StepFailed e) {
        failed++;
        assertThat(names()).as("at %s: %s", place, seen.getLast()).containsExactly("web");
        assertThat(group(pid, "memory")).as("at " + place).endsWith("/c-web");
        assertThat(group(pid, "cgroup")).as("at " + place).endsWith("/c-web");
      }
    }
    machine.kernel().refuse(_ -> false, Errno.ENOMEM);
    assertThat(failed).isGreaterThan(all / 2);
  }

  private static boolean matters(Step step) {
    return step instanceof Step.PlaceListed
        || (step instanceof Step.Call call && call.onError() instanceof OnError.Fail);
  }

  /** How many there are that matter; all is as before then. */
  private int steps(CloneSpec spec, long pid) {
    var steps = new ArrayList<Step>();
    machine
        .kernel()
        .refuse(
            step -> {
              if (matters(step)) {
                steps.add(step);
              }
              return false;
            },
            Errno.ENOMEM);
    clone(spec, pid);
    int all = steps.size();
    machine.system().container("web").attach(pid);
    machine.system().container("web/job").remove(false);
    return all;
  }

  /** On v2 a group whose children have controllers has no tasks, so that all make room. */
  @Nested
  class OnUnified {
    @RegisterExtension final FakeMachine unified = new FakeMachine(FakeCgroups::v2);

    @Test
    void theOthersStayInTheLeaf() {
      ContainerSpec spec = spec().name("web").memory("1G").build();
      var web = unified.system().create(spec);
      long pid = unified.kernel().startProcess("/bin/job");
      long other = unified.kernel().forkProcess(pid);
      web.attachTree(pid);
      var job = unified.system().cloneTask(limited(), pid).container();
      assertThat(job.name()).isEqualTo("web/" + pid);
      assertThat(unified.kernel().groupsOf(pid).get("cgroup")).endsWith("/c-web/c-" + pid);
      assertThat(unified.kernel().groupsOf(other).get("cgroup")).endsWith("/c-web/tasks");
    }
  }
}
