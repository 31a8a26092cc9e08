package bailey.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import bailey.cli.syntax.ArgumentParser;
import bailey.core.error.BadRequest;
import bailey.core.spec.Capability;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.IdentityRequest;
import bailey.core.spec.MountRequest;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.RootRequest;
import bailey.core.spec.UserMapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecReaderTest {
  private static final Environment ENVIRONMENT =
      new Environment(Map.of("LANG", "C", "TERM", "xterm-256color"));

  private static ContainerSpec read(String... options) {
    var arguments = new ArrayList<>(List.of(options));
    arguments.add("true");
    return SpecReader.read(
        ArgumentParser.parse(RunSyntax.syntax(), arguments),
        ENVIRONMENT,
        "/here",
        (container, kind) -> "/proc/7/ns/" + kind.file() + "?" + container);
  }

  @Test
  void withoutOptionsItIsTheDefaultInThisEnvironment() {
    var plain = ContainerSpec.builder();
    plain.environment("LANG", "C").environment("TERM", "xterm-256color");
    assertThat(read()).isEqualTo(plain.build());
    assertThat(read("-i", "--init")).isEqualTo(plain.build());
  }

  private static ContainerSpec some(String... options) {
    var arguments = new ArrayList<>(List.of(options));
    arguments.add("4711");
    return SpecReader.some(ArgumentParser.parse(new CloneCommand().syntax(), arguments)).build();
  }

  @Test
  void someSubsystemsAreChosen() {
    var all = some("--memory", "64M", "-n", "job");
    assertThat(all.accounted()).isTrue();
    assertThat(all.name().map(Object::toString)).contains("job");
    assertThat(all.controls()).containsExactly(entry("memory.max", "64M"));
    assertThat(some("--new", "uts").accounted()).as("namespaces alone").isTrue();
    var chosen = some("--new", "pids,uts,cpu", "--set", "cpuset.cpus=0", "--pids", "9");
    assertThat(chosen.accounted()).isFalse();
    assertThat(chosen.controls())
        .containsOnly(
            entry("pids.max", "9"), entry("cpu.weight", "100"), entry("cpuset.cpus", "0"));
    assertThat(chosen.namespaces()).containsExactly(entry(NamespaceKind.UTS, NamespaceRequest.NEW));
    assertThatThrownBy(() -> some("--new", "uts,"))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("--new: an empty value is no subsystem");
    assertThatThrownBy(() -> some("--new", "cpuset"))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("--new cpuset: there is no setting of it that limits nothing");
  }

  @Test
  void limits() {
    var spec =
        read(
            "-m",
            "64M",
            "--pids",
            "32",
            "--cpus",
            "0.5",
            "--cpuset-cpus",
            "0-1",
            "--set",
            "cpu.weight=50",
            "--rlimit",
            "nofile=10:20",
            "--timeout",
            "1m");
    assertThat(spec.controls().keySet())
        .containsExactly("memory.max", "pids.max", "cpu.max", "cpuset.cpus", "cpu.weight");
    assertThat(spec.controls()).contains(entry("pids.max", "32"), entry("cpu.weight", "50"));
    assertThat(spec.rlimits())
        .singleElement()
        .satisfies(
            limit -> {
              assertThat(limit.soft()).isEqualTo(10);
              assertThat(limit.hard()).isEqualTo(20);
            });
    assertThat(spec.timeout()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void dockersNamesMeanTheSame() {
    assertThat(
            read(
                "--pids-limit",
                "5",
                "--ulimit",
                "core=0",
                "--volume",
                "/a:/b",
                "--network",
                "host"))
        .isEqualTo(read("--pids", "5", "--rlimit", "core=0", "--bind", "/a:/b", "--net", "host"));
  }

  @Test
  void mountsKeepTheirOrderAndRelativeSourcesStartHere() {
    var spec =
        read(
            "--bind",
            "a/b:/x",
            "--tmpfs",
            "/t:1M",
            "-v",
            ".:/y:ro",
            "--tmpfs",
            "/u",
            "-v",
            "/a\\:b\\\\c:/z:rw");
    assertThat(spec.mounts())
        .containsExactly(
            new MountRequest.Bind("/here/a/b", "/x", false),
            new MountRequest.Tmpfs("/t", 1 << 20),
            new MountRequest.Bind("/here", "/y", true),
            new MountRequest.Tmpfs("/u", 0),
            new MountRequest.Bind("/a:b\\c", "/z", false));
  }

  @Test
  void files() {
    var spec = read("--root", "./debian", "--read-only", "--reveal", "/root", "--reveal", "/x");
    assertThat(spec.root()).isEqualTo(new RootRequest.Directory("/here/debian"));
    assertThat(spec.readOnly()).isTrue();
    assertThat(spec.revealed()).containsExactly("/root", "/x");
  }

  @Test
  void names() {
    var spec = read("--name", "ci/job", "--hostname", "h", "-d", "--rm", "--log", "out");
    assertThat(spec.name()).map(Object::toString).contains("ci/job");
    assertThat(spec.hostname()).contains("h");
    assertThat(spec.detached()).isTrue();
    assertThat(spec.removed()).isTrue();
    assertThat(spec.log()).contains("/here/out");
  }

  @Test
  void someNamespacesAreNewAndTheOthersShared() {
    var spec = read("--new", "pid,ipc", "--userns", "auto", "--join", "net=web");
    for (var kind : NamespaceKind.values()) {
      var request =
          switch (kind) {
            case PID, IPC, USER -> NamespaceRequest.NEW;
            case NET, MNT, UTS, CGROUP, TIME -> NamespaceRequest.SHARED;
          };
      if (kind != NamespaceKind.NET) {
        assertThat(spec.namespace(kind)).as(kind.file()).isEqualTo(request);
      }
    }
    assertThat(spec.namespace(NamespaceKind.NET)).isInstanceOf(NamespaceRequest.Joined.class);
    var shared = read("--share", "ipc,uts");
    assertThat(shared.namespace(NamespaceKind.UTS)).isEqualTo(NamespaceRequest.SHARED);
    assertThat(shared.namespace(NamespaceKind.IPC)).isEqualTo(NamespaceRequest.SHARED);
    assertThat(shared.namespace(NamespaceKind.NET)).isEqualTo(NamespaceRequest.NEW);
    assertThatThrownBy(() -> read("--new", "pid,"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("--new");
  }

  @Test
  void namespaces() {
    var spec =
        read("--net", "host", "--share", "ipc", "--join", "uts=/run/uts", "--join", "pid=web");
    assertThat(spec.namespaces())
        .containsOnly(
            entry(NamespaceKind.NET, NamespaceRequest.SHARED),
            entry(NamespaceKind.IPC, NamespaceRequest.SHARED),
            entry(NamespaceKind.UTS, new NamespaceRequest.Joined("/run/uts")),
            entry(NamespaceKind.PID, new NamespaceRequest.Joined("/proc/7/ns/pid?web")));
    assertThat(read("--userns", "auto").userMapping()).isEqualTo(UserMapping.AUTO);
    assertThat(read("--userns", "host").userMapping()).isEqualTo(UserMapping.HOST);
  }

  @Test
  void security() {
    assertThat(read("--seccomp", "unconfined").seccomp()).isFalse();
    assertThat(read("--seccomp", "default").seccomp()).isTrue();
    assertThat(read("--new-privileges").noNewPrivileges()).isFalse();
    assertThat(read("--no-init").init()).isFalse();
    assertThat(read("-it").terminal()).isTrue();
  }

  @Test
  void capabilitiesAreAddedAndDropped() {
    var standard = CapabilitySet.CONTAINER_DEFAULT;
    var netRaw = CapabilitySet.of(Capability.NET_RAW);
    assertThat(read().capabilities()).isEqualTo(standard);
    assertThat(read("--cap-add", "net_raw").capabilities()).isEqualTo(standard.with(netRaw));
    assertThat(read("--cap-drop", "CHOWN,kill").capabilities())
        .isEqualTo(standard.without(CapabilitySet.of(Capability.CHOWN, Capability.KILL)));
    assertThat(read("--cap-add", "net_raw", "--cap-drop", "all").capabilities()).isEqualTo(netRaw);
    assertThat(read("--cap-add", "all", "--cap-drop", "net_raw").capabilities())
        .isEqualTo(CapabilitySet.ALL.without(netRaw));
  }

  @Test
  void theEnvironmentIsThisOneWithoutBaileysOwn() {
    assertThat(read("-e", "A=1", "-e", "LANG=de", "-e", "A=", "-e", "UNSET").environment())
        .containsOnly(entry("LANG", "de"), entry("TERM", "xterm-256color"), entry("A", ""));
  }

  @Test
  void aCleanEnvironmentHasWhatProgramsNeed() {
    assertThat(read("--clean-env", "-t", "--env", "LANG").environment())
        .containsOnly(
            entry("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            entry("HOME", "/root"),
            entry("TERM", "xterm-256color"),
            entry("LANG", "C"));
  }

  @Test
  void aUserBringsItsHome() {
    var spec = read("--user", "0:7");
    assertThat(spec.identity()).contains(new IdentityRequest(0, 7, List.of()));
    assertThat(spec.environment()).contains(entry("HOME", "/root"), entry("USER", "root"));
    assertThat(read("--user", "0", "-e", "HOME=/x").environment()).contains(entry("HOME", "/x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --bind /a          | --bind: /a is no bind mount; write SOURCE:PATH or SOURCE:PATH:ro, a colon in a name as \\:, for example /srv/data:/data:ro
          --bind :/a         | --bind: :/a is no bind mount; write SOURCE:PATH or SOURCE:PATH:ro, a colon in a name as \\:, for example /srv/data:/data:ro
          --bind /a:/b:z     | --bind: /a:/b:z is no bind mount; write SOURCE:PATH or SOURCE:PATH:ro, a colon in a name as \\:, for example /srv/data:/data:ro
          --bind /a:b        | --bind: b is not an absolute path; it must start with /
          --tmpfs /a:1M:x    | --tmpfs: /a:1M:x is no tmpfs mount; write PATH or PATH:SIZE, for example /tmp:100M
          --tmpfs /a:xM      | --tmpfs: xM is not a size; write bytes or a number with K, M, G or T, for example 64M
          --memory 64Q       | --memory: 64Q is not a size; write bytes or a number with K, M, G or T, for example 64M
          --set =5           | --set: =5 sets nothing; write CONTROL=VALUE, for example cpu.weight=50
          --set memory.max   | --set: memory.max sets nothing; write CONTROL=VALUE, for example cpu.weight=50
          --net bridge       | --net: bridge is neither none nor host; write one of these two
          --userns keep-id   | --userns: keep-id is neither auto nor host; write one of these two
          --seccomp x.json   | --seccomp: x.json is neither default nor unconfined; write one of these two
          --join net         | --join: net joins nothing; write KIND=CONTAINER or KIND=PATH, for example net=web
          --join net=        | --join: net= joins nothing; write KIND=CONTAINER or KIND=PATH, for example net=web
          --join disk=/x     | --join: disk is not a kind of namespace; there are pid, mnt, uts, ipc, net, user, cgroup, time
          --share disk       | --share: disk is not a kind of namespace; there are pid, mnt, uts, ipc, net, user, cgroup, time
          --init --no-init   | --init and --no-init contradict each other; leave one of them out
          --log x            | --log is for --detach only; write > FILE for a container in front
          --env =x           | --env: "=x" names no variable; write NAME=VALUE, for example LANG=C
          --workdir x        | --workdir: x is not an absolute path; it must start with /
          """)
  void refuses(String options, String sentence) {
    assertThatThrownBy(() -> read(options.split(" ")))
        .isInstanceOf(BadRequest.class)
        .hasMessage(sentence);
  }
}
