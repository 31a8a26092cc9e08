package bailey.oci.json;

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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a JSON document (RFC 8259), on lines of its own each or on one: jackson's generator
 * without the exceptions of an output that cannot fail. Everything beyond ASCII is escaped, so that
 * bytes which are no UTF-8 survive. Not for use by several threads.
 */
public final class JsonWriter {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final StringWriter text = new StringWriter();
  private final JsonGenerator out;
  private final String end;

  private JsonWriter(@Nullable String indentation) {
    end = indentation == null ? "" : "\n";
    try {
      out = FACTORY.createGenerator(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter does not fail
    }
    if (indentation != null) {
      var indenter = new DefaultIndenter(indentation, "\n");
      var printer =
          new DefaultPrettyPrinter(
              Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER));
      printer.indentArraysWith(indenter);
      printer.indentObjectsWith(indenter);
      out.setPrettyPrinter(printer);
    }
  }

  /** A document on one line. */
  public static JsonWriter line() {
    return new JsonWriter(null);
  }

  /** A document whose values have lines of their own, indented by {@code indentation}. */
  public static JsonWriter pretty(String indentation) {
    return new JsonWriter(indentation);
  }

  @FunctionalInterface
  private interface Writing {
    void write() throws IOException;
  }

  private JsonWriter write(Writing writing) {
    try {
      writing.write();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter does not fail
    }
  }

  /** Begins an object, as a value of a list or as the document. */
  public JsonWriter object() {
    return write(out::writeStartObject);
  }

  /** Begins an object that is a field. */
  public JsonWriter object(String name) {
    return write(() -> out.writeObjectFieldStart(name));
  }

  /** Begins a list, as a value of a list or as the document. */
  public JsonWriter array() {
    return write(out::writeStartArray);
  }

  /** Begins a list that is a field. */
  public JsonWriter array(String name) {
    return write(() -> out.writeArrayFieldStart(name));
  }

  /** Ends the innermost object or list. */
  public JsonWriter end() {
    return write(
        () -> {
          if (out.getOutputContext().inObject()) {
            out.writeEndObject();
          } else {
            out.writeEndArray();
          }
        });
  }

  /** A field with a string. */
  public JsonWriter field(String name, String value) {
    return write(() -> out.writeStringField(name, value));
  }

  /** A field with a number. */
  public JsonWriter field(String name, long value) {
    return write(() -> out.writeNumberField(name, value));
  }

  /** A field with a boolean. */
  public JsonWriter field(String name, boolean value) {
    return write(() -> out.writeBooleanField(name, value));
  }

  /** A field with a list of strings. */
  public JsonWriter field(String name, List<String> values) {
    array(name);
    values.forEach(this::value);
    return end();
  }

  /** A field with an object of strings. */
  public JsonWriter field(String name, Map<String, String> values) {
    object(name);
    values.forEach(this::field);
    return end();
  }

  /** A string in a list. */
  public JsonWriter value(String value) {
    return write(() -> out.writeString(value));
  }

  /** A number in a list. */
  public JsonWriter value(long value) {
    return write(() -> out.writeNumber(value));
  }

  /** The document, with a line break at its end unless it is on one line. */
  public String text() {
    if (!out.getOutputContext().inRoot()) {
      throw new IllegalStateException("not ended: " + out.getOutputContext());
    }
    write(out::flush);
    return text + end;
  }
}
