package bailey.engine.journal;

import bailey.core.error.StateDamaged;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The entries of one record, with the types that their values have. Confined to one thread. */
final class RecordEntries {
  private final String path;
  private final Map<String, String> entries;

  /** Entries that are read; errors are about {@code path}. */
  RecordEntries(String path, Map<String, String> entries) {
    this.path = path;
    this.entries = entries;
  }

  /** None yet, to be written. */
  RecordEntries() {
    this("", new LinkedHashMap<>());
  }

  Map<String, String> all() {
    return entries;
  }

  void put(String key, String value) {
    entries.put(key, value);
  }

  void put(String key, Optional<String> value) {
    value.ifPresent(text -> put(key, text));
  }

  void put(String key, long value) {
    put(key, Long.toString(value));
  }

  void put(String key, boolean value) {
    put(key, Boolean.toString(value));
  }

  /** The values as {@code key.0}, {@code key.1} and so on. */
  void put(String key, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      put(key + "." + i, values.get(i));
    }
  }

  Optional<String> find(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  String text(String key) {
    return find(key).orElseThrow(() -> damaged("it has no " + key));
  }

  boolean flag(String key) {
    return switch (text(key)) {
      case "true" -> true;
      case "false" -> false;
      case String other -> throw damaged(key + " is " + other);
    };
  }

  long number(String key) {
    try {
      return Long.parseLong(text(key));
    } catch (NumberFormatException _) {
      throw damaged(key + " is " + text(key));
    }
  }

  List<String> texts(String key) {
    var texts = new ArrayList<String>();
    for (int i = 0; entries.containsKey(key + "." + i); i++) {
      texts.add(text(key + "." + i));
    }
    return texts;
  }

  StateDamaged damaged(String what) {
    return new StateDamaged("reading " + path + " failed: " + what);
  }
}
