package bailey.oci.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bailey.core.error.BadRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonReaderTest {
  private static String refusal(byte[] document) {
    return String.valueOf(
        catchThrowableOfType(
                BadRequest.class,
                () -> {
                  var in = new JsonReader(document);
                  in.skip();
                  in.end();
                })
            .getMessage());
  }

  private static String refusal(String document) {
    return refusal(document.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                     | the document ends before it is complete; line 1, column 1
          {"a": [1, 2            | a[2]: the document ends before it is complete; line 1, column 12
          {"a": {"b": 1, "b": 2}}| a.b: this name is given twice; keep one of them; line 1, column 16
          {"a": 1} {             | the document goes on after its end; line 1, column 10
          {"a": "\\ud800"}       | a: the document has half of a surrogate pair, which is no character; line 1, column 7
          {"a" 1}                | the document is no JSON here: Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value; line 1, column 6
          {"a": 01}              | the document is no JSON here: Invalid numeric value: Leading zeroes not allowed; line 1, column 8
          {"a": nul}             | the document is no JSON here: Unrecognized token 'nul': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false'); line 1, column 10
          """)
  void whatIsBrokenIsToldByPathAndPlace(String document, String sentence) {
    assertThat(refusal(document)).isEqualTo(sentence);
  }

  @Test
  void nestingHasAnEnd() {
    assertThat(refusal("[".repeat(100_000)))
        .endsWith("the document is nested deeper than 100 objects and lists; line 1, column 101");
  }

  @Test
  void onlyUtf8IsRead() {
    assertThat(refusal(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}))
        .isEqualTo("the document is not UTF-8 here; line 1, column 2");
    assertThat(refusal("{}".getBytes(StandardCharsets.UTF_16LE)))
        .startsWith("the document is no JSON here: ");
    assertThat(refusal("\ufeff{}"))
        .isEqualTo(
            "the document begins with a byte order mark; save it as UTF-8 without one; line 1,"
                + " column 1");
  }

  @Test
  void whatIsReadIsReadAsItIsWritten() {
    var in =
        new JsonReader(
            """
            {"none": null, "text": "a\\u00e9\\ud83d\\ude00", "numbers": [-0, 18446744073709551615, true]}
            """
                .getBytes(StandardCharsets.UTF_8));
    in.object();
    assertThat(in.field()).isEqualTo("text");
    assertThat(in.string("")).isEqualTo("a\u00e9\ud83d\ude00");
    assertThat(in.field()).isEqualTo("numbers");
    in.array("");
    assertThat(in.element()).isTrue();
    assertThat(in.integer(0, 5, "")).isZero();
    assertThat(in.element()).isTrue();
    assertThat(in.unsigned("")).isEqualTo(-1);
    assertThat(in.element()).isTrue();
    assertThat(in.path()).isEqualTo("numbers[2]");
    assertThat(in.bool()).isTrue();
    assertThat(in.element()).isFalse();
    assertThat(in.field()).isNull();
    in.end();
  }

  @Test
  void whatIsTooLargeForANumberIsTold() {
    var in = new JsonReader(("[" + "9".repeat(2000) + "]").getBytes(StandardCharsets.UTF_8));
    in.array("");
    assertThat(in.element()).isTrue();
    assertThat(
            catchThrowableOfType(BadRequest.class, () -> in.integer(0, 5, "a number")).getMessage())
        .endsWith("... is above 5; write a number; line 1, column 2");
  }
}
