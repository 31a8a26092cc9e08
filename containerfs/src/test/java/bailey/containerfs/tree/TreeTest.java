package bailey.containerfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.containerfs.fake.FakeTree;
import bailey.containerfs.wire.Attributes;
import bailey.core.abi.Errno;
import bailey.core.container.OnEmpty;
import bailey.core.spec.ContainerSpec;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TreeTest {
  private static final Caller ROOT = new Caller(0, 0, 1);

  @RegisterExtension final FakeTree machine = new FakeTree();

  private Folder folder(String path) {
    Node at = machine.tree().top();
    for (var name : path.split("/", -1)) {
      at = ((Folder) at).lookup(name).orElseThrow();
    }
    return (Folder) at;
  }

  private Leaf file(String path) {
    int slash = path.lastIndexOf('/');
    return (Leaf) folder(path.substring(0, slash)).lookup(path.substring(slash + 1)).orElseThrow();
  }

  private String read(String path) {
    return file(path).read(ROOT);
  }

  private void write(String path, String text) {
    file(path).write(text, ROOT);
  }

  private static void refused(Errno errno, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            FileRefused.class,
            refused ->
                assertThat(Errno.sentence(refused.errno()))
                    .as(refused.getMessage())
                    .isEqualTo(errno.sentence()));
  }

  @Test
  void aDirectoryIsAContainer() {
    var made = folder("default").make("web");
    assertThat(made.path()).hasToString("web");
    assertThat(machine.system().container("web").command()).isEmpty();
    assertThat(folder("default").folders()).extracting(Folder::name).containsExactly("web");
    folder("default/web").make("inner");
    assertThat(machine.system().find("web/inner")).isPresent();
    refused(Errno.EEXIST, () -> folder("default").make("web"));
    refused(Errno.ENOTEMPTY, () -> folder("default").remove("web"));
    folder("default/web").remove("inner");
    folder("default").remove("web");
    assertThat(machine.system().containers()).isEmpty();
    refused(Errno.ENOENT, () -> folder("default").remove("web"));
    assertThat(folder("default").lookup("web")).isEmpty();
    assertThat(folder("default").lookup("a\nb")).isEmpty();
  }

  @Test
  void aHierarchyIsADirectoryToo() {
    machine.system().mountHierarchy("classes", List.of("memory"));
    assertThat(machine.tree().top().folders())
        .extracting(Folder::name)
        .containsExactly("default", "classes");
    assertThat(read("classes/subsystems")).isEqualTo("memory\n");
    folder("classes").make("batch");
    assertThat(folder("classes/batch").files())
        .extracting(FileKind::name)
        .contains("memory.max")
        .doesNotContain("cpu.weight");
    write("classes/batch/memory.max", "64M");
    assertThat(machine.system().hierarchy("classes").container("batch").get("memory.max"))
        .isEqualTo("67108864");
    refused(Errno.EBUSY, () -> folder("classes").parent().toldAlways(() -> unmount("classes")));
    folder("classes").remove("batch");
    var _ = unmount("classes");
    assertThat(machine.tree().top().lookup("classes")).isEmpty();
    refused(Errno.EPERM, () -> machine.tree().top().make("more"));
  }

  private boolean unmount(String name) {
    machine.tree().top().remove(name);
    return true;
  }

  @Test
  void oneHierarchyMayBeAtTheTop() {
    machine.system().mountHierarchy("classes", List.of("memory"));
    machine.system().hierarchy("classes").create(ContainerSpec.builder().name("batch").build());
    var top = new Tree(machine.system(), Optional.of("classes"), 0, 0, 0).top();
    assertThat(top.id()).isEqualTo(Node.ROOT);
    assertThat(top.lookup("batch")).isPresent();
    assertThat(top.lookup("subsystems")).isPresent();
    top.remove("batch");
    machine.system().unmountHierarchy("classes");
  }

  @Test
  void aValueIsSetAndShown() {
    folder("default").make("web");
    assertThat(read("default/web/memory.max")).isEqualTo("max\n");
    write("default/web/memory.max", "64M");
    assertThat(read("default/web/memory.max")).isEqualTo("67108864\n");
    assertThat(machine.system().container("web").get("memory.max")).isEqualTo("67108864");
    assertThat(read("default/web/container.last_error")).isEmpty();
    write("default/web/container.on_empty", "delete");
    assertThat(machine.system().container("web").onEmpty()).isEqualTo(OnEmpty.DELETE);
    write("default/container.release_agent", "/bin/sleep");
    assertThat(read("default/container.release_agent")).isEqualTo("/bin/sleep\n");
    write("default/container.release_agent", "");
    assertThat(read("default/container.release_agent")).isEqualTo("\n");
  }

  @Test
  void aRefusalHasANumberAndASentence() {
    folder("default").make("web");
    refused(Errno.EINVAL, () -> write("default/web/memory.max", "much"));
    assertThat(read("default/web/container.last_error"))
        .startsWith("memory.max: much is not a size;");
    refused(Errno.ERANGE, () -> write("default/web/memory.max", "1"));
    refused(Errno.ERANGE, () -> write("default/web/cpu.weight", "20000"));
    refused(Errno.EPERM, () -> write("default/web/memory.current", "1"));
    refused(Errno.ESRCH, () -> write("default/web/procs", "999999"));
    assertThat(read("default/web/container.last_error")).isEqualTo("there is no process 999999\n");
    refused(Errno.EINVAL, () -> write("default/web/procs", "me"));
    refused(Errno.EACCES, () -> read("default/web/container.kill"));
    write("default/web/memory.max", "64M");
    assertThat(read("default/web/container.last_error")).isEmpty();
  }

  @Test
  void processesArePutIntoIt() {
    folder("default").make("web");
    long pid = machine.kernel().startProcess("/usr/sbin/webd");
    write("default/web/procs", Long.toString(pid));
    assertThat(read("default/web/procs")).isEqualTo(pid + "\n");
    assertThat(read("default/web/tasks")).isEqualTo(pid + "\n");
    refused(Errno.EBUSY, () -> folder("default").toldAlways(() -> remove("web")));
    assertThat(read("default/container.last_error")).contains("1 processes were put into it");
  }

  private boolean remove(String name) {
    folder("default").remove(name);
    return true;
  }

  @Test
  void severalAreSetTogetherOrNone() {
    folder("default").make("web");
    write("default/web/container.apply", "memory.max=64M\npids.max 20\n");
    assertThat(read("default/web/memory.max")).isEqualTo("67108864\n");
    assertThat(read("default/web/pids.max")).isEqualTo("20\n");
    refused(
        Errno.EINVAL, () -> write("default/web/container.apply", "memory.max=32M\npids.max=few"));
    refused(Errno.EINVAL, () -> write("default/web/container.apply", "memory.max=32M\nno.file=1"));
    refused(
        Errno.EINVAL, () -> write("default/web/container.apply", "memory.max=32M\nmemory.max=1G"));
    refused(Errno.EPERM, () -> write("default/web/container.apply", "memory.current=1"));
    assertThat(read("default/web/memory.max")).isEqualTo("67108864\n");
  }

  @Test
  void whatTheKernelRefusesTakesTheOthersBack() {
    folder("default").make("web");
    write("default/web/memory.max", "64M");
    write("default/web/pids.max", "20");
    // the kernel takes no burst above the quota
    write("default/web/cpu.max", "10000 100000");
    refused(
        Errno.EINVAL,
        () -> write("default/web/container.apply", "pids.max=30\ncpu.max.burst=20000"));
    assertThat(read("default/web/pids.max")).isEqualTo("20\n");
  }

  @Test
  void modesShowWhoMayWrite() {
    folder("default").make("web");
    assertThat(file("default/web/memory.max").attributes().mode())
        .isEqualTo(Attributes.FILE | 0644);
    assertThat(file("default/web/memory.current").attributes().mode())
        .isEqualTo(Attributes.FILE | 0444);
    assertThat(file("default/web/container.apply").attributes().mode())
        .isEqualTo(Attributes.FILE | 0200);
    assertThat(folder("default/web").attributes().mode()).isEqualTo(Attributes.DIRECTORY | 0755);
  }

  /** What a server that takes over relies on. */
  @Test
  void anotherTreeKnowsTheSameNumbers() {
    folder("default").make("web");
    folder("default/web").make("inner");
    var other = new Tree(machine.system(), Optional.empty(), 0, 0, 0);
    for (var path : List.of("default", "default/web", "default/web/inner")) {
      var here = folder(path);
      assertThat(other.node(here.id()))
          .isInstanceOfSatisfying(
              Folder.class, there -> assertThat(there.path()).isEqualTo(here.path()));
    }
    var file = file("default/web/inner/memory.max");
    assertThat(((Leaf) other.node(file.id())).read(ROOT)).isEqualTo("max\n");
    refused(Errno.ESTALE, () -> other.node(4711L << FileKind.BITS));
    refused(Errno.ESTALE, () -> other.node(65_000));
  }
}
