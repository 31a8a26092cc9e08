package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.line;
import static bailey.kernel.engine.Engine.output;
import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.Container;
import bailey.ContainerProcess;
import bailey.core.container.View;
import bailey.core.error.ContainerBusy;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.UserMapping;
import bailey.linux.probe.KernelProbe;
import bailey.testkit.namespace.ControlledContainer;
import bailey.testkit.namespace.NamespaceFileContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NamespaceFileKernelTest extends NamespaceFileContract {
  @RegisterExtension final Engine engine = new Engine();

  private @Nullable ContainerProcess one;
  private @Nullable ContainerProcess other;
  private @Nullable Container made;

  @BeforeEach
  void start() {
    one = engine.start(spec().name("one").memory("64M"), "/bin/cat");
    other = engine.start(spec().name("other"), "/bin/cat");
  }

  @AfterEach
  void end() throws Exception {
    for (var process : new ContainerProcess[] {one, other}) {
      if (process != null) {
        process.getOutputStream().close();
        process.waitFor();
      }
    }
    if (made != null) {
      made.remove(false);
    }
  }

  private record Controlled(Container container) implements ControlledContainer {
    @Override
    public String get(String control, View view) {
      return container.get(control, view);
    }

    @Override
    public void set(String control, String value) {
      container.set(control, value);
    }

    @Override
    public String effective(String control) {
      return container.effective(control);
    }

    @Override
    public Map<String, String> all() {
      return container.controls();
    }
  }

  @Override
  protected ControlledContainer container() {
    return new Controlled(Objects.requireNonNull(one).container());
  }

  @Override
  protected ControlledContainer neighbour() {
    return new Controlled(Objects.requireNonNull(other).container());
  }

  @Override
  protected boolean has(String control) {
    return !control.equals("pid.max") || KernelProbe.features().atLeast(6, 14);
  }

  @Override
  protected ControlledContainer created(Set<NamespaceKind> kinds, Map<String, String> controls) {
    var spec = spec().name("created").detached(true);
    kinds.forEach(kind -> spec.namespace(kind, NamespaceRequest.NEW));
    controls.forEach(spec::control);
    made = engine.system().create(spec.build());
    return new Controlled(made);
  }

  @Test
  void whatIsSetBeforeTheStartIsSeenInside() throws Exception {
    var process =
        engine.sh(
            spec()
                .control("uts.hostname", "early")
                .control("ipc.shmmax", "64M")
                .control("pid.last", "400")
                .control("time.boottime", "864000000")
                .control("time.monotonic", "-1.5"),
            "echo $$ $(hostname) $(cat /proc/sys/kernel/shmmax) $(cut -d. -f1 /proc/uptime);"
                + " read x");
    var words = line(process).split(" ", -1);
    assertThat(words[0]).isEqualTo("401");
    assertThat(words[1]).isEqualTo("early");
    assertThat(words[2]).isEqualTo("67108864");
    assertThat(Long.parseLong(words[3])).isGreaterThan(864_000_000L);
    clocksAreSet(new Controlled(process.container()), "-1.5", "864000000");
    process.getOutputStream().close();
    process.waitFor();
  }

  @Test
  void whatWasSetWithoutATaskIsWhatItsCommandFinds() throws Exception {
    var early =
        created(
            Set.of(NamespaceKind.IPC, NamespaceKind.UTS, NamespaceKind.TIME),
            Map.of("time.boottime", "864000000", "uts.domainname", "before"));
    early.set("ipc.shmmni", "20");
    early.set("pid.last", "400");
    var process =
        Objects.requireNonNull(made)
            .start(
                "/bin/sh",
                "-c",
                "echo $$ $(cat /proc/sys/kernel/shmmni /proc/sys/kernel/domainname) $(cut -d."
                    + " -f1 /proc/uptime)");
    var words = line(process).split(" ", -1);
    assertThat(List.of(words).subList(0, 3)).containsExactly("401", "20", "before");
    assertThat(Long.parseLong(words[3])).isGreaterThan(864_000_000L);
    process.waitFor();
  }

  @Test
  void theNextProcessGetsTheNumberThatWasChosen() throws Exception {
    var container = Objects.requireNonNull(one).container();
    container.set("pid.last", "299");
    var process = container.exec("/bin/sh", "-c", "echo $$");
    assertThat(line(process)).isEqualTo("300");
    process.waitFor();
    assertThat(Long.parseLong(container.get("pid.last"))).isGreaterThanOrEqualTo(301);
  }

  @Test
  void theInsideCannotChangeThemButSeesThem() throws Exception {
    var process =
        engine.sh(
            spec().control("ipc.shmmni", "7"),
            "cat /proc/sys/kernel/shmmni; echo 8 > /proc/sys/kernel/shmmni || echo refused; read x;"
                + " cat /proc/sys/kernel/shmmni");
    assertThat(line(process)).isEqualTo("7");
    assertThat(line(process)).isEqualTo("refused");
    process.container().set("ipc.shmmni", "9");
    process.getOutputStream().close();
    assertThat(output(process)).isEqualTo("9\n");
    process.waitFor();
  }

  @Test
  void aMountSwitchIsFeltInside() throws Exception {
    var process =
        engine.sh(
            spec(),
            "read x; echo a > /tmp/a || echo refused; read x; echo b > /tmp/a && cat /tmp/a");
    var mounts = process.container().get("mnt.mounts").lines().toList();
    var point = mounts.stream().anyMatch(line -> line.startsWith("/tmp ")) ? "/tmp" : "/";
    process.container().set("mnt.readonly", point + " on");
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    assertThat(line(process)).isEqualTo("refused");
    process.container().set("mnt.readonly", point + " off");
    process.getOutputStream().close();
    assertThat(output(process)).isEqualTo("b\n");
    process.waitFor();
  }

  @Test
  void aUserNamespaceShowsItsMapsAndTakesItsLimits() throws Exception {
    var process =
        engine.start(
            spec()
                .userMapping(UserMapping.AUTO)
                .control("user.max_user_namespaces", "3")
                .control("uts.hostname", "mapped")
                .control("time.boottime", "1000")
                .control("ipc.shmmni", "11"),
            "/bin/cat");
    var container = process.container();
    assertThat(container.get("user.uid_map")).matches("0 [1-9][0-9]+ 65536");
    assertThat(container.get("user.gid_map")).matches("0 [1-9][0-9]+ 65536");
    assertThat(container.get("user.setgroups")).isEqualTo("allow");
    assertThat(container.get("user.max_user_namespaces")).isEqualTo("3");
    assertThat(container.get("uts.hostname")).isEqualTo("mapped");
    assertThat(container.get("time.boottime")).isEqualTo("1000");
    assertThat(container.get("ipc.shmmni")).isEqualTo("11");
    container.set("user.max_user_namespaces", "4");
    container.set("net.ipv4.ip_forward", "1");
    container.set("ipc.shmmni", "12");
    container.set("ipc.mq_queues_max", "7");
    container.set("uts.domainname", "outside");
    assertThat(container.get("ipc.shmmni")).isEqualTo("12");
    assertThat(container.get("ipc.mq_queues_max")).isEqualTo("7");
    assertThat(container.get("uts.domainname")).isEqualTo("outside");
    assertThat(container.get("user.max_user_namespaces")).isEqualTo("4");
    assertThat(container.get("net.ipv4.ip_forward")).isEqualTo("1");
    process.getOutputStream().close();
    process.waitFor();
  }

  @Test
  void idsAreThoseThatWereChosen() throws Exception {
    var process =
        engine.start(
            spec()
                .userMapping(UserMapping.AUTO)
                .control("user.uid_map", "0 1300000 1000,2000 1400000 10"),
            "/bin/cat");
    var container = process.container();
    assertThat(container.get("user.uid_map")).isEqualTo("0 1300000 1000\n2000 1400000 10");
    assertThat(container.get("user.gid_map")).matches("0 [1-9][0-9]+ 65536");
    assertThat(Files.getAttribute(Path.of("/proc/" + process.pid()), "unix:uid"))
        .isEqualTo(1_300_000);
    assertThatThrownBy(() -> container.set("user.uid_map", "0 1300000 1000"))
        .isInstanceOf(ContainerBusy.class)
        .hasMessageContaining("takes the ids of a user namespace once");
    var inside = container.exec("/bin/sh", "-c", "cat /proc/self/uid_map | tr -s ' \\n' ' '");
    assertThat(output(inside)).isEqualTo(" 0 1300000 1000 2000 1400000 10 ");
    process.getOutputStream().close();
    process.waitFor();
    var later = engine.system().create(spec().name("later").userMapping(UserMapping.AUTO).build());
    later.set("user.gid_map", "0 1300000 500");
    assertThat(later.get("user.gid_map")).isEqualTo("0 1300000 500");
    var started = later.start("/bin/sh", "-c", "cat /proc/self/gid_map | tr -s ' '");
    assertThat(output(started)).isEqualTo(" 0 1300000 500\n");
    started.waitFor();
    later.close();
  }

  @Test
  void ofTheValuesOfBothSidesOfABoundaryTheLowerHolds() throws Exception {
    var process =
        engine.start(
            spec()
                .boundary(true)
                .userMapping(UserMapping.AUTO)
                .control("ipc.shmmni", "100")
                .control("pids.max", "50"),
            "/bin/cat");
    var container = process.container();
    var queues = container.get("ipc.mq_queues_max");
    container.set("ipc.mq_queues_max", "100000", View.INTERNAL);
    assertThat(container.effective("ipc.mq_queues_max")).isEqualTo(queues);
    assertThat(container.get("ipc.mq_queues_max")).isEqualTo(queues);
    for (var control : List.of("ipc.shmmni", "pids.max")) {
      var external = container.get(control);
      container.set(control, "20", View.INTERNAL);
      assertThat(container.get(control, View.INTERNAL)).isEqualTo("20");
      assertThat(container.get(control)).isEqualTo(external);
      assertThat(container.effective(control)).isEqualTo("20");
      container.set(control, "30");
      assertThat(container.effective(control)).isEqualTo("20");
      container.set(control, "15");
      assertThat(container.effective(control)).isEqualTo("15");
      container.set(control, "25", View.INTERNAL);
      assertThat(container.effective(control)).isEqualTo("15");
      assertThat(container.get(control, View.INTERNAL)).isEqualTo("25");
    }
    process.getOutputStream().close();
    process.waitFor();
  }

  @Test
  void whatWasJoinedIsSetWhereItBelongs() throws Exception {
    var process =
        engine.start(
            spec()
                .name("guest")
                .namespace(
                    NamespaceKind.IPC,
                    new NamespaceRequest.Joined(
                        "/proc/" + Objects.requireNonNull(one).pid() + "/ns/ipc")),
            "/bin/cat");
    assertThat(process.container().get("ipc.shmmni")).isNotEmpty();
    assertThatThrownBy(() -> process.container().set("ipc.shmmni", "5"))
        .hasMessage("ipc.shmmni: guest joined the ipc namespace of another; set it there");
    process.getOutputStream().close();
    process.waitFor();
  }

  @Test
  void whatIsSharedIsTheMachinesAndLeftAlone() throws Exception {
    var process =
        engine.start(spec().namespace(NamespaceKind.UTS, NamespaceRequest.SHARED), "/bin/cat");
    assertThatThrownBy(() -> process.container().set("uts.hostname", "no"))
        .hasMessageContaining("this would be the machine's; start it without --share uts");
    process.getOutputStream().close();
    process.waitFor();
  }
}
