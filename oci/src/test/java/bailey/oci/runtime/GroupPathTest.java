package bailey.oci.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupPathTest {
  private static final CgroupLayout ROOT =
      new CgroupLayout(
          Map.of(), Optional.of("/sys/fs/cgroup"), List.of(), Map.of(), Optional.of("/bailey"));

  @ParameterizedTest
  @CsvSource({
    "/a/b, /a/b",
    "/a//b/../c/, /a/c",
    "a/b, /bailey-oci/a/b",
    "../../a, /bailey-oci/a",
    ", /bailey-oci/web"
  })
  void isBelowTheTop(String asked, String path) {
    assertThat(GroupPath.of(ROOT, asked, "web", false)).contains(path);
  }

  @ParameterizedTest
  @CsvSource({
    "system.slice:app:web, /system.slice/app-web.scope",
    ":app:web, /system.slice/app-web.scope",
    "-.slice::web, /web.scope",
    "a-b-c.slice:x:web, /a.slice/a-b.slice/a-b-c.slice/x-web.scope",
    "user.slice:x:web.slice, /user.slice/web.slice"
  })
  void slicesAreInEachOther(String asked, String path) {
    assertThat(GroupPath.of(ROOT, asked, "web", true)).contains(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/b", "a:b", "a.slice:b:", "a:b:c", "a/b.slice:c:d"})
  void whatIsNotInSystemdsFormIsRefused(String asked) {
    assertThatThrownBy(() -> GroupPath.of(ROOT, asked, "web", true))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("linux.cgroupsPath: ");
  }

  @Test
  void theTopIsNobodys() {
    assertThatThrownBy(() -> GroupPath.of(ROOT, "/..", "web", false))
        .isInstanceOf(BadRequest.class);
  }

  @Test
  void whoMayMakeNoneHasNone() {
    assertThat(GroupPath.of(CgroupLayout.NONE, null, "web", false)).isEmpty();
  }
}
