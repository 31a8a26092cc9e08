package bailey.kernel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.ContainerBusy;
import bailey.core.state.ContainerState;
import bailey.linux.fuse.LinuxFileServing;
import java.io.IOException;
import java.nio.ByteBuffer;
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
import org.junit.jupiter.api.extension.RegisterExtension;

/** The containers as files, used by the programs that people use. */
class ContainerFsTest {
  private static final int MANY = 20;

  @RegisterExtension final Engine engine = new Engine();

  private MountedFiles files = MountedFiles.NONE;

  @BeforeEach
  void mount() throws IOException {
    files = MountedFiles.of(engine);
  }

  @AfterEach
  void unmount() {
    files.close();
  }

  private Path top() {
    return files.top();
  }

  private Path path(String name) {
    return files.path(name);
  }

  private MountedFiles.Result sh(String script) throws IOException {
    return files.sh(script);
  }

  private String out(String script) throws IOException {
    return files.out(script);
  }

  @Test
  void aShellMakesLimitsFillsAndRemovesAContainer() throws IOException {
    assertThat(
            out(
                """
                mkdir web && echo 64M > web/memory.max && cat web/memory.max
                sleep 1000 & p=$!
                echo $p > web/procs
                [ "$(cat web/procs)" = $p ] && echo inside
                rmdir web 2> /dev/null || echo busy
                kill $p; wait $p 2> /dev/null
                rmdir web && echo gone
                """))
        .isEqualTo("67108864\ninside\nbusy\ngone\n");
    assertThat(engine.system().containers()).isEmpty();
  }

  @Test
  void theWriterMayNameItselfByZero() throws IOException {
    assertThat(out("mkdir web; bash -c 'echo 0 > web/procs; grep -cx $$ web/procs'; rmdir web"))
        .isEqualTo("1\n");
  }

  @Test
  void allToolsReadTheSame() throws IOException {
    var _ = out("mkdir web && echo 12345 > web/pids.max");
    for (var read :
        new String[] {
          "cat web/pids.max",
          "dd status=none bs=1 if=web/pids.max",
          "dd status=none bs=3 if=web/pids.max",
          "head -n 1 web/pids.max",
          "tail -n 1 web/pids.max",
          "sed -n p web/pids.max",
          "busybox cat web/pids.max",
          "busybox head -n 1 web/pids.max",
          "busybox dd bs=4 if=web/pids.max 2> /dev/null",
          "cp web/pids.max ../../copy && cat ../../copy && rm ../../copy",
          "python3 -c 'print(open(\"web/pids.max\").read(), end=\"\")'",
          "read x < web/pids.max; echo $x",
          "while read x; do echo $x; done < web/pids.max",
          "grep . web/pids.max",
          "find web -name pids.max -exec cat {} +",
        }) {
      assertThat(out(read)).as(read).isEqualTo("12345\n");
    }
    assertThat(Files.readString(path("web/pids.max"))).isEqualTo("12345\n");
  }

  @Test
  void allFilesOfAllContainersCanBeSearched() throws IOException {
    var made = new StringBuilder();
    for (int i = 1; i <= MANY; i++) {
      made.append("mkdir c%d && echo %d > c%d/pids.max%n".formatted(i, 1000 + i, i));
    }
    var _ = out(made.toString());
    assertThat(out("grep -rsx 1007 . | sort")).isEqualTo("./c7/pids.max:1007\n");
    assertThat(engine.system().containers())
        .hasSize(MANY)
        .allSatisfy(one -> assertThat(one.state()).isEqualTo(ContainerState.CREATED));
    var _ = out("rmdir c*/");
  }

  /** Also where somebody put it there by hand, into one group of several. */
  @Test
  void whereATaskIsNothingIsRemoved() throws IOException {
    var name = "busy" + ProcessHandle.current().pid();
    out("mkdir " + name + " && echo 64M > " + name + "/memory.max");
    var before = lists(name);
    assertThat(before).isNotEmpty();
    for (var list : before) {
      isKept(name, list.toString());
    }
    isKept(name, name + "/procs");
    assertThat(lists(name)).isEqualTo(before);
    out("rmdir " + name);
    assertThat(lists(name)).isEmpty();
  }

  private void isKept(String name, String list) throws IOException {
    String script =
        "sleep 60 & task=$!; trap 'kill $task; wait $task' EXIT; echo $task > "
            + list
            + "; LC_ALL=C rmdir "
            + name;
    assertThat(sh(script).out()).as("a task in %s", list).contains("Device or resource busy");
    assertThat(out("cat " + name + "/memory.max")).as("a task in %s", list).isEqualTo("67108864\n");
  }

  /** The lists of the processes of a container in all hierarchies. */
  private static List<Path> lists(String name) throws IOException {
    var points = new ArrayList<Path>(List.of(Path.of("/sys/fs/cgroup")));
    points.addAll(in(points.getFirst(), "*"));
    var lists = new ArrayList<Path>();
    for (var point : points) {
      in(point, "bailey*").stream()
          .map(base -> base.resolve("c-" + name + "/cgroup.procs"))
          .filter(Files::exists)
          .forEach(lists::add);
    }
    return lists;
  }

  private static List<Path> in(Path directory, String glob) throws IOException {
    var found = new ArrayList<Path>();
    if (Files.isDirectory(directory)) {
      try (var entries = Files.newDirectoryStream(directory, glob)) {
        entries.forEach(found::add);
      }
    }
    found.sort(null);
    return found;
  }

  /** A task comes in, or the container goes: neither takes the other along. */
  @Test
  void whoComesInWhileItIsRemovedLives() throws IOException {
    out(
        """
        sleep 60 & task=$!
        trap 'kill $task' EXIT
        mkdir other
        for i in $(seq 40); do
          mkdir race || exit 2
          { echo $task > race/procs; } 2> /dev/null & mover=$!
          if rmdir race 2> /dev/null; then
            wait $mover
          else
            wait $mover
            echo $task > other/procs || exit 3
            rmdir race || exit 4
          fi
          kill -0 $task || exit 5
        done
        exit 0\
        """);
    out("rmdir other");
  }

  /** What was set before may still be open. */
  @Test
  void aValueIsThatOfTheContainerThatIsThereNow() throws IOException {
    assertThat(
            out(
                """
                for i in 1 2 3; do
                  mkdir web
                  cat web/pids.max
                  echo $i > web/pids.max
                  cat web/pids.max
                  rmdir web
                done
                """))
        .isEqualTo("max\n1\nmax\n2\nmax\n3\n");
  }

  @Test
  void allToolsWrite() throws IOException {
    var _ = out("mkdir web");
    int value = 100;
    for (var write :
        new String[] {
          "echo %d > web/pids.max",
          "printf %d > web/pids.max",
          "printf '%d\\n' | dd status=none bs=1 of=web/pids.max",
          "printf %d | dd status=none bs=1 of=web/pids.max conv=notrunc",
          "printf %d | tee web/pids.max > /dev/null",
          "echo %d >> web/pids.max",
          "busybox echo %d > web/pids.max",
          "printf %d | busybox tee web/pids.max > /dev/null",
          "python3 -c 'open(\"web/pids.max\", \"w\").write(\"%d\")'",
          "python3 -c 'print(\"%d\", file=open(\"web/pids.max\", \"w\"))'",
          "echo %d > ../../value; cp ../../value web/pids.max; rm ../../value",
          "echo %d > ../../value; cat ../../value > web/pids.max; rm ../../value",
          "printf '1c\\n%d\\n.\\nw\\nq\\n' | busybox ed web/pids.max > /dev/null",
          "TERM=vt100 busybox vi -c '%%s/.*/%d/' -c wq web/pids.max < /dev/null > /dev/null",
          "python3 -c 'f = open(\"web/pids.max\", \"r+\"); f.read(); f.seek(0); f.truncate();"
              + " f.write(\"%d\")'",
          "printf %d > ../../value; cp -f ../../value web/pids.max; rm ../../value",
          "printf %d | dd of=web/pids.max status=none",
          "printf %d | busybox dd of=web/pids.max 2> /dev/null",
          "echo %d > ../../value; sort ../../value -o web/pids.max; rm ../../value",
        }) {
      value++;
      var _ = out(write.formatted(value));
      assertThat(engine.system().container("web").get("pids.max"))
          .as(write)
          .isEqualTo(Integer.toString(value));
    }
    Files.writeString(path("web/pids.max"), "77");
    assertThat(engine.system().container("web").get("pids.max")).isEqualTo("77");
  }

  @Test
  void whatIsRefusedHasAnErrorAndASentence() throws IOException {
    var _ = out("mkdir web");
    assertThat(sh("echo many > web/pids.max").out()).contains("Invalid argument");
    assertThat(out("cat web/container.last_error")).startsWith("pids.max: many is not");
    assertThat(sh("echo 1 > web/memory.max").out()).contains("Numerical result out of range");
    assertThat(sh("echo 999999999 > web/procs").out()).contains("No such process");
    assertThat(sh("echo 1 > web/memory.current").out()).contains("Operation not permitted");
    assertThat(out("cat web/container.last_error")).contains("only reports");
    assertThat(sh("cat web/container.kill").out()).contains("Permission denied");
    assertThat(
            sh("python3 -c 'f = open(\"web/pids.max\", \"w\"); f.write(\"many\"); f.close()'")
                .out())
        .contains("OSError: [Errno 22]");
    assertThatThrownBy(() -> Files.writeString(path("web/pids.max"), "many\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Invalid argument");
    for (var make :
        new String[] {
          "touch web/new",
          "ln -s a web/new",
          "mkfifo web/new",
          "rm web/pids.max",
          "mv web other",
          "mv web/pids.max web/new",
          "sed -i s/max/10/ web/pids.max"
        }) {
      assertThat(sh(make).out()).as(make).contains("ermi");
    }
    assertThat(sh("mkdir web").out()).contains("File exists");
    assertThat(sh("mkdir web/in/deep").out()).contains("No such file");
    assertThat(sh("mkdir web/in; rmdir web").out()).contains("Directory not empty");
    assertThat(out("cat container.last_error")).contains("the container web/in is in it");
  }

  /** Each number with the program that meets it, and the sentence beside it. */
  @Test
  void eachRefusalHasItsNumberAndItsSentence() throws IOException {
    var _ = out("mkdir -p web/in");
    for (var refusal :
        new String[][] {
          {"web", "echo x > web/pids.max", "Invalid argument", "pids.max: x is not"},
          {"web", "echo a=b > web/container.apply", "Invalid argument", "a is no control file"},
          {
            "web",
            "echo 20000 > web/cpu.weight",
            "Numerical result out of range",
            "cpu.weight: 20000"
          },
          {"web", "echo 1 > web/pids.current", "Operation not permitted", "only reports"},
          {"web", "chmod 777 web/pids.max", "Operation not permitted", "mode"},
          {"web", "touch web/new", "Operation not permitted", "neither made nor removed"},
          {"web", "rm web/pids.max", "Operation not permitted", "neither made nor removed"},
          {"web", "sed -i s/a/b/ web/pids.max", "Operation not permitted", "(sed -i)"},
          {"web", "mv web/in web/out", "Operation not permitted", "write the processes to"},
          {".", "rmdir web", "Directory not empty", "the container web/in is in it"},
          {
            ".",
            "rmdir web/in; sleep 1000 & echo $! > web/procs; rmdir web; s=$?; kill $!; exit $s",
            "Device or resource busy",
            "processes were put into it"
          },
        }) {
      var result = sh(refusal[1]);
      assertThat(result.status()).as(refusal[1]).isNotZero();
      assertThat(result.out()).as(refusal[1]).contains(refusal[2]);
      assertThat(out("cat " + refusal[0] + "/container.last_error"))
          .as(refusal[1])
          .contains(refusal[3])
          .endsWith("\n");
    }
  }

  @Test
  void othersChangesAreSeen() throws IOException {
    var _ = out("mkdir web; ls -la web; cat web/pids.max");
    engine.system().container("web").remove(false);
    while (Files.exists(path("web"))) {
      Thread.onSpinWait(); // it is told in a moment
    }
    assertThat(sh("cat web/pids.max").out()).contains("No such file");
    assertThat(out("mkdir web && cat web/pids.max")).isEqualTo("max\n");
    engine.system().create(Engine.spec().name("other").detached(true).removed(false).build());
    engine.system().container("web").set("pids.max", "5");
    assertThat(out("cat web/pids.max")).isEqualTo("5\n");
    assertThat(out("ls -d other web")).isEqualTo("other\nweb\n");
    assertThat(out("rmdir other web; ls -d */ 2> /dev/null | wc -l")).isEqualTo("0\n");
  }

  @Test
  void aReaderSeesOneMoment() throws IOException {
    var _ = out("mkdir web && echo 111 > web/pids.max");
    try (var open = FileChannel.open(path("web/pids.max"), StandardOpenOption.READ)) {
      var part = ByteBuffer.allocate(2);
      assertThat(open.read(part)).isEqualTo(2);
      var _ = out("echo 22222 > web/pids.max");
      var rest = ByteBuffer.allocate(10);
      assertThat(open.read(rest)).isEqualTo(2);
      assertThat(new String(rest.array(), 0, 2, StandardCharsets.UTF_8)).isEqualTo("1\n");
      rest.clear();
      assertThat(open.read(rest, 0)).isEqualTo(6);
    }
  }

  /** Which the kernel reads by itself, where it can. */
  @Test
  void aFigureIsThatOfTheMoment() throws IOException {
    var _ = out("mkdir web");
    try (var open = FileChannel.open(path("web/pids.current"), StandardOpenOption.READ)) {
      assertThat(first(open)).isEqualTo('0');
      assertThat(out("bash -c 'echo 0 > web/procs; cat web/pids.current; :'")).isEqualTo("2\n");
      assertThat(first(open)).isEqualTo('0');
      assertThat(out("rmdir web; mkdir web; cat web/pids.current")).isEqualTo("0\n");
      assertThatThrownBy(() -> first(open)).isInstanceOf(IOException.class);
      assertThat(out("cat web/pids.current")).as("another's while it is open").isEqualTo("0\n");
    }
    assertThat(out("cat web/pids.current; rmdir web")).isEqualTo("0\n");
  }

  private static char first(FileChannel open) throws IOException {
    var bytes = ByteBuffer.allocate(10);
    assertThat(open.read(bytes, 0)).isEqualTo(2);
    return (char) bytes.get(0);
  }

  @Test
  void allOfATreeIsSearched() throws IOException {
    var _ = out("for i in $(seq 20); do mkdir -p c$i/d; done");
    assertThat(out("find . -type d | wc -l")).isEqualTo("41\n");
    var found = sh("grep -rs max . | grep -c '/pids.max:max'");
    assertThat(found.out()).isEqualTo("40\n");
    assertThat(out("find . -mindepth 1 -depth -type d -exec rmdir {} +; ls -d */ | wc -l; true"))
        .endsWith("0\n");
  }

  @Test
  void unmountingAsksForNobodyInside() throws IOException {
    var _ = out("mkdir web");
    try (var open = FileChannel.open(path("web/pids.max"), StandardOpenOption.READ)) {
      assertThat(open.size()).isPositive();
      assertThatThrownBy(() -> new LinuxFileServing().unmount(top().toString(), false))
          .isInstanceOf(ContainerBusy.class)
          .hasMessageContaining("fuser -m " + top());
      files.close();
      assertThatThrownBy(() -> open.read(ByteBuffer.allocate(10), 0))
          .isInstanceOf(IOException.class);
    }
    assertThat(new LinuxFileServing().unmount(top().toString(), false)).isFalse();
  }

  @Test
  void whoPollsIsToldOfAChange() throws IOException {
    var _ = out("mkdir web");
    assertThat(out("cat web/container.events")).startsWith("populated 0\nfrozen 0\n");
    assertThat(
            out(
                """
                cat > ../../poll.py <<'END'
                import select, sys
                f = open(sys.argv[1])
                f.read()
                p = select.poll()
                p.register(f, select.POLLPRI)
                assert not p.poll(0), 'nothing has happened'
                print('waiting', flush=True)
                assert p.poll(), 'it is told'
                f.seek(0)
                print(f.readline(), end='')
                END
                mkfifo ../../said
                python3 ../../poll.py web/container.events > ../../said & p=$!
                exec 3< ../../said
                read x <&3
                sleep 1000 & s=$!
                echo $s > web/procs
                read x <&3; echo $x
                wait $p; echo $?
                kill $s; wait $s 2> /dev/null
                rm ../../said ../../poll.py
                rmdir web
                """))
        .isEqualTo("populated 1\n0\n");
  }
}
