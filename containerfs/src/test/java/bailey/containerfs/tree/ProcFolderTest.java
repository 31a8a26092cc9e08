package bailey.containerfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.ContainerKeys;
import bailey.ContainerSystem;
import bailey.containerfs.fake.FakeTree;
import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.kernel.ProcFile;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.ProcRequest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files in which a container sees itself in /proc. */
class ProcFolderTest {
  private static final Caller ROOT = new Caller(0, 0, 1);

  @RegisterExtension final FakeTree machine = new FakeTree();

  @BeforeEach
  void texts() {
    var kernel = machine.kernel();
    kernel.text(ProcFile.UPTIME, "100.00 150.00\n");
    kernel.text(
        ProcFile.MEMINFO,
        "MemTotal:       24684084 kB\nMemFree:        21114896 kB\nDirectMap1G:    25165824 kB\n");
    kernel.text(ProcFile.CPUINFO, "processor\t: 0\n\nprocessor\t: 1\n\n");
    kernel.text(ProcFile.STAT, "cpu  1 2 3\ncpu0 1 2 3\ncpu1 1 2 3\nbtime 1000\n");
    kernel.text(ProcFile.LOADAVG, "9.00 9.00 9.00 9/99 999\n");
    kernel.text(ProcFile.DISKSTATS, "   8       0 sda 1 2 3\n");
    kernel.text(ProcFile.CPU_ONLINE, "0-1\n");
  }

  private String name(String container) {
    var path = ContainerPath.parse("container", container);
    long number = machine.system().keys().of(ContainerSystem.DEFAULT_HIERARCHY, path);
    return ContainerKeys.text(number) + ".proc";
  }

  private Folder folder(String container) {
    var views = (Folder) machine.tree().top().lookup(".view").orElseThrow();
    return (Folder) views.lookup(name(container)).orElseThrow();
  }

  private String read(String container, String file) {
    return ((Leaf) folder(container).lookup(file).orElseThrow()).read(ROOT);
  }

  private void make(String name, String memory) {
    var _ =
        machine
            .system()
            .create(
                ContainerSpec.builder()
                    .name(name)
                    .memory(memory)
                    .removed(false)
                    .detached(true)
                    .build());
  }

  @Test
  void eachContainerSeesItsOwn() {
    make("web", "64M");
    make("web/inner", "128M");
    make("db", "32M");
    assertThat(read("web", "meminfo"))
        .startsWith("MemTotal:          65536 kB\n")
        .endsWith("DirectMap1G:    25165824 kB\n");
    assertThat(read("web/inner", "meminfo")).startsWith("MemTotal:          65536 kB\n");
    assertThat(read("db", "meminfo")).startsWith("MemTotal:          32768 kB\n");
  }

  @Test
  void allFilesAreThereAndCanOnlyBeRead() {
    make("web", "64M");
    assertThat(folder("web").files()).hasSize(ProcFile.values().length);
    for (var kind : folder("web").files()) {
      assertThat(kind.mode()).isEqualTo(0444);
      var leaf = (Leaf) folder("web").lookup(kind.name()).orElseThrow();
      assertThatThrownBy(() -> leaf.write("1", ROOT)).isInstanceOf(FileRefused.class);
    }
    assertThat(read("web", "loadavg")).matches("0\\.00 0\\.00 0\\.00 1/0 0\n");
    assertThat(read("web", "diskstats")).isEmpty();
    assertThat(read("web", "cpuinfo")).isEqualTo("processor\t: 0\n\nprocessor\t: 1\n\n");
    assertThat(read("web", "stat")).contains("btime 1000").doesNotContain("1 2 3");
  }

  @Test
  void whatTheKernelHasNotIsRefused() {
    make("web", "64M");
    assertThatThrownBy(() -> read("web", "pressure.cpu"))
        .isInstanceOfSatisfying(
            FileRefused.class,
            refused -> assertThat(refused.errno()).isEqualTo(Errno.ENOTSUP.number()));
  }

  @Test
  void whoIsGoneSeesNothing() {
    make("web", "64M");
    var meminfo = (Leaf) folder("web").lookup("meminfo").orElseThrow();
    machine.system().container("web").remove(true);
    assertThatThrownBy(() -> meminfo.read(ROOT))
        .isInstanceOfSatisfying(
            FileRefused.class,
            refused -> assertThat(refused.errno()).isEqualTo(Errno.ENOENT.number()));
  }

  @Test
  void theNextServerKnowsItByItsNumber() {
    make("web", "64M");
    var leaf = folder("web").lookup("meminfo").orElseThrow();
    var next = new Tree(machine.system(), Optional.empty(), 0, 0, 0);
    assertThat(((Leaf) next.node(leaf.id())).read(ROOT))
        .startsWith("MemTotal:          65536 kB\n");
    next.end();
  }

  @Test
  void itIsAskedForAndCannotBeHadWithoutServer() {
    var spec = ContainerSpec.builder().name("web").proc(ProcRequest.VIEW).build();
    assertThatThrownBy(() -> machine.system().start(spec, List.of("/bin/sleep")))
        .hasMessageStartingWith("--proc=view: ");
    assertThat(machine.system().containers()).isEmpty();
  }
}
