package bailey.kernel.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as maps, lists, strings, longs, booleans and null. */
final class JsonTree {
  private JsonTree() {}

  /** Parses a text that must be one value and nothing else. */
  static Object parse(String text) {
    try (var in = new JsonFactory().createParser(text)) {
      in.nextToken();
      var value = value(in);
      if (value == null || in.nextToken() != null) {
        throw new IllegalArgumentException("not one value: " + text);
      }
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  /** The list of objects that a text is. */
  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> objects(String text) {
    return (List<Map<String, Object>>) parse(text);
  }

  private static @Nullable Object value(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case START_OBJECT -> object(in);
      case START_ARRAY -> array(in);
      case VALUE_STRING -> in.getText();
      case VALUE_NUMBER_INT -> in.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IllegalArgumentException("unexpected " + in.currentToken());
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser in) throws IOException {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      fields.put(name, value(in));
    }
    return fields;
  }

  private static List<@Nullable Object> array(JsonParser in) throws IOException {
    var items = new ArrayList<@Nullable Object>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(in));
    }
    return items;
  }
}
