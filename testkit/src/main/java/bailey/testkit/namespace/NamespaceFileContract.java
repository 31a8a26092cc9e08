package bailey.testkit.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.ControlFile;
import bailey.core.container.View;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.error.StepFailed;
import bailey.core.spec.NamespaceKind;
import bailey.core.subsystem.NamespaceSource;
import bailey.core.subsystem.Subsystems;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Control files of namespaces, read and set from outside: each is set and read back, is that of one
 * container only, and is refused where it must be.
 */
public abstract class NamespaceFileContract {
  private static final Map<String, List<String>> SAMPLES =
      Map.ofEntries(
          Map.entry("uts.hostname", List.of("build-8", "a.b")),
          Map.entry("uts.domainname", List.of("example")),
          Map.entry("ipc.shmmax", List.of("64M", "max", "0")),
          Map.entry("ipc.shmall", List.of("16384", "max")),
          Map.entry("ipc.shm_rmid_forced", List.of("1", "0")),
          Map.entry("ipc.sem", List.of("250 32000 32 128", "32000 1024000000 500 32000")),
          Map.entry("ipc.mq_msg_max", List.of("20")),
          Map.entry("ipc.mq_msg_default", List.of("5")),
          Map.entry("ipc.mq_msgsize_max", List.of("16K")),
          Map.entry("ipc.mq_msgsize_default", List.of("4K")),
          Map.entry("pid.max", List.of("500", "4194304")),
          Map.entry("net.ipv4.ip_forward", List.of("1", "0")),
          Map.entry("net.ipv6.conf.all.forwarding", List.of("1", "0")),
          Map.entry("net.ipv4.ip_local_port_range", List.of("20000 30000")),
          Map.entry("net.ipv4.ping_group_range", List.of("0 100")),
          Map.entry("net.ipv4.ip_unprivileged_port_start", List.of("80")));

  private static final List<String> OTHERS = List.of("100", "200");

  /** For subclasses. */
  protected NamespaceFileContract() {}

  /**
   * A container that runs, with namespaces of its own but for user and time; the same for one test.
   */
  protected abstract ControlledContainer container();

  /** Another one. */
  protected abstract ControlledContainer neighbour();

  /**
   * A container without a task that has these namespaces already; removed after the test.
   *
   * @param controls what is set when it is made
   */
  protected abstract ControlledContainer created(
      Set<NamespaceKind> kinds, Map<String, String> controls);

  /** Whether this kernel has a control file in a namespace. */
  protected boolean has(String control) {
    return true;
  }

  private boolean isHere(String control) {
    if (!has(control)) {
      assertThatThrownBy(() -> container().get(control))
          .isInstanceOf(NotPossibleHere.class)
          .hasMessageContaining("a namespace has it from Linux");
      assertThatThrownBy(
              () -> container().set(control, SAMPLES.getOrDefault(control, OTHERS).getFirst()))
          .isInstanceOf(NotPossibleHere.class);
    }
    return has(control);
  }

  private static List<ControlFile> settings() {
    var files = new ArrayList<ControlFile>();
    for (var namespace : Subsystems.standard().namespaces()) {
      for (var file : namespace.controlFiles()) {
        if (namespace.source(file) instanceof NamespaceSource.Sysctl
            && !namespace.name().equals("user")
            && !file.name().equals("pid.last")) { // to read it takes a number

          files.add(file);
        }
      }
    }
    return files;
  }

  static List<String> names() {
    return settings().stream().map(ControlFile::name).toList();
  }

  private static ControlFile file(String name) {
    return Subsystems.standard().find(name).file();
  }

  @ParameterizedTest
  @MethodSource("names")
  final void aSettingIsReadBackAndIsThatOfOneContainer(String name) {
    if (!isHere(name)) {
      return;
    }
    var beside = neighbour().get(name);
    for (var sample : SAMPLES.getOrDefault(name, OTHERS)) {
      container().set(name, sample);
      assertThat(container().get(name)).isEqualTo(file(name).canonical(sample));
      assertThat(container().effective(name)).isEqualTo(file(name).canonical(sample));
    }
    assertThat(neighbour().get(name)).isEqualTo(beside);
  }

  @ParameterizedTest
  @MethodSource("names")
  final void aSettingMayBeWrittenBackAsItReads(String name) {
    if (!isHere(name)) {
      return;
    }
    var shown = container().get(name);
    if (!shown.equals("1\t0") && !shown.equals("1 0")) { // an empty range of groups
      container().set(name, shown);
      assertThat(container().get(name)).isEqualTo(shown);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  final void malformedValuesAreRefused(String name) {
    if (!isHere(name)) {
      return;
    }
    var shown = container().get(name);
    for (var wrong : List.of("", "a\nb", "\0")) {
      assertThatThrownBy(() -> container().set(name, wrong))
          .as("%s = '%s'", name, wrong)
          .isInstanceOf(BadRequest.class)
          .hasMessageStartingWith(name + ": ")
          .hasMessageContaining("; write ");
    }
    assertThat(container().get(name)).isEqualTo(shown);
  }

  @Test
  final void allThatCanBeReadIsThere() {
    assertThat(container().all())
        .containsKeys(
            "uts.hostname", "ipc.sem", "pid.last", "pid.level", "net.interfaces", "mnt.mounts")
        .doesNotContainKeys("user.max_user_namespaces", "time.boottime");
    assertThat(container().all()).allSatisfy((_, value) -> assertThat(value).doesNotEndWith("\n"));
  }

  @Test
  final void interfacesAreListedWithStateAndAddresses() {
    assertThat(container().get("net.interfaces")).startsWith("lo up 127.0.0.1/8");
    assertOnlyReports("net.interfaces");
  }

  private void assertOnlyReports(String name) {
    assertThatThrownBy(() -> container().set(name, "x"))
        .isInstanceOf(BadRequest.class)
        .hasMessage(name + ": this control only reports, it cannot be set");
  }

  @Test
  final void everySettingOfANetworkIsThereByItsName() {
    assertThat(container().get("net.ipv4.tcp_fin_timeout")).isEqualTo("60");
    container().set("net.ipv4.tcp_fin_timeout", "30");
    assertThat(container().get("net.ipv4.tcp_fin_timeout")).isEqualTo("30");
    assertThat(neighbour().get("net.ipv4.tcp_fin_timeout")).isEqualTo("60");
    assertThatThrownBy(() -> container().set("net.ipv4.tcp_fin_timeout", "often"))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("EINVAL")
        .hasMessageContaining("does not take this value");
    assertThatThrownBy(() -> container().get("net.ipv4.no_such"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessage("net.ipv4.no_such: this kernel has no such setting in a net namespace");
    for (var outside :
        List.of("net.ipv4...", "net.ipv4.//.x", "net.kernel.x", "net.", "net.core", "net.core.-")) {
      assertThatThrownBy(() -> container().get(outside))
          .as(outside)
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("no such control");
    }
  }

  @Test
  final void aMountIsMadeReadOnlyAndWritableAgain() {
    var before = container().get("mnt.readonly").lines().toList();
    assertThat(before).doesNotContain("/");
    container().set("mnt.readonly", "/ on");
    assertThat(container().get("mnt.readonly").lines()).contains("/");
    assertThat(neighbour().get("mnt.readonly").lines()).doesNotContain("/");
    container().set("mnt.readonly", "/ off");
    assertThat(container().get("mnt.readonly").lines()).isEqualTo(before);
    assertThatThrownBy(() -> container().set("mnt.readonly", "/usr/bin on"))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("EINVAL")
        .hasMessageContaining("Nothing is mounted there");
    assertThatThrownBy(() -> container().set("mnt.readonly", "/no/such on"))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("Nothing is mounted there");
    for (var wrong : List.of("/proc off", "/sys/kernel off", "/", "on", "a on", "/a/../b on")) {
      assertThatThrownBy(() -> container().set("mnt.readonly", wrong))
          .as(wrong)
          .isInstanceOf(BadRequest.class);
    }
    assertThat(container().get("mnt.mounts").lines())
        .anyMatch(line -> line.matches("/ \\S+ rw \\S+"));
  }

  @Test
  final void placesInTheTreesAreTold() {
    assertThat(container().get("pid.level")).isEqualTo("1");
    assertThat(container().get("cgroup.root").lines())
        .isNotEmpty()
        .allMatch(line -> line.matches("[a-z0-9_,=.-]+: /[^?]*c-[^?]*|[a-z0-9_,=.-]+: /"));
    assertThat(container().get("cgroup.root").lines()).anyMatch(line -> line.contains("/c-"));
    assertOnlyReports("pid.level");
    assertOnlyReports("cgroup.root");
  }

  @Test
  final void whatTheContainerSharesIsRefused() {
    assertThatThrownBy(() -> container().get("user.uid_map"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining("no user namespace of its own")
        .hasMessageContaining("--userns auto");
    assertThatThrownBy(() -> container().set("time.boottime", "5"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining("--set time.boottime=0");
  }

  @Test
  final void whatHasNoTaskIsReadAndSetAsWell() {
    var kinds =
        EnumSet.of(
            NamespaceKind.NET,
            NamespaceKind.UTS,
            NamespaceKind.IPC,
            NamespaceKind.MNT,
            NamespaceKind.CGROUP);
    var container = created(kinds, Map.of("ipc.shmmni", "77", "uts.hostname", "early"));
    var beside = container().get("ipc.shmmni");
    assertThat(container.get("ipc.shmmni")).isEqualTo("77");
    assertThat(container.get("uts.hostname")).isEqualTo("early");
    container.set("ipc.shmmni", "78");
    container.set("uts.hostname", "later");
    container.set("net.ipv4.ip_forward", "1");
    container.set("mnt.readonly", "/ on");
    assertThat(container.get("ipc.shmmni")).isEqualTo("78");
    assertThat(container.effective("ipc.shmmni")).isEqualTo("78");
    assertThat(container.get("uts.hostname")).isEqualTo("later");
    assertThat(container.get("net.ipv4.ip_forward")).isEqualTo("1");
    assertThat(container.get("mnt.readonly").lines()).contains("/");
    assertThat(container.get("mnt.mounts").lines()).anyMatch(line -> line.startsWith("/ "));
    assertThat(container.get("net.interfaces")).startsWith("lo up 127.0.0.1/8");
    assertThat(container().get("ipc.shmmni")).isEqualTo(beside);
    assertThatThrownBy(() -> container.get("cgroup.root"))
        .isInstanceOf(ContainerBusy.class)
        .hasMessageContaining("only a task in created shows this");
    assertThat(container.all())
        .containsEntry("ipc.shmmni", "78")
        .containsEntry("uts.hostname", "later")
        .doesNotContainKeys("cgroup.root", "pid.last", "time.boottime");
  }

  @Test
  final void clocksOfANamespaceWithoutATaskAreSetWithIt() {
    var container = created(EnumSet.of(NamespaceKind.TIME), Map.of("time.boottime", "864000000"));
    assertThat(container.get("time.boottime")).isEqualTo("864000000");
    assertThatThrownBy(() -> container.set("time.boottime", "1"))
        .isInstanceOf(ContainerBusy.class)
        .hasMessageContaining("was made with it");
  }

  @Test
  final void onlyALimitHasAValueForEachSide() {
    assertThatThrownBy(() -> container().get("ipc.shmmax", View.INTERNAL))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining("has no boundary");
    assertThatThrownBy(() -> container().get("uts.hostname", View.INTERNAL))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("it is no limit");
  }

  /** Checks a container that was started with offsets of its clocks. */
  protected static void clocksAreSet(
      ControlledContainer container, String monotonic, String boottime) {
    assertThat(container.get("time.monotonic")).isEqualTo(monotonic);
    assertThat(container.get("time.boottime")).isEqualTo(boottime);
    assertThatThrownBy(() -> container.set("time.boottime", "1"))
        .isInstanceOf(ContainerBusy.class)
        .hasMessageContaining("only until its first task is in it");
  }
}
