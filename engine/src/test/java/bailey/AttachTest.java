package bailey;

import static bailey.FakeMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Errno;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.error.StateDamaged;
import bailey.core.error.StepFailed;
import bailey.core.kernel.Membership;
import bailey.core.kernel.Membership.Member;
import bailey.core.kernel.Membership.Nature;
import bailey.core.plan.OnError;
import bailey.core.plan.Step;
import bailey.testkit.cgroup.FakeCgroups;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Running processes are put into containers, on each kind of machine. */
class AttachTest {
  @RegisterExtension final FakeMachine machine = new FakeMachine();

  private Container create(String name) {
    return machine.system().create(spec().name(name).memory("64M").pids(20).build());
  }

  private static UnaryOperator<Membership> with(
      Nature nature, boolean terminal, boolean login, long memory, boolean realTime) {
    return m ->
        new Membership(
            m.pid(),
            m.parent(),
            m.startTicks(),
            m.state(),
            m.command(),
            nature,
            terminal,
            login,
            memory,
            m.threads().stream().map(t -> new Member(t.tid(), realTime, t.groups())).toList());
  }

  private void is(long pid, Nature nature, boolean terminal, boolean login) {
    machine.kernel().change(pid, with(nature, terminal, login, 0, false));
  }

  private static Set<String> containers(Map<String, String> groups) {
    var names = new LinkedHashSet<String>();
    groups.values().stream()
        .filter(path -> path.contains("/c-"))
        .forEach(path -> names.add(path.substring(path.indexOf("/c-") + 3)));
    return names;
  }

  @Test
  void aProcessIsInEveryGroupOfTheContainer() {
    var web = create("web");
    long pid = machine.kernel().startProcess("/usr/sbin/webd");
    var result = web.attach(pid);
    assertThat(result.moved()).containsExactly(new MoveResult.Moved(pid, "/usr/sbin/webd"));
    assertThat(result.stayed()).isEmpty();
    var groups = machine.kernel().groupsOf(pid);
    for (var controller : List.of("memory", "pids", "cpu", "cpuacct", "cgroup")) {
      assertThat(groups.get(controller)).as(controller).endsWith("/c-web");
    }
    assertThat(groups).containsEntry("devices", "").containsEntry("cpuset", "");
    assertThat(web.tasks()).hasSize(1);
    assertThat(holds()).isEmpty();
    assertThat(web.attach(pid).moved()).as("again").hasSize(1);
  }

  private List<String> holds() {
    return machine.groups().stream().filter(name -> name.startsWith("move-")).toList();
  }

  @Test
  void itsChildrenComeWithTheTree() {
    var web = create("web");
    long top = machine.kernel().startProcess("/bin/top");
    long child = machine.kernel().forkProcess(top);
    long grandchild = machine.kernel().forkProcess(child);
    long other = machine.kernel().startProcess("/bin/other");
    web.attach(top);
    assertThat(containers(machine.kernel().groupsOf(child))).isEmpty();
    var result = web.attachTree(top);
    assertThat(result.stayed()).isEmpty();
    assertThat(containers(machine.kernel().groupsOf(grandchild))).containsExactly("web");
    assertThat(containers(machine.kernel().groupsOf(child))).containsExactly("web");
    assertThat(containers(machine.kernel().groupsOf(other))).isEmpty();
  }

  @Test
  void whatIsInAnotherContainerStaysThere() {
    var one = create("one");
    var two = create("two");
    long top = machine.kernel().startProcess("/bin/top");
    long child = machine.kernel().forkProcess(top);
    two.attach(child);
    var result = one.attachTree(top);
    assertThat(result.stayed())
        .containsExactly(new MoveResult.Stayed(child, "/bin/top", "is in container two"));
    assertThat(containers(machine.kernel().groupsOf(child))).containsExactly("two");
    assertThat(containers(machine.kernel().groupsOf(top))).containsExactly("one");
  }

  @Test
  void oneThatLeavesAContainerIsInNoneOfItsGroups() {
    var narrow = machine.system().create(spec().name("narrow").control("cpuset.cpus", "0").build());
    var web = create("web");
    long pid = machine.kernel().startProcess("/bin/x");
    narrow.attach(pid);
    assertThat(machine.kernel().groupsOf(pid).get("cpuset")).endsWith("/c-narrow");
    web.attach(pid);
    assertThat(containers(machine.kernel().groupsOf(pid))).containsExactly("web");
    assertThat(machine.kernel().groupsOf(pid)).containsEntry("cpuset", "");
  }

  // ---- refusals ----

  private void refused(Container container, String message, long... pids) {
    var before = new ArrayList<Map<String, String>>();
    for (long pid : pids) {
      before.add(machine.kernel().groupsOf(pid));
    }
    assertThatThrownBy(() -> container.attach(pids))
        .isInstanceOf(BadRequest.class)
        .hasMessage(message);
    for (int i = 0; i < pids.length; i++) {
      assertThat(machine.kernel().groupsOf(pids[i])).isEqualTo(before.get(i));
    }
  }

  @Test
  void subsystemsSayWhyATaskMayNotComeIn() {
    var one = machine.system().create(spec().name("one").memory("1M").pids(1).build());
    long pid = machine.kernel().startProcess("/bin/x");
    long second = machine.kernel().forkProcess(pid);
    refused(
        one,
        "cannot attach process "
            + pid
            + ", "
            + second
            + " to one: pids.max is 1, and with 2 more there would be 2 tasks; set it to 2 or more"
            + " first",
        pid,
        second);
    machine.kernel().change(pid, with(Nature.PROGRAM, false, false, 2 << 20, false));
    refused(
        one,
        "cannot attach process "
            + pid
            + " to one: memory.max is 1048576, and they have 2097152 bytes; raise it first",
        pid);
  }

  @Test
  void theLimitsOfTheContainersAroundCount() {
    machine.system().create(spec().name("ci").pids(1).build());
    var job = machine.system().create(spec().name("ci/job").build());
    long pid = machine.kernel().startProcess("/bin/x");
    long second = machine.kernel().forkProcess(pid);
    assertThatThrownBy(() -> job.attach(pid, second))
        .hasMessageContaining(" to ci/job: it is in ci, where pids.max is 1, and with 2 more ");
    job.attach(pid);
    machine.system().container("ci").attach(pid); // it is in there already: nothing is added
  }

  @Test
  void anEmptyCpusetTakesNobody() {
    var job = machine.system().create(spec().name("job").control("cpuset.cpus", "0").build());
    var groups = machine.kernel().cgroups();
    groups.write("cpuset", base() + "/c-job", "cpuset.cpus", "");
    long pid = machine.kernel().startProcess("/bin/x");
    refused(
        job,
        "cannot attach process "
            + pid
            + " to job: cpuset.cpus is empty, so that no task can run in it; set it first, such as"
            + " to 0",
        pid);
  }

  private String base() {
    return machine.kernel().cgroups().children("cgroup", "").stream()
        .filter(name -> name.startsWith("bailey"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aContainerWithNamespacesOfItsOwnTakesNobody() throws Exception {
    var process = machine.start(spec().name("walled"), "/bin/cat");
    long pid = machine.kernel().startProcess("/bin/x");
    assertThatThrownBy(() -> process.container().attach(pid))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("cannot attach process " + pid + " to walled: it has pid, mnt")
        .hasMessageEndingWith(
            " namespaces of its own, into which no running process can be put; start a new one in"
                + " it by bailey exec walled, or make a container without by bailey create");
    process.getOutputStream().close();
    process.waitFor();
  }

  @Test
  void noKernelThreadNoKeeperNobody() {
    var web = create("web");
    long thread = machine.kernel().startProcess("kworker");
    is(thread, Nature.KERNEL, false, false);
    assertThatThrownBy(() -> web.attach(thread))
        .hasMessageEndingWith("(kworker): it is a thread of the kernel, which stays where it is");
    long keeper = machine.kernel().startProcess("bailey");
    assertThatThrownBy(() -> web.attach(keeper)).hasMessageContaining("it is bailey's own");
    assertThatThrownBy(() -> web.attach(4711))
        .hasMessage("attach: there is no process 4711; ps -e lists those there are");
    assertThatThrownBy(web::attach).hasMessageStartingWith("attach: no process is given");
    assertThatThrownBy(() -> web.attach(-1)).isInstanceOf(BadRequest.class);
    long self = machine.kernel().processes().self().pid();
    assertThatThrownBy(() -> web.attach(self))
        .hasMessageContaining("stopped while it moves itself");
    long pid = machine.kernel().startProcess("/bin/x");
    var result = web.attach(pid, 4711);
    assertThat(result.stayed()).containsExactly(new MoveResult.Stayed(4711, "", "is gone"));
    assertThat(containers(machine.kernel().groupsOf(pid))).containsExactly("web");
  }

  @Test
  void whatHasEndedTakesNobody() throws Exception {
    var process = machine.start(spec().name("over").removed(false), "/bin/true");
    process.waitFor();
    long pid = machine.kernel().startProcess("/bin/x");
    assertThatThrownBy(() -> process.container().attach(pid))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage("cannot attach to over: it is ended; make one by bailey create");
  }

  // ---- whatever fails ----

  @Test
  void atEachRefusedStepAllIsWhereItWas() throws Exception {
    var one = create("one");
    var two = create("two");
    long pid = machine.kernel().startProcess("/bin/x");
    long other = machine.kernel().startProcess("/bin/y");
    one.attach(pid);
    var steps = new ArrayList<Step>();
    machine
        .kernel()
        .refuse(
            step -> {
              boolean matters =
                  step instanceof Step.PlaceListed
                      || (step instanceof Step.Call call && call.onError() instanceof OnError.Fail);
              if (matters) {
                steps.add(step);
              }
              return false;
            },
            Errno.ENOMEM);
    two.attach(pid, other);
    int all = steps.size();
    assertThat(all).isGreaterThan(20);
    int failed = 0;
    for (int place = 0; place < all; place++) {
      machine.kernel().refuse(_ -> false, Errno.ENOMEM);
      one.attach(pid);
      leave(other);
      var before = List.of(machine.kernel().groupsOf(pid), machine.kernel().groupsOf(other));
      failed += refusedAt(place, two, pid, other) ? 1 : 0;
      machine.kernel().refuse(_ -> false, Errno.ENOMEM);
      var now = List.of(machine.kernel().groupsOf(pid), machine.kernel().groupsOf(other));
      var names = List.of(containers(now.getFirst()), containers(now.getLast()));
      if (!now.equals(before)) {
        assertThat(names).as("step %s", place).containsOnly(Set.of("two"));
      }
      assertThat(holds()).as("step %s", place).isEmpty();
      assertThat(Files.size(Path.of(machine.state(), "move"))).as("step %s", place).isZero();
    }
    assertThat(failed).isGreaterThan(all / 2);
  }

  /** To the top of every hierarchy. */
  private void leave(long pid) {
    for (var controller : machine.kernel().groupsOf(pid).keySet()) {
      machine.kernel().cgroups().write(controller, "", "cgroup.procs", Long.toString(pid));
    }
  }

  private boolean refusedAt(int place, Container target, long... pids) {
    var seen = new int[1];
    machine
        .kernel()
        .refuse(
            step -> {
              boolean matters =
                  step instanceof Step.PlaceListed
                      || (step instanceof Step.Call call && call.onError() instanceof OnError.Fail);
              return matters && seen[0]++ == place;
            },
            Errno.ENOMEM);
    try {
      target.attach(pids);
      return false;
    } catch (StepFailed e) {
      assertThat(e)
          .hasMessageContaining("failed: ENOMEM")
          .hasMessageContaining("All is where it was");
      return true;
    }
  }

  @Test
  void aLostExecutorLeavesNothingHeld() {
    var one = create("one");
    long pid = machine.kernel().startProcess("/bin/x");
    machine
        .kernel()
        .refuse(
            step -> {
              if (step instanceof Step.PlaceListed place && place.to().value().contains("/pids/")) {
                machine.kernel().refuse(_ -> false, Errno.EIO);
                machine.kernel().killExecutor();
              }
              return false;
            },
            Errno.EIO);
    assertThatThrownBy(() -> one.attach(pid)).isInstanceOf(StateDamaged.class);
    assertThat(containers(machine.kernel().groupsOf(pid))).isEmpty();
    assertThat(holds()).isEmpty();
    one.attach(pid);
    assertThat(containers(machine.kernel().groupsOf(pid))).containsExactly("one");
  }

  // ---- what was put in is not lost ----

  @Test
  void aContainerIsNotRemovedUnderThem() {
    var sys = create("sys");
    long pid = machine.kernel().startProcess("/usr/sbin/daemon");
    sys.attach(pid);
    assertThatThrownBy(() -> sys.remove(false))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage(
            "cannot remove sys: 1 processes were put into it, such as "
                + pid
                + "; bailey attach puts them elsewhere, --force kills them");
    sys.remove(true);
    assertThat(machine.kernel().processes().find(pid).filter(t -> t.state() != 'Z')).isEmpty();
  }

  // ---- adopt ----

  @Test
  void daemonsAreAdoptedAndOthersStay() throws Exception {
    long daemon = machine.kernel().startProcess("/usr/sbin/daemon");
    long child = machine.kernel().forkProcess(daemon);
    long thread = machine.kernel().startProcess("kworker");
    is(thread, Nature.KERNEL, false, false);
    long shell = machine.kernel().startProcess("/bin/bash");
    is(shell, Nature.PROGRAM, true, true);
    long session = machine.kernel().startProcess("/usr/bin/dbus");
    is(session, Nature.PROGRAM, false, true);
    var process = machine.start(spec().name("web"), "/bin/cat");
    var dry = machine.system().adoptSystem("sys", true);
    assertThat(machine.system().containers()).hasSize(1);
    var result = machine.system().adoptSystem("sys", false);
    assertThat(result).isEqualTo(dry);
    assertThat(result.moved().stream().map(MoveResult.Moved::pid)).containsExactly(daemon, child);
    assertThat(containers(machine.kernel().groupsOf(child))).containsExactly("sys");
    var reasons = new java.util.HashMap<Long, String>();
    result.stayed().forEach(stayed -> reasons.put(stayed.pid(), stayed.reason()));
    assertThat(reasons)
        .containsEntry(thread, "is a thread of the kernel")
        .containsEntry(shell, "has a terminal, so somebody works with it")
        .containsEntry(session, "belongs to somebody who logged in")
        .containsEntry(
            machine.kernel().processes().self().pid(), "is this command, or has started it")
        .containsValue("is in container web")
        .containsValue("is bailey's own");
    assertThat(machine.system().container("sys").tasks()).hasSize(2);
    assertThat(machine.system().adoptSystem("sys", false).moved()).isEmpty();
    process.getOutputStream().close();
    process.waitFor();
  }

  /** One hierarchy: the kernel does it at once. */
  @Nested
  class OnV2 {
    @RegisterExtension final FakeMachine unified = new FakeMachine(FakeCgroups::v2);

    @Test
    void processesAndTrees() {
      var web = unified.system().create(spec().name("web").memory("64M").build());
      long pid = unified.kernel().startProcess("/bin/x");
      web.attach(pid);
      assertThat(containers(unified.kernel().groupsOf(pid))).containsExactly("web");
      long child = unified.kernel().forkProcess(pid);
      long other = unified.kernel().startProcess("/bin/y");
      var room = unified.system().create(spec().name("room").build());
      room.attachTree(pid);
      room.attach(other, child);
      for (long each : new long[] {pid, child, other}) {
        assertThat(containers(unified.kernel().groupsOf(each))).containsExactly("room");
      }
      assertThat(unified.groups()).containsExactly("c-room", "c-web");
    }

    @Test
    void threadsOnlyWhereTheGroupIsThreaded() {
      var web = unified.system().create(spec().name("web").memory("64M").build());
      long pid = unified.kernel().startProcess("/bin/x");
      assertThatThrownBy(() -> web.attachThreads(pid))
          .isInstanceOf(NotPossibleHere.class)
          .hasMessageEndingWith(
              "only where the group is threaded, and web is not: it has memory, which know"
                  + " processes only; attach the whole process");
    }
  }

  /** No cgroup2: the freezer of v1 holds what is moved. */
  @Nested
  class OnV1 {
    @RegisterExtension final FakeMachine old = new FakeMachine(FakeCgroups::v1);

    @Test
    void theFreezerOfV1HoldsThem() {
      var web = old.system().create(spec().name("web").memory("64M").build());
      long pid = old.kernel().startProcess("/bin/x");
      long child = old.kernel().forkProcess(pid);
      web.attachTree(pid);
      assertThat(containers(old.kernel().groupsOf(child))).containsExactly("web");
      assertThat(old.kernel().groupsOf(child).get("freezer")).endsWith("/c-web");
      assertThat(old.groups()).containsExactly("c-web");
    }

    @Test
    void singleThreadsWhereControllersKnowThem() {
      var web = old.system().create(spec().name("web").memory("64M").pids(9).build());
      long pid = old.kernel().startProcess("/bin/x");
      var result = web.attachThreads(pid);
      assertThat(result.apart()).contains("memory").doesNotContain("cpu", "pids");
      assertThat(old.kernel().groupsOf(pid)).containsEntry("memory", "");
      assertThat(old.kernel().groupsOf(pid).get("pids")).endsWith("/c-web");
      assertThatThrownBy(() -> web.attachThreads(4711))
          .hasMessage("attach: there is no thread 4711; ps -eL lists those there are");
    }
  }
}
