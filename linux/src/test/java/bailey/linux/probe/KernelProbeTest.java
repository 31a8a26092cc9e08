package bailey.linux.probe;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.kernel.KernelFeatures.IdRange;
import bailey.linux.proc.MountEntry;
import bailey.linux.proc.SubordinateIds;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelProbeTest {
  @Test
  void thisMachine() {
    var features = KernelProbe.features();
    assertThat(features.arch().machine()).isIn("x86_64", "aarch64");
    assertThat(features.release()).matches("\\d+\\.\\d+.*");
    assertThat(features.namespaces()).contains("mnt", "pid", "uts").noneMatch(n -> n.contains("_"));
    assertThat(features.fileSystems()).contains("proc", "tmpfs");
    assertThat(features.uid() == 0).isEqualTo("root".equals(System.getProperty("user.name")));
    assertThat(KernelProbe.mounts()).anyMatch(m -> m.point().equals("/proc"));
  }

  @Test
  void coveredProc() {
    String line = "1 0 0:1 / %s rw - tmpfs tmpfs rw";
    for (var hides : List.of("/proc/kcore", "/proc/sys", "/proc/sys/fs")) {
      assertThat(KernelProbe.covered(MountEntry.parseAll(line.formatted(hides))))
          .as(hides)
          .isTrue();
    }
    for (var hidesNothing : List.of("/proc", "/process", "/proc/sys/fs/binfmt_misc")) {
      assertThat(KernelProbe.covered(MountEntry.parseAll(line.formatted(hidesNothing))))
          .as(hidesNothing)
          .isFalse();
    }
  }

  @Test
  void rangesOfTheUser() {
    var all =
        List.of(
            new SubordinateIds("me", 100000, 65536),
            new SubordinateIds("you", 200000, 65536),
            new SubordinateIds("1000", 300000, 1),
            new SubordinateIds("me", Integer.MAX_VALUE - 10L, 65536),
            new SubordinateIds("me", 4294900000L, 10));
    assertThat(KernelProbe.ranges(all, "me", 1000))
        .containsExactly(
            new IdRange(100000, 65536),
            new IdRange(300000, 1),
            new IdRange(Integer.MAX_VALUE - 10, 10));
    assertThat(KernelProbe.ranges(all, "", 5)).isEmpty();
  }
}
