package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** attach, clone, adopt and enter on the command line. */
class MoveCliTest {
  @TempDir Path folder;

  @BeforeEach
  void groups() {
    Bailey.requireGroups();
  }

  private String state() {
    return "export BAILEY_STATE=" + folder.resolve("state") + "\n";
  }

  private static Bailey.Result ok(Bailey.Result result) {
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).as(result.out()).isZero();
    return result;
  }

  @Test
  void aProcessIsAttached() {
    KernelAbility.require(System.getProperty("user.name", "").equals("root"), "root");
    var result =
        ok(
            Bailey.shell(
                state()
                    + """
                    $BAILEY create --memory 64M --pids 20 batch
                    $BAILEY create --memory 64M room
                    sh -c 'sleep 1000 & sleep 1000 & wait' & top=$!
                    while [ $(ps -o pid= --ppid $top | wc -l) -lt 2 ]; do :; done
                    $BAILEY attach --tree batch $top
                    $BAILEY ps -q batch | wc -l
                    $BAILEY attach room $top
                    $BAILEY ps -q batch | wc -l
                    $BAILEY ps -q room
                    echo $top
                    $BAILEY attach --json room $top | grep -c '"moved"'
                    $BAILEY attach room 99999999 2>&1
                    $BAILEY rm room 2>&1 | grep -c 'processes were put into it'
                    $BAILEY rm -f batch room
                    """));
    var lines = result.out().lines().toList();
    assertThat(lines.get(0)).isEqualTo("3");
    assertThat(lines.get(1)).isEqualTo("2");
    assertThat(lines.get(2)).isEqualTo(lines.get(3));
    assertThat(lines.get(4)).isEqualTo("1");
    assertThat(lines.get(5)).startsWith("bailey: attach: there is no process 99999999");
    assertThat(lines.get(6)).isEqualTo("1");
  }

  @Test
  void aSingleThreadIsAttached() {
    KernelAbility.require(System.getProperty("user.name", "").equals("root"), "root");
    var result =
        ok(
            Bailey.shell(
                state()
                    + """
                    $BAILEY create --memory 64M --pids 20 --cpus 1 room
                    sleep 1000 & tid=$!
                    $BAILEY attach --thread room $tid 2>&1
                    grep -cE ':cpu:.*/c-room$' /proc/$tid/cgroup
                    grep -cE ':memory:.*/c-room$|^0::.*/c-room$' /proc/$tid/cgroup
                    $BAILEY attach --tree --thread room $tid 2>&1; echo $?
                    kill $tid
                    $BAILEY rm -f room
                    """));
    var lines = result.out().lines().toList();
    boolean v2 = KernelProbe.features().cgroups().mounts().isEmpty();
    assertThat(lines.getFirst())
        .startsWith("bailey: ")
        .contains("memory")
        .endsWith(
            v2
                ? ", which know processes only; attach the whole process"
                : " of room do not hold for single threads: the kernel knows them of processes"
                    + " only");
    assertThat(lines.subList(1, 3)).containsExactly(v2 ? "0" : "1", "0");
    assertThat(lines.get(3))
        .isEqualTo("bailey: --tree and --thread contradict each other; leave one of them out");
    assertThat(lines.get(4)).isEqualTo("125");
  }

  @Test
  void aProcessGetsAContainerOfItsOwn() {
    KernelAbility.require(System.getProperty("user.name", "").equals("root"), "root");
    var result =
        ok(
            Bailey.shell(
                state()
                    + """
                    $BAILEY create --memory 256M web
                    sh -c 'sleep 1000 & sleep 1000 & wait' & top=$!
                    while [ $(ps -o pid= --ppid $top | wc -l) -lt 2 ]; do :; done
                    $BAILEY attach --tree web $top
                    $BAILEY clone --pids 20 --tree -n job $top
                    $BAILEY ps -q web/job | wc -l
                    $BAILEY get web/job pids.max
                    [ "$($BAILEY clone --new pids $top)" = web/job/$top ] && echo by its number
                    $BAILEY clone --new uts,net $top 2>&1; echo $?
                    $BAILEY ps -aq | grep -c job
                    kill $top $(ps -o pid= --ppid $top)
                    $BAILEY rm -f web/job/$top web/job web
                    """));
    assertThat(result.out().lines().toList())
        .containsExactly(
            "web/job",
            "3",
            "20",
            "by its number",
            result
                .out()
                .lines()
                .filter(line -> line.startsWith("bailey: cannot give process "))
                .filter(line -> line.contains(" a new net, uts namespace: "))
                .findFirst()
                .orElse(""),
            "125",
            "2");
  }

  /**
   * Whoever clones is killed when it has come so far; then the process is whole, and nothing is
   * left.
   */
  @Test
  void whereverTheMakerIsKilled() {
    KernelAbility.require(System.getProperty("user.name", "").equals("root"), "root");
    var result =
        ok(
            Bailey.shell(
                state()
                    + """
                    export BAILEY_SERVE=off # what is killed is a planner for one call
                    web=$BAILEY_STATE/containers/c-web
                    $BAILEY create --memory 256M --pids 50 web
                    sleep 1000 & top=$!
                    $BAILEY attach web $top
                    places() { grep -o 'c-web.*' /proc/$top/cgroup | sed 's,/tasks$,,' | sort -u; }
                    killed() {
                      $BAILEY clone --pids 20 -n job $top >/dev/null 2>&1 & c=$!
                      until eval "$1" || ! kill -0 $c 2>/dev/null; do :; done
                      eval "$1" && echo reached >&3
                      kill -9 $(ps -o pid= --ppid $c); wait $c
                      $BAILEY gc >/dev/null
                      [ $(places | wc -l) = 1 ] || echo torn
                      if [ $(places) = c-web/c-job ]; then
                        $BAILEY attach web $top; $BAILEY gc >/dev/null
                        [ -d $web/c-job ] && $BAILEY rm web/job
                      fi
                      [ $(places) = c-web ] || echo elsewhere: $(places)
                      [ $($BAILEY ps -aq) = web ] || echo left: $($BAILEY ps -aq)
                    } 2>/dev/null
                    exec 3>$BAILEY_STATE.reached
                    killed '[ -s $web/c-job/intent ]'
                    killed '[ -s $BAILEY_STATE/move ]'
                    killed 'read -rd "" x < /proc/$top/cgroup; [[ $x == *c-job* ]]'
                    kill $top
                    $BAILEY rm -f web
                    grep -c reached $BAILEY_STATE.reached
                    """));
    var lines = result.out().lines().toList();
    assertThat(lines).hasSize(1);
    assertThat(Integer.parseInt(lines.getFirst())).as("reached of 3").isPositive();
  }

  /** In new namespaces of some kinds, and with all else of the caller, whose container it is in. */
  @Test
  void aProcessClonesItself() {
    KernelAbility.require(System.getProperty("user.name", "").equals("root"), "root");
    var result =
        ok(
            Bailey.shell(
                state()
                    + """
                    $BAILEY create --memory 256M web
                    cd /tmp
                    for k in net ipc mnt pid user; do readlink /proc/self/ns/$k; done
                    grep CapEff: /proc/self/status
                    ( $BAILEY attach web $BASHPID
                      HERE=there exec $BAILEY clone --new uts,memory -n inner -- sh -c '
                        hostname inside
                        for k in net ipc mnt pid user; do readlink /proc/self/ns/$k; done
                        grep CapEff: /proc/self/status
                        hostname; pwd; echo $HERE; grep -c /c-web/c-inner$ /proc/self/cgroup; exit 7' )
                    echo $?; $BAILEY ps -aq
                    $BAILEY clone --tree -- true 2>&1; echo $?
                    $BAILEY rm -f web
                    hostname
                    """));
    var lines = result.out().lines().toList();
    assertThat(lines.subList(6, 12)).isEqualTo(lines.subList(0, 6));
    assertThat(lines.subList(12, 15)).containsExactly("inside", "/tmp", "there");
    assertThat(Integer.parseInt(lines.get(15))).as("groups").isBetween(1, 3);
    assertThat(lines.get(16)).isEqualTo("7");
    assertThat(lines.get(17)).as("what is left").isEqualTo("web");
    assertThat(lines.get(18)).startsWith("bailey: --tree is for a process that runs");
    assertThat(lines.get(19)).isEqualTo("125");
    assertThat(lines.get(20)).isNotEqualTo("inside");
  }

  @Test
  void someOfAContainerIsEntered() {
    var result =
        ok(
            Bailey.shell(
                state()
                    + """
                    $BAILEY run -d --name web --hostname castle -- sleep 1000
                    $BAILEY enter web -o uts -- hostname
                    HERE=there $BAILEY enter web -o uts,net -- sh -c 'hostname; echo $HERE; cat /proc/net/dev | wc -l'
                    $BAILEY enter web -- sh -c 'hostname; ps | wc -l' </dev/null
                    echo 'hostname' | $BAILEY enter web -o uts
                    $BAILEY enter web -o uts -- sh -c 'exit 9'; echo $?
                    $BAILEY enter web -o time -- true 2>&1; echo $?
                    $BAILEY rm -f web
                    """));
    var lines = result.out().lines().toList();
    assertThat(lines.subList(0, 4)).containsExactly("web", "castle", "castle", "there");
    assertThat(lines.get(4)).as("interfaces").isEqualTo("3");
    assertThat(lines.get(5)).isEqualTo("castle");
    assertThat(lines.get(7)).isEqualTo("castle");
    assertThat(lines.get(8)).isEqualTo("9");
    assertThat(lines.get(9)).contains("cannot enter the time namespace of web");
    assertThat(lines.get(10)).isEqualTo("125");
  }

  /** In a pid namespace of its own: no process of this machine is there to be adopted. */
  @Test
  void daemonsAreAdopted() {
    KernelAbility.require(System.getProperty("user.name", "").equals("root"), "root");
    var script =
        state()
            + """
            { echo 4294967295 > /proc/self/loginuid; } 2>/dev/null
            setsid sh -c 'sleep 1001 & sleep 1002' </dev/null >/dev/null 2>&1 &
            setsid script -qc 'exec sleep 1003' /dev/null </dev/null >/dev/null 2>&1 &
            $BAILEY run -d --name web -- sleep 1004 >/dev/null
            while [ $(pgrep -c sleep) -lt 4 ]; do :; done
            $BAILEY adopt --system sys --dry-run --json > $D/dry
            $BAILEY adopt --system sys --json > $D/done
            cmp <(sed '/"stayed"/q' $D/dry) <(sed '/"stayed"/q' $D/done) && echo same
            $BAILEY gc
            $BAILEY ps -q sys | while read p; do tr '\\0' ' ' < /proc/$p/cmdline; echo; done | sort
            $BAILEY adopt --system sys --json > $D/again
            tr -d ' \\n' < $D/again | grep -o '"moved":.[^]]*'
            cat $D/done
            $BAILEY rm -f web
            $BAILEY rm -f sys
            """;
    var result =
        ok(
            Bailey.program(
                "",
                List.of("unshare", "--pid", "--fork", "--mount-proc", "bash", "-c", script),
                Map.of("BAILEY", Bailey.LAUNCHER.toString(), "D", folder.toString())));
    var lines = result.out().lines().toList();
    assertThat(lines.getFirst()).isEqualTo("same");
    assertThat(lines.get(1)).isEqualTo("nothing is left behind, nothing was changed");
    assertThat(lines.get(2)).startsWith("script -qc");
    assertThat(lines.get(3)).startsWith("sh -c sleep 1001");
    assertThat(lines.subList(4, 6)).containsExactly("sleep 1001 ", "sleep 1002 ");
    assertThat(lines.get(6)).isEqualTo("\"moved\":[");
    var json = JsonTree.parse(String.join("\n", lines.subList(7, lines.size())));
    assertThat(json).isInstanceOf(Map.class);
    assertThat(result.out())
        .contains("is process 1, which starts all others")
        .contains("is this command, or has started it")
        .contains("is bailey's own")
        .contains("is in container web")
        .contains("has a terminal, so somebody works with it");
  }
}
