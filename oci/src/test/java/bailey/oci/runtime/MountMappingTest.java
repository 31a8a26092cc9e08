package bailey.oci.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Flags;
import bailey.core.bundle.BundleMount;
import bailey.core.bundle.BundleMount.Kind;
import bailey.core.error.BadRequest;
import bailey.oci.config.OciMount;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountMappingTest {
  private static final MountMapping.Files FILES =
      new MountMapping.Files() {
        @Override
        public String absolute(String source) {
          return source.startsWith("/") ? source : "/bundle/" + source;
        }

        @Override
        public boolean isFile(String path) {
          return path.endsWith(".txt");
        }

        @Override
        public boolean isProc(String path) {
          return path.startsWith("/proc");
        }
      };

  private static BundleMount map(
      String destination, @Nullable String type, @Nullable String source, String... options) {
    return MountMapping.of(
        new OciMount(destination, type, source, Arrays.asList(options), List.of(), List.of()),
        3,
        FILES,
        null);
  }

  @Test
  void aFileSystem() {
    var mount = map("/run/./x/", "tmpfs", "tmpfs", "nosuid", "ro", "size=64k", "mode=755");
    assertThat(mount.kind()).isEqualTo(Kind.FILE_SYSTEM);
    assertThat(mount.destination()).isEqualTo("/run/x");
    assertThat(mount.attributes().set())
        .isEqualTo(Flags.MOUNT_ATTR_NOSUID | Flags.MOUNT_ATTR_RDONLY);
    assertThat(mount.parameters()).containsExactly("size=64k", "mode=755");
  }

  @Test
  void aBindMount() {
    var mount = map("/etc/x", "bind", "data/a.txt", "rbind", "rprivate", "ro", "rnosuid");
    assertThat(mount.kind()).isEqualTo(Kind.BIND_TREE);
    assertThat(mount.source()).isEqualTo("/bundle/data/a.txt");
    assertThat(mount.file()).isTrue();
    assertThat(mount.attributes().set()).isEqualTo(Flags.MOUNT_ATTR_RDONLY);
    assertThat(mount.attributes().setBelow()).isEqualTo(Flags.MOUNT_ATTR_NOSUID);
    assertThat(mount.propagation()).containsExactly(Flags.MS_PRIVATE | Flags.MS_REC);
  }

  @Test
  void theLastWordHolds() {
    var mount = map("/x", null, "/y", "bind", "ro", "rw", "noexec", "exec", "noexec");
    assertThat(mount.attributes().set()).isEqualTo(Flags.MOUNT_ATTR_NOEXEC);
    assertThat(mount.attributes().cleared()).isEqualTo(Flags.MOUNT_ATTR_RDONLY);
  }

  @ParameterizedTest
  @CsvSource({"noatime, 0x10", "strictatime, 0x20", "relatime, 0", "atime, 0"})
  void accessTimesAreOneOfSeveral(String option, String value) {
    var attributes = map("/x", null, "/y", "bind", "strictatime", option).attributes();
    assertThat(attributes.set()).isEqualTo(Long.decode(value));
    assertThat(attributes.cleared()).isEqualTo(Flags.MOUNT_ATTR__ATIME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/proc/sys", "/proc/self/exe", "/proc/1/../sysrq-trigger", "/a/../proc/x"})
  void nothingIsMountedOverWhatDecides(String destination) {
    assertThatThrownBy(() -> map(destination, null, "/y", "bind"))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("mounts[3].destination: ");
  }

  @Test
  void whatLxcfsServesMay() {
    assertThat(map("/proc/meminfo", null, "/lxcfs/meminfo.txt", "bind").file()).isTrue();
  }

  @Test
  void onlyProcIsProc() {
    assertThatThrownBy(() -> map("/proc", "tmpfs", "tmpfs")).isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> map("/proc", "bind", "/data", "rbind")).isInstanceOf(BadRequest.class);
    assertThat(map("/proc", "bind", "/proc", "rbind").isBind()).isTrue();
  }

  @Test
  void theRootIsNoPlaceForAMount() {
    assertThatThrownBy(() -> map("/x/..", "tmpfs", "tmpfs")).isInstanceOf(BadRequest.class);
  }
}
