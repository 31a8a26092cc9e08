package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** bailey inside of a container of bailey, and what the machine sees of it. */
class BoundaryTest {
  private final List<String> names = new ArrayList<>();

  private String name() {
    var name = Bailey.name();
    names.add(name);
    return name;
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    for (var name : names) {
      Bailey.run("rm", "--force", name);
      assertThat(groups(name)).isEmpty();
    }
  }

  /** The groups of a container, in whichever hierarchy. */
  private static List<Path> groups(String name) throws IOException {
    var found = new ArrayList<Path>();
    var layout = KernelProbe.features().cgroups();
    var tops = new ArrayList<>(layout.mounts().values());
    layout.unified().ifPresent(tops::add);
    for (var top : tops) {
      var group = Path.of(top, "bailey", "c-" + name);
      if (!Files.isDirectory(group, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      Files.walkFileTree(
          group,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              found.add(folder);
              return FileVisitResult.CONTINUE;
            }
          });
    }
    return found;
  }

  private static void requireRoot() {
    KernelAbility.require(KernelProbe.features().machineRoot(), "root of the machine");
    Bailey.requireGroups();
  }

  /**
   * A script that goes on at the next boundary until it was called as often as its argument says.
   */
  private static final String NESTED =
      """
      deeper() {
        if [ "$1" = 0 ]; then
          exec "$BAILEY" run --memory 64M --name leaf -- sh -c \\
            'hostname; id -u; cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2> /dev/null ||
             cat /sys/fs/cgroup/memory.max'
        fi
        exec "$BAILEY" run --boundary --memory 512M --name "level$1" -- \\
          sh -c "$script" sh "$(($1 - 1))"
      }
      deeper "$1"
      """;

  @ParameterizedTest
  @ValueSource(strings = {"auto", "host"})
  void eightDeep(String users) {
    requireRoot();
    var words = new ArrayList<>(List.of("run", "--boundary", "--userns", users, "--name", name()));
    words.addAll(Bailey.SHOWN);
    words.addAll(List.of("--env", "script=" + NESTED, "--", "sh", "-c", NESTED, "sh", "8"));
    var result = Bailey.run("", words);
    // where a part of the root cannot be copied any more: the root itself, what is mounted in it
    assertThat(result.err().lines().toList())
        .hasSizeLessThan(3)
        .allMatch(line -> line.contains("parts of the root can only be read"));
    assertThat(result.out()).isEqualTo("leaf\n0\n67108864\n");
    assertThat(result.status()).isZero();
  }

  @Test
  void asAnOrdinaryUser() {
    KernelAbility.require(KernelProbe.features().machineRoot(), "root of the machine");
    var result =
        Bailey.shell(
            """
            state=$(mktemp -d /tmp/bailey-test-XXXXXX) && chown 12345:12345 "$state" || exit
            setpriv --reuid 12345 --regid 12345 --clear-groups env HOME="$state" \\
              BAILEY_STATE="$state/state" "$BAILEY" run --boundary --name outer \\
              --bind "${BAILEY%/*}:/mnt:ro" -- /mnt/bailey run --boundary --name inner -- \\
              /mnt/bailey run -- sh -c 'echo $$; id -u'
            status=$?
            rm -r "$state"
            exit $status
            """);
    assertThat(result.out()).isEqualTo("2\n0\n");
    assertThat(result.status()).isZero();
  }

  /** A boundary that runs until it is killed; what {@code script} prints is read until "ready". */
  private Process start(String name, String users, String script) throws IOException {
    var words =
        new ArrayList<>(
            List.of("run", "--boundary", "--userns", users, "--memory", "256M", "--name", name));
    words.addAll(Bailey.SHOWN);
    words.addAll(List.of("--", "sh", "-c", script + "\necho ready; exec sleep 1000"));
    var process = Bailey.start(words.toArray(String[]::new));
    var reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (var line = reader.readLine(); !"ready".equals(line); line = reader.readLine()) {
      if (line == null) {
        throw new IllegalStateException(
            new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return process;
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "host"})
  void theMachineSeesAndControlsWhatIsInside(String users) throws IOException {
    requireRoot();
    var name = name();
    var process =
        start(
            name,
            users,
            """
            "$BAILEY" run -d --name one --memory 64M -- sleep 1001 || exit
            "$BAILEY" run -d --boundary --name two --memory 128M -- sh -c '
              "$BAILEY" run -d --name three --memory 32M -- sleep 1003; exec sleep 1002' || exit
            until [ -n "$("$BAILEY" ps -q two/three 2> /dev/null)" ]; do :; done
            """);
    try {
      assertThat(Bailey.run("ps", "-q").out().lines())
          .contains(name, name + "/one", name + "/two", name + "/two/three");
      assertThat(Bailey.run("ls").out()).contains("one", "two", "three");
      assertThat(Bailey.run("ps", name + "/two/three").out()).contains("sleep 1003");
      assertThat(Bailey.run("ps", name).out())
          .contains("sleep 1000")
          .doesNotContain("sleep 1001")
          .doesNotContain("sleep 1003");
      assertThat(Bailey.run("get", name + "/one", "memory.max").out()).isEqualTo("67108864\n");
      assertThat(Bailey.run("set", name + "/two/three", "memory.max", "16M").err()).isEmpty();
      assertThat(Bailey.run("get", name + "/two/three", "memory.max").out())
          .isEqualTo("16777216\n");
      assertThat(Bailey.run("freeze", name + "/one").status()).isZero();
      assertThat(Bailey.run("ps").out()).containsPattern(name + "/one +frozen");
      assertThat(Bailey.run("thaw", name + "/one").status()).isZero();
      assertThat(Bailey.run("kill", name + "/two/three").status()).isZero();
      assertThat(Bailey.run("exec", name + "/one", "--", "true").err())
          .contains("inside of a boundary");
      assertThat(Bailey.run("rm", "--force", name + "/one").err()).contains("recorded");
      assertThat(Bailey.run("exec", name, "--", "cat", "/proc/self/cgroup").out())
          .contains(":/own");
      assertThat(Bailey.run("stats").out()).contains(name + "/two");
    } finally {
      assertThat(Bailey.run("kill", name).status()).isZero();
      Bailey.await(process, name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "host"})
  void whatStoppedItselfCanBeKilled(String users) throws IOException {
    requireRoot();
    var name = name();
    var process = start(name, users, "");
    // the writer is stopped by its own write
    var freezer =
        Bailey.start(
            "exec",
            name,
            "--",
            "sh",
            "-c",
            "cd /sys/fs/cgroup; [ -d unified ] && cd unified; echo 1 > own/cgroup.freeze");
    var core = KernelProbe.features().cgroups().unified().orElseThrow();
    var events = Path.of(core, "bailey", "c-" + name, "in", "own", "cgroup.events");
    while (!Files.readString(events).contains("frozen 1")) {
      Thread.onSpinWait();
    }
    assertThat(Bailey.run("kill", name).status()).isZero();
    assertThat(Bailey.await(process, name)).isEqualTo(137);
    Bailey.await(freezer, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "host"})
  void whatTheGuestLeavesGoesWithIt(String users) throws IOException {
    requireRoot();
    var name = name();
    var process =
        start(
            name,
            users,
            """
            cd /sys/fs/cgroup; [ -d unified ] && cd unified
            mkdir -p own/a/b/c own/bailey/c-none/in/own/bailey/c-deep
            cd own; i=0
            while [ $i -lt 60 ]; do
              d=dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
              mkdir $d && cd -P $d; i=$((i + 1)) || exit
            done
            cd /
            """);
    assertThat(Bailey.run("ps", name).out()).contains("sleep 1000");
    assertThat(Bailey.run("ls").status()).isZero();
    Bailey.run("kill", name);
    Bailey.await(process, name);
    assertThat(groups(name)).isEmpty();
  }
}
