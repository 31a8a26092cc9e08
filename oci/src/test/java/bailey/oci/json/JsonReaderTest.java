package bailey.oci.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bailey.core.error.BadRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "5 @ ''",
        "-0 @ ''",
        "10 @ ''",
        "11 @ '11 is above 10; write N; line 1, column 1'",
        "-6 @ '-6 is below -5; write N; line 1, column 1'",
        "99999999999999999999 @ '99999999999999999999 is above 10; write N; line 1, column 1'",
        "-99999999999999999999 @ '-99999999999999999999 is below -5; write N; line 1, column 1'",
        "1.0 @ '1.0 is not written as a whole number; write N; line 1, column 1'",
        "1e3 @ '1e3 is not written as a whole number; write N; line 1, column 1'",
        "\"5\" @ '\"5\" is not a number; write N; line 1, column 1'",
        "true @ 'true is not a number; write N; line 1, column 1'",
        "[5] @ 'a list is not a number; write N; line 1, column 1'",
        "{} @ 'an object is not a number; write N; line 1, column 1'",
        "null @ 'null is not a number; write N; line 1, column 1'",
      })
  void numbersAreChecked(String text, String sentence) {
    if (sentence.isEmpty()) {
      assertThat(reader(text).integer(-5, 10, "N")).isEqualTo(Long.parseLong(text));
    } else {
      assertThatThrownBy(() -> reader(text).integer(-5, 10, "N")).hasMessage(sentence);
    }
  }

  @Test
  void numbersOf64BitsAreRead() {
    assertThat(reader("-9223372036854775808").integer(Long.MIN_VALUE, Long.MAX_VALUE, ""))
        .isEqualTo(Long.MIN_VALUE);
    assertThatThrownBy(
            () -> reader("9223372036854775808").integer(Long.MIN_VALUE, Long.MAX_VALUE, "N"))
        .hasMessageContaining("is above 9223372036854775807");
    assertThat(reader("18446744073709551615").unsigned("")).isEqualTo(-1);
    assertThatThrownBy(() -> reader("18446744073709551616").unsigned("N"))
        .hasMessageContaining("is above 18446744073709551615");
    assertThatThrownBy(() -> reader("-1").unsigned("N")).hasMessageContaining("is below 0");
    assertThat(reader("-0").unsigned("")).isZero();
  }

  @Test
  void nullIsAsIfNotThereAndUnknownFieldsArePassedOver() {
    var in = reader("{\"a\": null, \"b\": {\"c\": [1, {\"d\": \"x\"}]}, \"e\": true}");
    in.object();
    assertThat(in.field()).isEqualTo("b");
    in.skip();
    assertThat(in.field()).isEqualTo("e");
    assertThat(in.path()).isEqualTo("e");
    assertThat(in.bool()).isTrue();
    assertThat(in.field()).isNull();
    in.end();
  }

  @Test
  void manyNamesInAnObjectAreComparedToo() {
    var text = new StringBuilder("{");
    for (int i = 0; i < 1000; i++) {
      text.append("\"n").append(i).append("\": 0, ");
    }
    var twice = (text + "\"n700\": 1}").getBytes(StandardCharsets.UTF_8);
    assertThat(refusal(twice)).startsWith("n700: this name is given twice");
  }

  @Test
  void aPlaceIsFoundByItsPath() {
    var text =
        """
        {
          "linux": {
            "sysctl": {"net.ipv4.ip_forward": "1"},
            "devices": [{}, {"path": "/dev/x"}]
          }
        }
        """
            .getBytes(StandardCharsets.UTF_8);
    assertThat(JsonPlace.of(text, "linux.devices[1].path")).hasValue("line 4, column 30");
    assertThat(JsonPlace.of(text, "linux.sysctl[\"net.ipv4.ip_forward\"]"))
        .hasValue("line 3, column 39");
    assertThat(JsonPlace.of(text, "linux.memory")).isEmpty();
    assertThat(JsonPlace.of("[\"\u00e9\u20ac\", 1]".getBytes(StandardCharsets.UTF_8), "[1]"))
        .as("columns count characters")
        .hasValue("line 1, column 8");
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    for (var bytes :
        new int[][] {
          {0xff}, {0xc0, 0x80}, {0xe0, 0x80, 0x80}, {0xed, 0xa0, 0x80}, {0xf4, 0x90, 0x80, 0x80},
          {0xf5, 0x80, 0x80, 0x80}, {0xc3}, {0x80}, {0xe2, 0x82}, {0xc3, 0x28}
        }) {
      var document = new byte[bytes.length + 4];
      Arrays.fill(document, (byte) '"');
      document[0] = '[';
      document[document.length - 1] = ']';
      for (int i = 0; i < bytes.length; i++) {
        document[2 + i] = (byte) bytes[i];
      }
      assertThat(refusal(document)).isEqualTo("the document is not UTF-8 here; line 1, column 3");
    }
  }

  @Test
  void longDocumentsAreRefused() {
    assertThat(refusal(new byte[JsonReader.LONGEST + 1]))
        .isEqualTo("the document has 16777217 bytes; at most 16777216 are read");
  }

  private static JsonReader reader(String text) {
    return new JsonReader(text.getBytes(StandardCharsets.UTF_8));
  }
}
