package bailey.oci.output;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.spec.NamespaceKind;
import bailey.oci.config.OciReader;
import bailey.oci.output.FeaturesDocument.Support;
import bailey.oci.output.OciState.Additions;
import bailey.oci.output.OciState.Status;
import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutputTest {
  private static final OciState STATE =
      new OciState("web", Status.RUNNING, 4422, "/b/web", Map.of("k\"", "v\n\u00e9"));

  /** Fails if {@code text} is not JSON, or has a name twice. */
  private static String checked(String text) throws IOException {
    var factory =
        JsonFactory.builder()
            .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    try (var parser = factory.createParser(text)) {
      int depth = 0;
      while (parser.nextToken() != null) {
        depth++;
      }
      assertThat(depth).isPositive();
    }
    return text;
  }

  @Test
  void hooksGetTheStateOnOneLine() throws IOException {
    assertThat(checked(STATE.json()))
        .isEqualTo(
            "{\"ociVersion\":\"1.3.0\",\"id\":\"web\",\"pid\":4422,\"status\":\"running\","
                + "\"bundle\":\"/b/web\",\"annotations\":{\"k\\\"\":\"v\\n\\u00E9\"}}");
  }

  @Test
  void callersGetWhatRuncAdds() throws IOException {
    var additions = new Additions("/b/web/rootfs", "2026-11-22T16:04:27.5Z", "root");
    assertThat(checked(STATE.json(additions)))
        .isEqualTo(
            """
            {
              "ociVersion": "1.3.0",
              "id": "web",
              "pid": 4422,
              "status": "running",
              "bundle": "/b/web",
              "rootfs": "/b/web/rootfs",
              "created": "2026-11-22T16:04:27.5Z",
              "annotations": {
                "k\\"": "v\\n\\u00E9"
              },
              "owner": "root"
            }
            """);
    var stopped = new OciState("old", Status.STOPPED, 0, "/b/old", Map.of());
    assertThat(checked(OciState.list(List.of(stopped, STATE), List.of(additions, additions))))
        .startsWith("[{\"ociVersion\":\"1.3.0\",\"id\":\"old\",\"pid\":0,\"status\":\"stopped\"")
        .endsWith("\"owner\":\"root\"}]");
    assertThat(checked(OciState.list(List.of(), List.of()))).isEqualTo("[]");
  }

  @Test
  void whatSpecWritesIsRead() throws IOException {
    var config = OciReader.config(checked(SpecDocument.text()).getBytes(StandardCharsets.UTF_8));
    assertThat(config.warnings()).isEmpty();
    assertThat(config.root().readonly()).isTrue();
    assertThat(config.linux().isNew(NamespaceKind.NET)).isTrue();
    assertThat(config.linux().namespace(NamespaceKind.USER)).isNull();
    assertThat(config.linux().maskedPaths()).contains("/proc/kcore");
    assertThat(config.linux().resources()).isNotNull();
  }

  @Test
  void whatSpecWritesForAUserIsRead() throws IOException {
    var text = checked(SpecDocument.rootless(1000, 100));
    var config = OciReader.config(text.getBytes(StandardCharsets.UTF_8));
    assertThat(config.linux().isNew(NamespaceKind.USER)).isTrue();
    assertThat(config.linux().isNew(NamespaceKind.NET)).isFalse();
    assertThat(config.linux().uidMappings().getFirst().hostId()).isEqualTo(1000);
    assertThat(config.linux().gidMappings().getFirst().hostId()).isEqualTo(100);
    assertThat(config.linux().resources()).isNull();
    assertThat(text).doesNotContain("gid=5").contains("\"rbind\"");
  }

  @Test
  void featuresSayWhatIsKnown() throws IOException {
    var support = new Support(true, false, true, false, false, true, false, true);
    var text =
        checked(
            FeaturesDocument.text(
                support,
                List.of("ro", "bind"),
                List.of("run.bailey."),
                Map.of("run.bailey.version", "1")));
    assertThat(text)
        .startsWith("{\n  \"ociVersionMin\": \"1.0.0\",\n  \"ociVersionMax\": \"1.3.0\",\n")
        .contains("\"mountOptions\": [\n    \"bind\",\n    \"ro\"\n  ]")
        .contains("\"CAP_CHECKPOINT_RESTORE\"")
        .contains("\"SCMP_ARCH_AARCH64\"")
        .contains("\"MPOL_WEIGHTED_INTERLEAVE\"")
        .contains("\"systemd\": true")
        .contains("\"systemdUser\": false");
  }
}
