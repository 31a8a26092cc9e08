package bailey;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.container.ContainerPath;
import bailey.engine.group.Groups;
import bailey.engine.group.Guests;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The containers inside of a boundary, found by their groups alone, whatever the guest made. */
class GuestsTest {
  private static final ContainerPath BOUNDARY = path("web");
  private static final String OWN = "bailey/c-web/in/own/";

  @RegisterExtension final FakeMachine machine = new FakeMachine();

  @BeforeEach
  void boundary() {
    make("memory", "bailey/c-web/in/own");
  }

  private static ContainerPath path(String name) {
    return ContainerPath.parse("name", name);
  }

  /** Makes a group and those around it. */
  private void make(String controller, String group) {
    var made = new StringBuilder();
    for (var part : group.split("/", -1)) {
      made.append(made.isEmpty() ? "" : "/").append(part);
      var groups = machine.kernel().cgroups();
      var above = made.toString().contains("/") ? made.substring(0, made.lastIndexOf("/")) : "";
      if (!groups.children(controller, above).contains(part)) {
        groups.mkdir(controller, made.toString());
      }
    }
  }

  private Guests guests() {
    return new Guests(machine.kernel().cgroups(), machine.kernel().features());
  }

  private Groups outer() {
    return Groups.of(machine.kernel().cgroups(), machine.kernel().features(), "/bailey", BOUNDARY);
  }

  private List<String> names() {
    return guests().of(BOUNDARY, outer()).keySet().stream().map(ContainerPath::toString).toList();
  }

  @Test
  void noneAtFirst() {
    assertThat(names()).isEmpty();
  }

  @Test
  void eachWithThoseInItInWhicheverHierarchy() {
    make("memory", OWN + "bailey/c-one");
    make("pids", OWN + "bailey/c-two/c-inner");
    make("cgroup", OWN + "bailey/c-one/in/own/bailey/c-deep/in/own/bailey/c-deeper");
    assertThat(names())
        .containsExactly(
            "web/one", "web/one/deep", "web/one/deep/deeper", "web/two", "web/two/inner");
    assertThat(guests().find(BOUNDARY, outer(), path("web/one/deep/deeper")).orElseThrow().path())
        .isEqualTo(OWN + "bailey/c-one/in/own/bailey/c-deep/in/own/bailey/c-deeper");
    assertThat(guests().find(BOUNDARY, outer(), path("web/none"))).isEmpty();
  }

  @Test
  void ofOtherStateDirectoriesAndHierarchiesByTheirGroup() {
    make("memory", OWN + "bailey-0badcafe/c-one");
    make("memory", OWN + "bailey.batch/c-two");
    make("memory", OWN + "bailey/c-one");
    assertThat(names())
        .containsExactly("web/bailey-0badcafe/one", "web/bailey.batch/two", "web/one");
  }

  @Test
  void groupsThatAreNoContainersAreNone() {
    make("memory", OWN + "own-work/c-one");
    make("memory", OWN + "bailey/other/c-two");
    make("memory", OWN + "bailey/c-" + "x".repeat(101));
    make("memory", OWN + "bailey/b-!");
    make("memory", OWN + "baileys/c-three");
    make("memory", OWN + "bailey/c-..");
    assertThat(names()).isEmpty();
  }

  /** A guest that nests deeper than names go does not keep the machine from looking. */
  @Test
  void deeperThanANameMayBe() {
    make("memory", OWN + "bailey" + "/c-a".repeat(ContainerPath.MOST_DEEP + 10));
    assertThat(names()).hasSize(ContainerPath.MOST_DEEP - 1);
  }
}
