package bailey.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259). Everything beyond ASCII is escaped, so that bytes which are no UTF-8 survive: a
 * lone {@code \}{@code udcXX} is the byte XX, which Python's {@code surrogateescape} reads back.
 */
public final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private Json() {}

  /** Writes one value. */
  @FunctionalInterface
  public interface Content {
    /** Writes it. */
    void write(JsonGenerator out) throws IOException;
  }

  /** A value on several lines, indented, with a line break at the end. */
  public static String pretty(Content content) {
    var indenter = new DefaultIndenter("  ", "\n");
    var printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER));
    printer.indentArraysWith(indenter);
    printer.indentObjectsWith(indenter);
    return text(content, printer);
  }

  /** A value on one line, with a line break at the end. */
  public static String line(Content content) {
    return text(content, null);
  }

  private static String text(Content content, @Nullable DefaultPrettyPrinter printer) {
    var text = new StringWriter();
    try (var out = FACTORY.createGenerator(text)) {
      if (printer != null) {
        out.setPrettyPrinter(printer);
      }
      content.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter does not fail
    }
    return text.append('\n').toString();
  }

  /** A field with a number, or {@code null} where it is not known. */
  public static void number(JsonGenerator out, String field, OptionalLong value)
      throws IOException {
    if (value.isPresent()) {
      out.writeNumberField(field, value.getAsLong());
    } else {
      out.writeNullField(field);
    }
  }

  /** A field with a text, or {@code null} where there is none. */
  public static void text(JsonGenerator out, String field, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      out.writeStringField(field, value.get());
    } else {
      out.writeNullField(field);
    }
  }

  /** A field with a list of texts. */
  public static void strings(JsonGenerator out, String field, List<String> values)
      throws IOException {
    out.writeArrayFieldStart(field);
    for (var value : values) {
      out.writeString(value);
    }
    out.writeEndArray();
  }
}
