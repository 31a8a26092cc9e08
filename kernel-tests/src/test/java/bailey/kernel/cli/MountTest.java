package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** bailey mount, and what serves it. */
class MountTest {
  @TempDir private Path folder;

  private Path top() {
    return folder.resolve("containers");
  }

  @BeforeEach
  void mount() throws IOException {
    KernelAbility.require(KernelProbe.features().privileged(), "root");
    KernelAbility.require(Files.exists(Path.of("/dev/fuse")), "/dev/fuse");
    Files.createDirectory(top());
    var mounted = Bailey.run("mount", top().toString());
    assertThat(mounted.status()).as(mounted.err()).isZero();
  }

  @AfterEach
  void unmount() {
    var _ = Bailey.run("umount", "--force", top().toString());
  }

  private static String out(Bailey.Result result) {
    assertThat(result.status()).as(result.err()).isZero();
    return result.out();
  }

  /** The JVM that serves it, a child of the program that was called; waits until it is there. */
  private ProcessHandle server() {
    while (true) {
      var found = ProcessHandle.allProcesses().filter(this::isServer).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      Thread.onSpinWait();
    }
  }

  private boolean isServer(ProcessHandle process) {
    var starter = process.parent().map(MountTest::words).orElse(List.of());
    return words(process).getFirst().endsWith("/java")
        && starter.contains("--descriptor")
        && starter.getLast().equals(top().toString());
  }

  private static List<String> words(ProcessHandle process) {
    try {
      var file = Path.of("/proc/" + process.pid() + "/cmdline");
      return List.of(Files.readString(file, StandardCharsets.ISO_8859_1).split("\0"));
    } catch (IOException _) {
      return List.of(""); // it has ended
    }
  }

  @Test
  void aServerThatIsKilledIsReplaced() throws IOException {
    var name = Bailey.name();
    var container = top().resolve("default").resolve(name);
    Files.createDirectory(container);
    try (var open = Files.newByteChannel(container.resolve("pids.max"))) {
      assertThat(out(Bailey.run("mount"))).contains(top() + "  yes");
      var first = server();
      assertThat(first.destroyForcibly()).isTrue();
      first.onExit().join();
      assertThat(Files.readString(container.resolve("pids.max"))).isEqualTo("max\n");
      assertThat(open.read(java.nio.ByteBuffer.allocate(10))).isEqualTo(4);
      assertThat(server().pid()).isNotEqualTo(first.pid());
    }
    Files.writeString(container.resolve("pids.max"), "10\n");
    assertThat(out(Bailey.run("get", name, "pids.max"))).isEqualTo("10\n");
    Files.delete(container);
    assertThat(Bailey.run("get", name, "pids.max").status()).isEqualTo(125);
  }

  /** The holder of the mount before looks at what is there, not at the directory's name. */
  @Test
  void whatIsMountedRightAfterwardsStays() throws Exception {
    var holder = server().parent().flatMap(ProcessHandle::parent).orElseThrow();
    var container = top().resolve("default").resolve(Bailey.name());
    Files.createDirectory(container);
    Files.delete(container);
    var unmounted = new ProcessBuilder("umount", "--lazy", top().toString()).start();
    assertThat(unmounted.waitFor()).isZero();
    var again = Bailey.run("mount", top().toString());
    assertThat(again.status()).as(again.err()).isZero();
    holder.onExit().join();
    assertThat(top().resolve("default")).isDirectory();
  }

  @Test
  void whatNobodyServesIsToldAndTakenAway() {
    var server = server();
    var starter = server.parent().orElseThrow();
    var holder = starter.parent().orElseThrow();
    for (var process : List.of(holder, server)) {
      assertThat(process.destroyForcibly()).isTrue();
      process.onExit().join();
    }
    starter.onExit().join();
    assertThatThrownBy(() -> Files.readString(top().resolve("container.last_error")))
        .isInstanceOf(IOException.class);
    assertThat(out(Bailey.run("mount"))).contains(top() + "  no");
    assertThat(Bailey.run("doctor").out()).contains("at " + top() + " was killed");
    assertThat(out(Bailey.run("gc"))).contains("removed the mount at " + top());
    assertThat(top()).isEmptyDirectory();
    assertThat(out(Bailey.run("mount"))).doesNotContain(top().toString());
  }

  @Test
  void unmountingEndsTheServer() {
    var server = server();
    assertThat(out(Bailey.run("umount", top().toString()))).isEmpty();
    server.onExit().join();
    assertThat(out(Bailey.run("mount"))).doesNotContain(top().toString());
    var again = Bailey.run("umount", top().toString());
    assertThat(again.status()).isEqualTo(125);
    assertThat(again.err()).contains("nothing is mounted at " + top());
  }

  @Test
  void whatCannotBeMountedIsRefused() {
    var missing = folder.resolve("missing").toString();
    var refused = Bailey.run("mount", missing);
    assertThat(refused.status()).isEqualTo(125);
    assertThat(refused.err()).contains("cannot serve files at " + missing).contains("ENOENT");
    assertThat(out(Bailey.run("mount", "--json")))
        .contains(top().toString())
        .doesNotContain("missing");
  }

  private static Process shell(String script) throws IOException {
    return new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
  }

  /** Until a process waits in the kernel for the server. */
  private static void awaitRequest(Process process) throws IOException {
    var file = Path.of("/proc/" + process.pid() + "/syscall");
    while (!Files.readString(file).matches("(?s)(1|64) .*")) { // write(2): x86-64, aarch64
      Thread.onSpinWait();
    }
  }

  /** A handler that has to wait: another has the lock of what it sets. */
  private String blocked() throws IOException {
    var name = Bailey.name();
    assertThat(out(Bailey.run("create", "--new", "uts", name))).isEmpty();
    assertThat(out(Bailey.run("set", name, "uts.hostname=before"))).isEmpty();
    return name;
  }

  private static Path lock() {
    return Path.of("/run/bailey/settings");
  }

  @Test
  void whoWaitsWhileTheServerDiesIsAnsweredByTheNext() throws Exception {
    var name = blocked();
    var file = top().resolve("default").resolve(name).resolve("uts.hostname");
    Process writer;
    try (var channel = FileChannel.open(lock(), StandardOpenOption.WRITE);
        var locked = channel.lock()) {
      assertThat(locked.isValid()).isTrue();
      writer = shell("exec 3> " + file + "; echo after >&3");
      awaitRequest(writer);
      assertThat(Files.readString(file)).as("nobody else waits").isEqualTo("before\n");
      var first = server();
      assertThat(first.destroyForcibly()).isTrue();
      first.onExit().join();
      assertThat(Files.readString(file)).as("the next one serves").isEqualTo("before\n");
      assertThat(writer.isAlive()).isTrue();
    }
    assertThat(Bailey.await(writer, "writer")).isZero();
    assertThat(Files.readString(file)).isEqualTo("after\n");
    assertThat(out(Bailey.run("rm", name))).isEmpty();
  }

  /** Whatever they were doing: what is asked is done once, and nobody gets an error. */
  @Test
  void whoWorksWhileServersDieNoticesNothing() throws IOException {
    var name = Bailey.name();
    var container = top().resolve("default").resolve(name);
    Files.createDirectory(container);
    var other = Bailey.name();
    Files.createDirectory(container.resolveSibling(other));
    var workers = new ArrayList<Process>();
    for (var work :
        List.of(
            "mkdir in; rmdir in",
            "mkdir d d/e; rmdir d/e d",
            "echo $i > pids.max",
            "read x < memory.max; [ $x = max ]",
            "ls -la ../%s > /dev/null".formatted(other),
            "find ../%s > /dev/null".formatted(other),
            "[ -e container.state ]; [ ! -e missing ]")) {
      workers.add(
          shell(
              "set -e; cd "
                  + container
                  + "; i=100; while [ ! -e "
                  + folder
                  + "/stop ]; do i=$((i + 1)); "
                  + work
                  + "; done"));
    }
    for (int kills = 0; kills < 4; kills++) {
      var server = server();
      assertThat(server.destroyForcibly()).isTrue();
      server.onExit().join();
      assertThat(Files.readString(container.resolve("memory.max"))).isEqualTo("max\n");
    }
    Files.createFile(folder.resolve("stop"));
    for (var worker : workers) {
      var said = new String(worker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(Bailey.await(worker, "worker")).as(said).isZero();
    }
    Files.delete(container.resolveSibling(other));
    Files.delete(container);
  }

  @Test
  void whoIsKilledWhileItWaitsIsGone() throws Exception {
    var name = blocked();
    var file = top().resolve("default").resolve(name).resolve("uts.hostname");
    try (var channel = FileChannel.open(lock(), StandardOpenOption.WRITE);
        var locked = channel.lock()) {
      assertThat(locked.isValid()).isTrue();
      var writer = shell("exec 3> " + file + "; echo after >&3");
      awaitRequest(writer);
      writer.destroyForcibly();
      assertThat(Bailey.await(writer, "writer")).isEqualTo(128 + 9);
      assertThat(Files.readString(file)).isEqualTo("before\n");
    }
    assertThat(out(Bailey.run("rm", name))).isEmpty();
  }

  /** While what it waits for goes on: the alarm ends its write, not the lock. */
  @Test
  void whoIsInterruptedWhileItWaitsIsTold() throws Exception {
    var name = blocked();
    var file = top().resolve("default").resolve(name).resolve("uts.hostname");
    try (var channel = FileChannel.open(lock(), StandardOpenOption.WRITE);
        var locked = channel.lock()) {
      assertThat(locked.isValid()).isTrue();
      var writer =
          new ProcessBuilder(
                  "python3",
                  "-c",
                  """
                  import os, signal, sys
                  def stop(*_): raise TimeoutError
                  signal.signal(signal.SIGALRM, stop)
                  f = os.open(sys.argv[1], os.O_WRONLY)
                  signal.alarm(1)
                  try:
                      os.write(f, b'after\\n')
                  except TimeoutError:
                      print('interrupted')
                  """,
                  file.toString())
              .start();
      assertThat(Bailey.await(writer, "writer")).isZero();
      assertThat(new String(writer.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("interrupted\n");
      assertThat(Files.readString(file)).isEqualTo("before\n");
    }
    assertThat(out(Bailey.run("rm", name))).isEmpty();
  }

  /** umount -l: who has a file open goes on with it, and with the last the server ends. */
  @Test
  void whatIsUnmountedLazilyIsServedToThoseWhoUseIt() throws IOException {
    var name = Bailey.name();
    var container = Files.createDirectory(top().resolve("default").resolve(name));
    var server = server();
    try (var open = FileChannel.open(container.resolve("pids.max"), StandardOpenOption.READ)) {
      var unmounted =
          Bailey.program("", List.of("umount", "-l", top().toString()), java.util.Map.of());
      assertThat(unmounted.status()).as(unmounted.err()).isZero();
      assertThat(top()).isEmptyDirectory();
      assertThat(open.read(java.nio.ByteBuffer.allocate(10), 0)).isEqualTo(4);
      assertThat(server.isAlive()).isTrue();
    }
    server.onExit().join();
    assertThat(out(Bailey.run("rm", name))).isEmpty();
  }

  @Test
  void whoWaitsWhileItIsUnmountedIsTold() throws Exception {
    var name = blocked();
    var file = top().resolve("default").resolve(name).resolve("uts.hostname");
    try (var channel = FileChannel.open(lock(), StandardOpenOption.WRITE);
        var locked = channel.lock()) {
      assertThat(locked.isValid()).isTrue();
      var writer = shell("exec 3> " + file + "; echo after >&3");
      awaitRequest(writer);
      assertThat(Bailey.run("umount", top().toString()).err()).contains("EBUSY");
      assertThat(out(Bailey.run("umount", "--force", top().toString()))).isEmpty();
      assertThat(Bailey.await(writer, "writer")).isNotZero();
    }
    assertThat(out(Bailey.run("rm", name))).isEmpty();
  }

  private static String inside(String script, String... options) {
    var words = new ArrayList<String>();
    words.addAll(List.of("run", "--boundary", "--memory", "64M", "--set", "ipc.shmmax=1000000"));
    words.addAll(List.of(options));
    words.addAll(List.of("--", "sh", "-c", script));
    var result = Bailey.run("", words);
    assertThat(result.status()).as(result.out() + result.err()).isZero();
    return result.out();
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "auto"})
  void aGuestSeesItselfAsTheRoot(String users) {
    assertThat(
            inside(
                """
                cd /containers
                cat memory.max ipc.shmmax
                echo 2G > memory.max && echo raised
                cat container.last_error
                echo 32M > memory.max.internal && cat memory.max memory.max.internal
                echo 1G > memory.max.internal && cat memory.max
                """,
                "--userns",
                users))
        .isEqualTo(
            """
            67108864
            1000000
            memory.max: from inside of the boundary this is only read; set your own in\
             memory.max.internal
            33554432
            33554432
            67108864
            """);
  }

  /** What the kernel has no second value of: bailey keeps both, and tells the kernel the lower. */
  @ParameterizedTest
  @ValueSource(strings = {"host", "auto"})
  void aGuestSetsItsOwnLowerLimitOfANamespace(String users) {
    assertThat(
            inside(
                """
                cd /containers
                echo 4096 > ipc.shmmax.internal
                cat ipc.shmmax ipc.shmmax.internal /proc/sys/kernel/shmmax
                echo 2000000 > ipc.shmmax.internal
                cat ipc.shmmax ipc.shmmax.internal /proc/sys/kernel/shmmax
                echo 8192 > /proc/sys/kernel/shmmax || echo not by hand
                """,
                "--userns",
                users))
        .isEqualTo("4096\n4096\n4096\n1000000\n2000000\n1000000\nnot by hand\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "auto"})
  void aGuestHasContainersOfItsOwn(String users) {
    assertThat(
            inside(
                """
                cd /containers
                mkdir job && echo 20 > job/pids.max && cat job/pids.max
                sleep 1000 & p=$!
                echo $p > job/procs
                [ "$(cat job/procs)" = $p ] && echo put
                rmdir job 2> /dev/null || echo busy
                kill $p; wait
                mkdir job/inner && rmdir job 2> /dev/null || echo full
                rmdir job/inner job && echo gone
                """,
                "--userns",
                users))
        .isEqualTo("20\nput\nbusy\nfull\ngone\n");
  }

  /** Where the machine's tree is not hidden by what a container has there of its own. */
  @Test
  void theMachinesTreeIsInNoContainer() throws IOException {
    var open = Files.createTempDirectory(Path.of("/srv"), "bailey-test");
    try {
      assertThat(Bailey.run("mount", open.toString()).status()).isZero();
      var script = // besides the files of /proc and /sys in which it sees itself
          "ls -A "
              + open
              + "; awk '/ fuse.bailey / && $5 !~ /^\\/(proc|sys)\\//' /proc/self/mountinfo | wc -l";
      assertThat(out(Bailey.run("run", "--", "sh", "-c", script))).isEqualTo("0\n");
      assertThat(inside(script)).isEqualTo("1\n");
      assertThat(inside(script, "--userns", "auto")).isEqualTo("1\n");
    } finally {
      assertThat(Bailey.run("umount", "--force", open.toString()).status()).isZero();
      Files.delete(open);
    }
  }

  /** By path, mount, descriptor, or the number of somebody else's process. */
  @ParameterizedTest
  @ValueSource(strings = {"host", "auto"})
  void nothingLeadsOut(String users) throws IOException {
    var name = Bailey.name();
    Files.createDirectory(top().resolve("default").resolve(name));
    try {
      var out =
          inside(
              """
              cd /containers
              for p in ../default .view ../.view /proc/self/cwd/../default /proc/1/root/default; do
                [ -e $p ] && echo $p leads out
              done
              ls -R /containers 2> /dev/null | grep %s
              grep -e %s /proc/self/mountinfo
              mkdir m 2> /dev/null; rmdir m 2> /dev/null
              mkdir job; echo 1 > job/pids.max
              for pid in $(seq 2 100); do
                [ -e /proc/$pid ] || { echo $pid > job/procs && echo took $pid; }
              done 2> /dev/null
              rmdir job
              for f in memory.max ipc.shmmax container.state procs uts.hostname; do
                echo 1 2> /dev/null > $f && echo wrote $f
                chmod 666 $f 2> /dev/null && echo changed $f
                chown 12345 $f 2> /dev/null && echo gave $f
              done
              mkdir /tmp/m && mount --bind /containers /tmp/m 2> /dev/null
              ls /tmp/m/.. 2> /dev/null | grep -x default
              echo end
              """
                  .formatted(name, top()),
              "--userns",
              users);
      assertThat(out).isEqualTo("end\n");
    } finally {
      Files.delete(top().resolve("default").resolve(name));
    }
  }
}
