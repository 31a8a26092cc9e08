package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The guest's root tries to get out of a boundary, with and without a user namespace. In the
 * scripts {@code broke WHAT COMMAND} tells if the command could be done, {@code works WHAT COMMAND}
 * if it could not, so that a script that can do nothing at all is found out.
 */
class BoundaryEscapeTest {
  private static final String HELPERS =
      """
      broke() { what=$1; shift; if "$@" > /dev/null 2>&1; then echo "broke: $what"; fi; }
      works() { what=$1; shift; if ! "$@" > /dev/null 2>&1; then echo "does not work: $what"; fi; }
      put() { echo "$2" > "$1"; }
      # as root in a user namespace of its own, as far as the guest may map one
      inside() {
        mkfifo -m 666 /tmp/go /tmp/there
        SCRIPT=$1 unshare -U --keep-caps -m -C -p -n --fork sh -c '
          echo > /tmp/there; read go < /tmp/go
          exec setpriv --reuid 0 --regid 0 --clear-groups sh -c "$SCRIPT"' &
        read there < /tmp/there
        for map in '0 100000 65536' '0 0 65536'; do
          echo "$map" > /proc/$!/uid_map 2> /dev/null && echo "$map" > /proc/$!/gid_map && break
        done 2> /dev/null
        echo > /tmp/go
        wait $!
        rm /tmp/go /tmp/there
      }
      cd /tmp
      """;

  @BeforeEach
  void root() {
    KernelAbility.require(KernelProbe.features().machineRoot(), "root of the machine");
    Bailey.requireGroups();
  }

  /** What a script of the guest's root prints. */
  private static String guest(String users, String script, String... options) {
    var words =
        new ArrayList<>(List.of("run", "--boundary", "--userns", users, "--name", Bailey.name()));
    words.addAll(List.of(options));
    words.addAll(Bailey.SHOWN);
    words.addAll(List.of("--", "sh", "-c", HELPERS + script));
    var result = Bailey.run("", words);
    return result.out();
  }

  /**
   * Also after all that could raise it was tried, more memory than the parent gives is not to be
   * had.
   */
  @ParameterizedTest
  @ValueSource(strings = {"auto", "host"})
  void raisingItsOwnLimits(String users) {
    var out =
        guest(
            users,
            """
            M=/sys/fs/cgroup/memory; file=memory.limit_in_bytes; procs=tasks
            [ -d $M ] || { M=/sys/fs/cgroup; file=memory.max; procs=tasks/cgroup.procs; }
            works 'setting its own' put $M/own/$file 128M
            works 'reading its own' grep -q 134217728 $M/own/$file
            works 'lifting its own' put $M/own/$file $([ $file = memory.max ] && echo max || echo -1)
            broke 'group of the parent' ls $M/../c-*
            put $M/$file 1G 2> /dev/null
            put $M/memory.memsw.limit_in_bytes 1G 2> /dev/null
            mkdir $M/beside 2> /dev/null && put $M/beside/cgroup.procs $$ 2> /dev/null
            put $M/cgroup.procs $$ 2> /dev/null
            mount -o remount,rw /sys/fs/cgroup 2> /dev/null
            umount /sys/fs/cgroup/memory 2> /dev/null
            dd if=/dev/zero of=/dev/null bs=200M count=1 2> /dev/null
            echo "dd: $?"
            """,
            "--memory",
            "100M",
            "--set",
            "memory.swap.max=0");
    assertThat(out).startsWith("dd: 1").doesNotContain("broke").doesNotContain("dd: 0");
    assertThat(out).isIn("dd: 137\n", "dd: 1\n"); // killed, or refused by the kernel
  }

  /** Of a namespace the kernel has one value, which the guest's root must not be able to write. */
  @ParameterizedTest
  @ValueSource(strings = {"auto", "host"})
  void raisingLimitsOfItsNamespaces(String users) {
    var out =
        guest(
            users,
            """
            mkdir p
            mount -t proc proc p 2> /dev/null || mount --bind /proc p 2> /dev/null
            mount -o remount,rw /proc/sys 2> /dev/null
            umount /proc/sys 2> /dev/null
            tries() {
              for file in kernel/shmmni kernel/shmmax kernel/sem kernel/msgmni fs/mqueue/queues_max \
                  user/max_net_namespaces; do
                for top in /proc/sys /tmp/p/sys; do
                  value=$(cat $top/$file 2> /dev/null) || continue
                  ( echo "$value" > $top/$file ) 2> /dev/null && echo "broke: $1 $top/$file"
                done
              done
            }
            tries root
            inside '
              mount -t proc proc /tmp/p
              ( echo 5000 > /tmp/p/sys/kernel/shmmni ) 2> /dev/null && echo broke: shmmni inside
              true'
            works 'a queue' touch /dev/mqueue/q
            cat /proc/sys/kernel/shmmni
            """,
            "--set",
            "ipc.shmmni=12");
    assertThat(out).isEqualTo("12\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "host"})
  void theParentsLimitStaysAsItIs(String users) throws IOException {
    var name = Bailey.name();
    var files =
        Path.of(
            KernelProbe.features()
                .cgroups()
                .mounts()
                .getOrDefault("memory", KernelProbe.features().cgroups().unified().orElseThrow()),
            "bailey",
            "c-" + name);
    var script =
        HELPERS
            + """
            find /sys/fs/cgroup -name 'memory*max*' -o -name 'memory.limit_in_bytes' -o -name 'pids.max' |
              while read file; do put "$file" max; put "$file" -1; done 2> /dev/null
            cat /dev/shm/never 2> /dev/null
            echo done; read end
            """;
    var process =
        Bailey.start(
            "run",
            "--boundary",
            "--userns",
            users,
            "--memory",
            "100M",
            "--pids",
            "50",
            "--name",
            name,
            "--",
            "sh",
            "-c",
            script);
    var in = process.getInputStream();
    while (in.read() != '\n') {
      assertThat(process.isAlive()).isTrue();
    }
    assertThat(Bailey.run("get", name, "memory.max").out()).isEqualTo("104857600\n");
    assertThat(Bailey.run("get", name, "pids.max").out()).isEqualTo("50\n");
    assertThat(Files.isDirectory(files)).isTrue();
    process.getOutputStream().close();
    Bailey.await(process, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "host"})
  void hierarchiesOfControlGroups(String users) {
    var out =
        guest(
            users,
            """
            mkdir m
            agent='mount -t cgroup -o memory,release_agent=/tmp/agent cgroup m'
            broke 'release agent as an option' $agent
            broke 'release agent of a new hierarchy' mount -t cgroup -o none,name=mine,release_agent=/a c m
            broke 'a new hierarchy' mount -t cgroup -o none,name=mine cgroup m
            broke 'an agent in a file' sh -c 'find /sys/fs/cgroup -name release_agent | grep .'
            inside '
              for type in memory pids cpu devices freezer; do
                if mount -t cgroup -o $type cgroup /tmp/m 2> /dev/null; then
                  [ -e /tmp/m/release_agent ] && echo broke: agent of $type
                  ls -d /tmp/m/bailey /tmp/m/c-* /tmp/m/*.slice 2> /dev/null
                  ( echo $$ > /tmp/m/../tasks ) 2> /dev/null
                  umount /tmp/m
                fi
              done
              if mount -t cgroup2 cgroup2 /tmp/m 2> /dev/null; then
                echo seen
                ls -d /tmp/m/bailey /tmp/m/c-* /tmp/m/*.slice 2> /dev/null
                umount /tmp/m
              fi
              mount -t cgroup -o memory,release_agent=/tmp/agent cgroup /tmp/m 2> /dev/null &&
                echo broke: release agent in a user namespace
              true'
            """);
    assertThat(out).isEqualTo("seen\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "host"})
  void settingsOfTheMachine(String users) {
    var out =
        guest(
            users,
            """
            broke 'core_pattern' put /proc/sys/kernel/core_pattern '|/tmp/x'
            broke 'sysrq' put /proc/sysrq-trigger h
            umount /proc/sysrq-trigger 2> /dev/null; umount /proc/sys 2> /dev/null
            mount -o remount,rw /sys 2> /dev/null
            broke 'core_pattern uncovered' put /proc/sys/kernel/core_pattern '|/tmp/x'
            broke 'sysrq uncovered' put /proc/sysrq-trigger h
            broke 'uevent_helper' put /sys/kernel/uevent_helper /tmp/x
            broke 'kept proc' ls /dev/.bailey/proc/self
            mkdir p s
            inside '
              mount -t proc proc /tmp/p || echo no proc
              ( echo "|/tmp/x" > /tmp/p/sys/kernel/core_pattern ) 2> /dev/null && echo broke: core_pattern
              ( echo h > /tmp/p/sysrq-trigger ) 2> /dev/null && echo broke: sysrq
              mount -t sysfs sysfs /tmp/s 2> /dev/null
              ( echo /tmp/x > /tmp/s/kernel/uevent_helper ) 2> /dev/null && echo broke: uevent_helper
              echo tried'
            """);
    assertThat(out).isEqualTo("tried\n");
  }

  /** Settings of a proc obey user 0 of the machine: so nobody inside may become that elsewhere. */
  @Test
  void userZeroOfTheMachineIsInNoUserNamespaceInside() {
    assertThat(guest("host", "broke 'user 0' unshare -U -r true; echo tried\n"))
        .isEqualTo("tried\n");
    assertThat(guest("auto", "works 'user 0' unshare -U -r true; echo tried\n"))
        .isEqualTo("tried\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "host"})
  void processesOutside(String users) {
    long outside = ProcessHandle.current().pid();
    var out =
        guest(
            users,
            """
            works 'signalling its own' kill -0 $$
            for pid in %d 100000 200000; do
              broke "signalling $pid" kill -0 $pid
              broke "memory of $pid" head -c 0 /proc/$pid/mem
              broke "root of $pid" ls /proc/$pid/root/
            done
            broke 'root of its process 1 but its own' ls /proc/1/root/proc/%d
            broke 'namespaces of process 1 outside' nsenter -t %d -m true
            """
                .formatted(outside, outside, outside));
    assertThat(out).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "host"})
  void devicesAndCallsOfTheMachine(String users) {
    var out =
        guest(
            users,
            """
            broke 'disk' sh -c 'mknod disk b 254 0 && head -c 1 disk'
            broke 'memory' sh -c 'mknod mem c 1 1 && head -c 1 mem'
            works 'null' put /dev/null x
            number() { perl -e 'syscall('$1',0,0,0,0,0); print $!+0'; }
            case $(uname -m) in x86_64) ;; *) exit ;; esac
            for call in bpf:321 init_module:175 finit_module:313 kexec_load:246 kexec_file_load:320 \\
              open_by_handle_at:304 perf_event_open:298 swapon:167 reboot:169 iopl:172 acct:163 \\
              keyctl:250 add_key:248 io_uring_setup:425 userfaultfd:323 quotactl:179 syslog:103; do
              [ "$(number ${call#*:})" = 1 ] || echo "broke: ${call%:*} gives $(number ${call#*:})"
            done
            """);
    assertThat(out).isEmpty();
  }

  /** What a boundary may do a container in it may not. */
  @ParameterizedTest
  @ValueSource(strings = {"auto", "host"})
  void containersInside(String users) {
    var out =
        guest(
            users,
            """
            "$BAILEY" run --memory 64M -- sh -c '
              mkdir /tmp/m
              mount -t cgroup -o memory cgroup /tmp/m 2> /dev/null && echo broke: mount
              unshare -U true 2> /dev/null && echo broke: user namespace
              ls -d /sys/fs/cgroup/*/own /sys/fs/cgroup/own 2> /dev/null
              ( echo h > /proc/sysrq-trigger ) 2> /dev/null && echo broke: sysrq
              ( echo x > /proc/sys/kernel/core_pattern ) 2> /dev/null && echo broke: core_pattern
              kill -0 1000000 2> /dev/null && echo broke: signal
              echo tried'
            "$BAILEY" run --boundary --cap-add sys_admin -- true 2> said || grep -o 'out of a boundary' said
            """);
    // without a user namespace the next boundary has one, in which that is no way out
    assertThat(out).isEqualTo(users.equals("auto") ? "tried\nout of a boundary\n" : "tried\n");
  }
}
