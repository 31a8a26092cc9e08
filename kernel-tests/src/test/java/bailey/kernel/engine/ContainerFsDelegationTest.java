package bailey.kernel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Containers that root delegates to an ordinary user by chown. */
class ContainerFsDelegationTest {
  private static final String USER =
      "user() { setpriv --reuid 65534 --regid 65534 --clear-groups bash -c \"$1\"; }\n";

  @RegisterExtension final Engine engine = new Engine();

  private MountedFiles files = MountedFiles.NONE;

  @BeforeEach
  void mount() throws IOException {
    KernelAbility.require(KernelProbe.features().privileged(), "root");
    files = MountedFiles.of(engine);
    for (var above = files.top(); above.startsWith(tmp()); above = above.resolveSibling("")) {
      if (!above.equals(files.top()) && !above.equals(tmp())) {
        Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
    var _ = files.out("mkdir web other && echo 64M > web/memory.max && chown 65534:65534 web");
  }

  private static Path tmp() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  @AfterEach
  void unmount() {
    files.close();
  }

  private String user(String script) throws IOException {
    return files.sh(USER + "user '" + script + "' 2>&1").out();
  }

  @Test
  void heMakesContainersAndSetsTheirLimits() throws IOException {
    assertThat(
            user(
                """
                mkdir -p web/a/b && echo 32M > web/a/memory.max && cat web/a/memory.max
                echo 7 > web/a/b/pids.max && cat web/a/b/pids.max
                echo pids.max=6 > web/a/b/container.apply && cat web/a/b/pids.max
                stat -c %u:%g web web/procs web/a web/a/procs web/a/memory.max web/memory.max
                rmdir web/a/b web/a && echo gone
                """))
        .isEqualTo(
            """
            33554432
            7
            6
            65534:65534
            65534:65534
            65534:65534
            65534:65534
            65534:65534
            0:0
            gone
            """);
    assertThat(engine.system().container("web").get("memory.max")).isEqualTo("67108864");
  }

  @Test
  void whatIsNotHisIsRefused() throws IOException {
    for (var attempt :
        new String[] {
          "echo max > web/memory.max",
          "echo memory.max=max > web/container.apply",
          "echo 1 > web/container.kill",
          "echo delete > web/container.on_empty",
          "echo $$ > web/tasks",
          "mkdir web/in && echo notify > web/in/container.on_empty",
          "chown 65534 web/memory.max",
          "chown 65534 other",
          "chown 1 web",
          "chmod 777 web",
          "chmod 666 web/memory.max",
          "mkdir other/mine",
          "rmdir other",
          "rmdir web",
          "mkdir mine",
          "echo 10 > other/pids.max",
          "echo $$ > other/procs",
          "echo /bin/true > container.release_agent",
        }) {
      assertThat(user(attempt + " || echo refused"))
          .as(attempt)
          .containsAnyOf("Permission denied", "not permitted")
          .contains("refused");
    }
    assertThat(files.out("stat -c %u other web/memory.max; cat other/pids.max web/memory.max"))
        .isEqualTo("0\n0\nmax\n67108864\n");
  }

  /** As of cgroup v2: what both the old and the new container are in has to be his. */
  @Test
  void heMovesHisProcessesAmongHisContainersOnly() throws IOException {
    assertThat(
            files.out(
                USER
                    + """
                    setpriv --reuid 65534 --regid 65534 --clear-groups sleep 1000 & his=$!
                    setpriv --reuid 65534 --regid 65534 --clear-groups sleep 1000 & away=$!
                    sleep 1000 & roots=$!
                    until [ "$(ps -o user= $his)$(ps -o user= $away)" = nobodynobody ]; do :; done
                    echo $his $roots > web/procs
                    user "mkdir web/a && echo $his > web/a/procs"
                    [ "$(cat web/a/procs)" = $his ] && echo moved
                    for p in $roots $away $$ 1; do
                      user "echo $p > web/a/procs" 2>&1 | grep -o 'write error.*'
                      sed 's/ *[0-9]\\+//g; s/.*([^)]*)//' web/a/container.last_error
                    done
                    user "echo $his > other/procs" 2>&1 | grep -o 'Permission denied'
                    user "echo $his > web/procs && rmdir web/a"
                    grep -cx $his web/procs
                    kill $his $away $roots; wait 2> /dev/null
                    """))
        .isEqualTo(
            """
            moved
            write error: Permission denied
             is not of user
            write error: Permission denied
             is not in web, so only root may put it there
            write error: Permission denied
             is not of user
            write error: Permission denied
             is not of user
            Permission denied
            1
            """);
  }

  /** A program of root's writes to what its caller has opened, as sudo to its standard output. */
  @Test
  void whoHasOpenedItDecidesWhatMayBeWritten() throws IOException {
    assertThat(
            files.out(
                """
                sleep 1000 & p=$!
                mkdir web/a
                chown 65534 web/a
                cat > ../../deputy.py <<'END'
                import os, sys
                os.setegid(65534); os.seteuid(65534)
                f = os.open('web/a/procs', os.O_WRONLY)
                os.seteuid(0)
                try:
                    os.write(f, (sys.argv[1] + '\\n').encode())
                    print('moved')
                except PermissionError:
                    print('refused')
                END
                python3 ../../deputy.py $p
                cat web/a/procs
                kill $p; wait $p 2> /dev/null
                rm ../../deputy.py
                rmdir web/a
                """))
        .isEqualTo("refused\n");
  }

  @Test
  void whatIsTakenBackIsRootsAgain() throws IOException {
    assertThat(user("mkdir web/a && echo made")).isEqualTo("made\n");
    var _ = files.out("chown 0:0 web");
    assertThat(user("mkdir web/b || rmdir web/a || echo no")).endsWith("no\n");
    assertThat(user("echo 9 > web/a/pids.max; cat web/a/pids.max")).isEqualTo("9\n");
    var _ = files.out("chown 65534 web; chown 0:0 web/a");
    assertThat(user("echo 8 > web/a/pids.max; cat web/a/pids.max"))
        .contains("Permission denied")
        .endsWith("9\n");
    var _ = files.out("chown 65534 web/a");
    assertThat(user("echo 8 > web/a/pids.max || mkdir web/a/x && echo his"))
        .as("what root set stays set")
        .contains("Permission denied")
        .endsWith("his\n");
    assertThat(user("rmdir web/a/x web/a && echo gone")).isEqualTo("gone\n");
    var _ = files.out("rmdir web && mkdir web");
    assertThat(files.out("stat -c %u web")).as("another container").isEqualTo("0\n");
  }

  @Test
  void filesAreNotGivenByThemselves() throws IOException {
    assertThat(files.sh("chown 65534 web/memory.max").out()).contains("not permitted");
    assertThat(files.out("cat web/container.last_error"))
        .startsWith("memory.max goes with its directory");
    assertThat(files.sh("chown 65534 .").out()).contains("not permitted");
    assertThat(files.sh("chmod 777 web").out()).contains("not permitted");
    assertThat(files.out("cat web/container.last_error")).startsWith("the mode shows who may");
    var _ = files.out("chown 65534 web/procs; chmod 755 web; chown 0 web/memory.max");
  }
}
