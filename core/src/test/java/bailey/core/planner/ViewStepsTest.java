package bailey.core.planner;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.plan.PlanText;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.ProcRequest;
import bailey.core.spec.UserMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What a container sees of itself in /proc. */
class ViewStepsTest {
  private static final ProcView VIEW =
      new ProcView("/run/bailey/view/.view/0123456789ab.proc", Optional.of("1"));

  private static LaunchRequest request(Attachment attachment, UserMapping users) {
    var plain =
        Machine.HYBRID.request(
            attachment, spec -> spec.proc(ProcRequest.VIEW).userMapping(users).cpus("0.5"));
    return new LaunchRequest(
        plain.name(),
        plain.spec(),
        plain.command(),
        plain.attachment(),
        plain.state(),
        plain.intent(),
        plain.made(),
        plain.host(),
        plain.userBase(),
        plain.reporter(),
        plain.alwaysReport(),
        plain.emptyMounts(),
        Optional.of(VIEW));
  }

  private static String text(LaunchRequest request) {
    return PlanText.print(new LaunchPlanner(Machine.HYBRID.features()).plan(request), 90);
  }

  @Test
  void golden() throws IOException {
    var file = Path.of("src/test/resources/golden/run-view.txt");
    var text = text(request(Attachment.FOREGROUND, UserMapping.AUTO));
    if (System.getProperty("bailey.golden", "").equals("write")) {
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }

  @Test
  void itIsTheSameForAllWhoLookAfterIt() {
    for (var attachment : Attachment.values()) {
      assertThat(text(request(attachment, UserMapping.HOST)))
          .contains("mount(\"driver/meminfo\", \"meminfo\", 0, MS_BIND, 0)")
          .contains("\"devices/system/cpu/online\"")
          .contains("sched_setaffinity(0, 8, CPUs 1)")
          .contains("umount2(\"driver\", MNT_DETACH)");
    }
  }

  @Test
  void itIsMountedInNobodyElsesNamespace() {
    var shared =
        Machine.HYBRID.request(
            Attachment.FOREGROUND,
            spec ->
                spec.proc(ProcRequest.VIEW).namespace(NamespaceKind.MNT, NamespaceRequest.SHARED));
    Assertions.assertThatThrownBy(() -> text(shared)).hasMessageContaining("--proc=view");
  }

  private static Optional<String> chosen(String bandwidth, long key) {
    var all = new BitSet();
    all.set(2, 6);
    return CpuChoice.of(all, bandwidth, key);
  }

  @Test
  void asManyCpusAsTheQuotaComesTo() {
    assertThat(chosen("100000 100000", 0)).contains("2");
    assertThat(chosen("100001 100000", 0)).contains("2-3");
    assertThat(chosen("1000 1000000", 3)).contains("5");
    assertThat(chosen("200000 100000", 7)).as("round the end").contains("2,5");
    assertThat(chosen("400000 100000", 0)).isEmpty();
    assertThat(chosen("max 100000", 0)).isEmpty();
  }
}
