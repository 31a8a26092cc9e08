package bailey.oci.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where {@code exec --cgroup} puts a further process. */
class SubGroupTest {
  private static final CgroupLayout HYBRID =
      new CgroupLayout(
          Map.of("memory", "/cg/memory", "cpu", "/cg/cpu,cpuacct", "cpuacct", "/cg/cpu,cpuacct"),
          Optional.of("/cg/unified"),
          List.of("hugetlb"),
          Map.of(),
          Optional.of("/bailey"));

  private static final List<String> OWN =
      List.of("/cg/unified/a/web", "/cg/memory/a/web", "/cg/cpu,cpuacct/a/web");

  private static final Set<String> THERE =
      Set.of("/cg/unified/a/web/sub", "/cg/memory/a/web/sub", "/cg/unified/a/web", "/cg/memory/b");

  private static List<String> of(String... asked) {
    return SubGroup.of(
        Stream.of(asked).map(SubGroup::parse).toList(), OWN, HYBRID, THERE::contains);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sub | /cg/unified/a/web/sub /cg/memory/a/web/sub /cg/cpu,cpuacct/a/web",
        "/sub/ | /cg/unified/a/web/sub /cg/memory/a/web/sub /cg/cpu,cpuacct/a/web",
        "memory:sub | /cg/unified/a/web /cg/memory/a/web/sub /cg/cpu,cpuacct/a/web",
        "cpu,hugetlb:sub | /cg/unified/a/web/sub /cg/memory/a/web /cg/cpu,cpuacct/a/web",
        "../../sub | /cg/unified/a/web/sub /cg/memory/a/web/sub /cg/cpu,cpuacct/a/web",
        "/ | /cg/unified/a/web /cg/memory/a/web /cg/cpu,cpuacct/a/web"
      })
  void isBelowTheContainersOwn(String asked, String groups) {
    assertThat(String.join(" ", of(asked))).isEqualTo(groups);
  }

  @Test
  void severalAreEachInTheirHierarchy() {
    assertThat(of("memory:sub", "hugetlb:sub"))
        .startsWith("/cg/unified/a/web/sub", "/cg/memory/a/web/sub");
  }

  @ParameterizedTest
  @ValueSource(strings = {"other", "cpu:sub", ":sub", "cpu,:sub", "../../../b", "nothing:sub"})
  void whatIsNotThereIsRefused(String asked) {
    assertThatThrownBy(() -> of(asked))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("--cgroup: ");
  }
}
