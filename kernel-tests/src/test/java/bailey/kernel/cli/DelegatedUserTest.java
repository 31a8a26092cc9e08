package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ordinary user in a control group that is delegated to it, with nothing delegated above. */
class DelegatedUserTest {
  /**
   * Delegates a group, runs its arguments in it as nobody, twice, and removes it: when the planner
   * has left that was started in it.
   */
  private static final String SCRIPT =
      """
      set -eu
      group=$1
      shift
      echo '+memory +pids +cpu' > "${group%/*}/cgroup.subtree_control"
      mkdir "$group"
      end() {
        as_nobody "$group/tasks" "$1" serve --stop
        while [ -d "$group" ]; do find "$group" -depth -type d -exec rmdir {} + 2> /dev/null || :; done
      }
      trap 'end "$1"' EXIT
      chown 65534:65534 "$group" "$group"/cgroup.procs "$group"/cgroup.subtree_control
      as_nobody() { # WHERE COMMAND [ARGUMENT]...
        (
          echo "$BASHPID" > "$1/cgroup.procs"
          shift
          exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
        )
      }
      as_nobody "$group" "$@"
      as_nobody "$group/tasks" "$@"
      """;

  @Test
  void limitsAreKeptThere(@TempDir Path folder) throws IOException {
    var features = KernelProbe.features();
    Assumptions.assumeTrue(features.uid() == 0, "only root delegates");
    // No ability that is lacking: v1 is not delegated to anybody.
    Assumptions.assumeTrue(features.cgroups().mounts().isEmpty(), "controllers are on v1 here");
    KernelAbility.require(features.cgroups().base().isPresent(), "control groups");
    // a copy, because a checkout may be in a place that ordinary users cannot read
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    var home = System.getProperty("bailey.home");
    var copy =
        Bailey.shell(
            ("cd '%s' && cp -a --parents bailey tools/jdk.sh cli/target/dist '%s'"
                    + " && install -d -o 65534 -g 65534 '%s/state'")
                .formatted(home, folder, folder));
    assertThat(copy.status()).as(copy.err()).isZero();
    var result =
        Bailey.program(
            "",
            List.of(
                "bash",
                "-c",
                SCRIPT,
                "delegated",
                features.cgroups().unified().orElseThrow() + "/" + Bailey.name(),
                folder.resolve("bailey").toString(),
                "run",
                "--report",
                "--memory",
                "64M",
                "--pids",
                "9",
                "--",
                "sh",
                "-c",
                "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max"),
            Map.of("BAILEY_STATE", folder.resolve("state/bailey").toString()));
    assertThat(result.err()).contains(" of 64M").doesNotContain("going on without");
    assertThat(result.out()).isEqualTo("67108864\n9\n67108864\n9\n");
    assertThat(result.status()).as(result.err()).isZero();
  }
}
