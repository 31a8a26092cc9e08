package bailey.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void bytesThatAreNoTextSurvive() {
    assertThat(Json.line(out -> out.writeString("a\uDCFF\uDC80ü\n")))
        .isEqualTo("\"a\\uDCFF\\uDC80\\u00FC\\n\"\n");
  }

  @Test
  void isIndentedForPeople() {
    assertThat(
            Json.pretty(
                out -> {
                  out.writeStartObject();
                  Json.number(out, "a", OptionalLong.of(1));
                  Json.number(out, "b", OptionalLong.empty());
                  out.writeArrayFieldStart("c");
                  out.writeString("d");
                  out.writeEndArray();
                  out.writeEndObject();
                }))
        .isEqualTo(
            """
            {
              "a": 1,
              "b": null,
              "c": [
                "d"
              ]
            }
            """);
  }
}
