package bailey.oci.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.spec.NamespaceKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OciReaderTest {
  static byte[] example(String name) {
    try (var in = OciReaderTest.class.getResourceAsStream("/oci/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc-spec.json", "runc-spec-rootless.json", "crun-spec.json"})
  void whatOtherRuntimesWriteIsRead(String name) {
    var config = OciReader.config(example(name));

    assertThat(config.root().path()).isEqualTo("rootfs");
    assertThat(Objects.requireNonNull(config.process()).args()).isEqualTo(List.of("sh"));
    assertThat(config.linux().isNew(NamespaceKind.PID)).isTrue();
    assertThat(config.linux().maskedPaths()).contains("/proc/kcore");
    assertThat(config.mounts()).hasSizeGreaterThan(5);
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void aLimitBelowNoneIsRefusedByPathAndLine() {
    var document =
        """
        {
          "ociVersion": "1.3.0",
          "root": {"path": "rootfs"},
          "linux": {
            "resources": {
              "memory": {"limit": -5}
            }
          }
        }
        """;

    assertThatThrownBy(() -> OciReader.config(document.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(BadRequest.class)
        .hasMessage(
            "linux.resources.memory.limit: -5 is below -1; write a number of bytes, or -1 for no"
                + " limit; line 6, column 27");
  }

  @Test
  void errorsFoundLaterGetTheirLine() {
    var document =
        "{\n \"linux\": {\"resources\": {\"memory\":\n  {\"limit\": 64, \"swap\": 63}}}\n}";
    var bytes = document.getBytes(StandardCharsets.UTF_8);
    var late = new BadRequest("linux.resources.memory.swap: 63 is too low");
    assertThat(OciReader.located(bytes, late))
        .hasMessage("linux.resources.memory.swap: 63 is too low; line 3, column 25");
    assertThat(OciReader.located(bytes, new NotPossibleHere("linux.resources: not here")))
        .hasMessage("linux.resources: not here; line 2, column 25");
    var other = new BadRequest("cannot start: no root");
    assertThat(OciReader.located(bytes, other)).isSameAs(other);
  }
}
