package bailey.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The readers against what this JVM knows of itself by other means. */
class ProcReadersTest {
  private final long self = ProcessHandle.current().pid();

  @Test
  void thisProcess() {
    var status = TaskStatus.read().orElseThrow();
    assertThat(status.tgid()).isEqualTo(self);
    assertThat(TaskStatus.read(self).orElseThrow().uids()).isEqualTo(status.uids());
    var stat = TaskStat.read(self).orElseThrow();
    assertThat(stat.pid()).isEqualTo(self);
    assertThat((long) stat.parent())
        .isEqualTo(ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L));
    assertThat(stat.startTime()).isPositive();
  }

  @Test
  void noProcess() {
    long none = Integer.MAX_VALUE; // above the kernel's limit of process ids
    assertThat(TaskStatus.read(none)).isEmpty();
    assertThat(TaskStat.read(none)).isEmpty();
    assertThat(MountEntry.readAll(none)).isEmpty();
    assertThat(CgroupMembership.read(none).paths()).isEmpty();
    assertThat(NamespaceLink.read("/proc/" + none + "/ns/net")).isEmpty();
  }

  @Test
  void mountsOfThisProcess() {
    assertThat(MountEntry.readAll())
        .anyMatch(m -> m.point().equals("/"))
        .anyMatch(m -> m.point().equals("/proc") && m.type().equals("proc"))
        .isEqualTo(MountEntry.readAll(self));
  }

  @Test
  void namespaceOfThisProcess() {
    assertThat(NamespaceLink.read("/proc/self/ns/net").orElseThrow().kind()).isEqualTo("net");
    assertThat(NamespaceLink.read("/proc/self/exe")).isEmpty();
  }

  @Test
  void machine() {
    assertThat(FileSystemTypes.parse(KernelFile.readOrEmpty("/proc/filesystems")).names())
        .contains("proc", "tmpfs");
  }

  @Test
  void bytesThatAreNoTextSurvive(@TempDir Path folder) throws IOException {
    var file = folder.resolve("file");
    Files.write(file, new byte[] {'a', (byte) 0xff, '\n'});
    assertThat(KernelFile.read(file.toString())).contains("a\udcff\n");
    assertThat(KernelFile.read(folder.resolve("none").toString())).isEmpty();
    assertThat(KernelFile.readOrEmpty(folder.toString())).isEmpty();
  }
}
