package bailey.oci.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import bailey.core.abi.Arch;
import bailey.core.error.BadRequest;
import bailey.oci.json.JsonReader;
import bailey.oci.output.SpecDocument;
import bailey.oci.request.OciFilter;
import bailey.testkit.Gen;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes: a configuration, or one sentence with a line. */
class BrokenConfigTest {
  private static final List<byte[]> DOCUMENTS =
      List.of(
          OciReaderTest.example("full.json"),
          OciReaderTest.example("runc-spec.json"),
          OciReaderTest.example("runc-spec-rootless.json"),
          OciReaderTest.example("crun-spec.json"),
          SpecDocument.text().getBytes(StandardCharsets.UTF_8));

  /** What is put in: tokens of JSON, extreme values, words of the specification. */
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\\",
          "null",
          "true",
          "false",
          "0",
          "-1",
          "-5",
          "1e9",
          "1.5",
          "18446744073709551615",
          "18446744073709551616",
          "-9223372036854775809",
          "999999999999999999999999999999",
          "\"\"",
          "\"\\u0000\"",
          "\"a\\u0000b\"",
          "\"\\ud800\"",
          "\"../..\"",
          "\"/\"",
          "\"relative\"",
          "{}",
          "[]",
          "[null]",
          "[[]]",
          "{\"\": 1}",
          "\"SCMP_ACT_NOTIFY\"",
          "\"SCMP_ACT_KILL\"",
          "\"user\"",
          "\"time\"",
          "\"path\":",
          "\"type\":",
          "\"uidMappings\":",
          "\"limit\":",
          "\u00e9",
          "\ud83d\ude00",
          "\n",
          "\t",
          "\0",
          "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingButAConfigurationOrASentenceComesOut(long seed) {
    var gen = new Gen(seed);
    int read = 0;
    for (int i = 0; i < 1500; i++) {
      var document = gen.oneOf(DOCUMENTS);
      for (long times = gen.number(1, 4); times > 0; times--) {
        document = mutated(gen, document);
      }
      read += attempt(seed, i, document) ? 1 : 0;
    }
    assertThat(read).as("some mutations do no harm").isBetween(1, 1499);
  }

  /** Whether it was read. */
  private static boolean attempt(long seed, int round, byte[] document) {
    try {
      use(OciReader.config(document));
      return true;
    } catch (BadRequest e) {
      assertThat(e.getMessage())
          .as("seed " + seed + ", round " + round)
          .isNotBlank()
          .doesNotContain("\n")
          .hasSizeLessThan(2000);
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      return fail("seed " + seed + ", round " + round + ": " + text(document), e);
    }
  }

  private static void use(OciConfig config) {
    var seccomp = config.linux().seccomp();
    if (seccomp != null) {
      for (var machine : Arch.values()) {
        assertThat(OciFilter.of(seccomp, machine).filter().assemble()).isNotEmpty();
      }
    }
  }

  private static byte[] mutated(Gen gen, byte[] document) {
    if (document.length == 0) {
      return document;
    }
    int at = (int) gen.number(0, document.length - 1);
    int length = (int) gen.number(0, Math.min(60, document.length - at));
    var out = new ByteArrayOutputStream();
    switch ((int) gen.number(0, 6)) {
      case 0 -> { // another byte
        var copy = document.clone();
        copy[at] = (byte) gen.number(0, 255);
        return copy;
      }
      case 1 -> { // without a part
        out.write(document, 0, at);
        out.write(document, at + length, document.length - at - length);
      }
      case 2 -> { // a part twice
        out.write(document, 0, at + length);
        out.write(document, at, document.length - at);
      }
      case 3 -> out.write(document, 0, at); // cut off
      case 4 -> { // a value replaced
        int end = end(document, at);
        out.write(document, 0, at);
        out.writeBytes(gen.oneOf(PIECES).getBytes(StandardCharsets.UTF_8));
        out.write(document, end, document.length - end);
      }
      case 5 -> { // a part elsewhere
        int other = (int) gen.number(0, document.length);
        out.write(document, 0, other);
        out.write(document, at, length);
        out.write(document, other, document.length - other);
      }
      default -> { // something put in
        out.write(document, 0, at);
        out.writeBytes(gen.oneOf(PIECES).getBytes(StandardCharsets.UTF_8));
        out.write(document, at, document.length - at);
      }
    }
    return out.toByteArray();
  }

  /** Where the word or number ends that is at {@code at}. */
  private static int end(byte[] document, int at) {
    int end = at;
    while (end < document.length && ",}] \n\t:".indexOf(document[end]) < 0) {
      end++;
    }
    return end;
  }

  private static String text(byte[] document) {
    return new String(document, StandardCharsets.UTF_8);
  }

  @Test
  void manyNamesThatHashAlikeAreNoTrouble() {
    var text =
        new StringBuilder("{\"ociVersion\": \"1.0.0\", \"root\": {\"path\": \"r\"}, \"x\": {");
    for (int i = 0; i < 1 << 14; i++) {
      var name = new StringBuilder();
      for (int bit = 0; bit < 14; bit++) {
        name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      text.append('"').append(name).append("\":0,");
    }
    text.append("\"y\":0}}");
    var config = OciReader.config(text.toString().getBytes(StandardCharsets.UTF_8));
    assertThat(config.root().path()).isEqualTo("r");
  }

  @Test
  void hugeDocumentsAreRefused() {
    var huge = new byte[JsonReader.LONGEST + 1];
    Arrays.fill(huge, (byte) ' ');
    assertThatThrownBy(() -> OciReader.config(huge))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("16777217 bytes");
  }
}
