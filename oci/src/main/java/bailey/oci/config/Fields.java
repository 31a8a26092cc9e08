package bailey.oci.config;

import bailey.oci.json.JsonPlace;
import bailey.oci.json.JsonReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Kinds of values that fields of several objects have. */
final class Fields {
  static final long UINT32 = 0xffff_ffffL;

  /** The highest id; one more is (uid_t) -1, which the kernel takes as none. */
  static final long HIGHEST_ID = UINT32 - 1;

  /** The kernel's MAJOR has 12 bits, its MINOR 20. */
  static final long HIGHEST_MAJOR = (1 << 12) - 1;

  static final long HIGHEST_MINOR = (1 << 20) - 1;

  private static final int PATH_MAX = 4095;

  private Fields() {}

  /** The elements of an array, each read by {@code element}. */
  static <T> List<T> list(JsonReader in, String remedy, Function<JsonReader, T> element) {
    in.array(remedy);
    var list = new ArrayList<T>();
    while (in.element()) {
      list.add(element.apply(in));
    }
    return List.copyOf(list);
  }

  /** The members of an object with any names, each read by {@code value}, in order. */
  static <T> Map<String, T> map(JsonReader in, Function<JsonReader, T> value) {
    in.object();
    var map = new LinkedHashMap<String, T>();
    for (var name = in.field(); name != null; name = in.field()) {
      if (name.isEmpty() || name.indexOf('\0') >= 0) {
        throw in.refused(in.here(), "a name must not be empty nor have a NUL in it");
      }
      map.put(name, value.apply(in));
    }
    return Collections.unmodifiableMap(map);
  }

  static List<String> strings(JsonReader in, String example) {
    var remedy = "a list of strings, such as " + example;
    return list(in, remedy, item -> item.string("a string"));
  }

  static Map<String, String> stringMap(JsonReader in) {
    return map(in, value -> value.string("a string"));
  }

  /** An absolute path. */
  static String absolutePath(JsonReader in) {
    return checkAbsolute(in, in.string("an absolute path"));
  }

  private static String checkAbsolute(JsonReader in, String path) {
    if (!path.startsWith("/")) {
      throw in.wrong(path, "is not an absolute path", "one that begins with /");
    }
    return checkLength(in, path);
  }

  static String path(JsonReader in) {
    var path = in.string("a path");
    if (path.isEmpty()) {
      throw in.wrong(path, "is not a path", "the path of a file or directory");
    }
    return checkLength(in, path);
  }

  private static String checkLength(JsonReader in, String path) {
    if (path.length() > PATH_MAX) {
      throw in.wrong(path, "is longer than a path may be", "at most " + PATH_MAX + " characters");
    }
    return path;
  }

  static List<String> absolutePaths(JsonReader in) {
    return list(in, "a list of absolute paths, such as [\"/proc/kcore\"]", Fields::absolutePath);
  }

  /** An absolute path; null where it is empty, as Go's writers leave it. */
  static @Nullable String optionalAbsolutePath(JsonReader in) {
    var path = in.string("an absolute path");
    return path.isEmpty() ? null : checkAbsolute(in, path);
  }

  /** A string that says nothing where it is empty, as Go's writers leave it. */
  static @Nullable String optional(JsonReader in, String remedy) {
    var string = in.string(remedy);
    return string.isEmpty() ? null : string;
  }

  /** {@code NAME=value} each. */
  static List<String> environment(JsonReader in) {
    var remedy = "NAME=value, such as \"PATH=/usr/bin:/bin\"";
    return list(
        in,
        "a list of strings, such as [\"PATH=/usr/bin:/bin\"]",
        item -> {
          var variable = item.string(remedy);
          if (variable.indexOf('=') < 1) {
            throw item.wrong(variable, "does not name a variable", remedy);
          }
          return variable;
        });
  }

  static long id(JsonReader in) {
    return in.integer(0, HIGHEST_ID, "a user or group id from 0 to 4294967294");
  }

  static long uint32(JsonReader in) {
    return in.integer(0, UINT32, "a number from 0 to 4294967295");
  }

  static long any(JsonReader in) {
    return in.integer(Long.MIN_VALUE, Long.MAX_VALUE, "a number");
  }

  static List<IdMapping> mappings(JsonReader in) {
    var example = "[{\"containerID\": 0, \"hostID\": 100000, \"size\": 65536}]";
    return list(in, "a list of ranges, such as " + example, Fields::mapping);
  }

  private static IdMapping mapping(JsonReader in) {
    var here = in.here();
    Long container = null;
    Long host = null;
    Long size = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "containerID" -> container = id(in);
        case "hostID" -> host = id(in);
        case "size" -> size = in.integer(1, UINT32, "how many ids it has, from 1 to 4294967295");
        default -> in.skip();
      }
    }
    long first = required(in, here, "containerID", container);
    long outside = required(in, here, "hostID", host);
    long count = required(in, here, "size", size);
    if (Math.max(first, outside) + count > UINT32) {
      throw in.refused(
          here,
          count
              + " ids from "
              + Math.max(first, outside)
              + " on are more than there are; write a size of at most "
              + (UINT32 - Math.max(first, outside)));
    }
    return new IdMapping(first, outside, count);
  }

  /** {@code value}, or an error that the object at {@code object} lacks {@code name}. */
  static <T> T required(JsonReader in, JsonPlace object, String name, @Nullable T value) {
    if (value == null) {
      throw in.refused(object, name + " is missing, which must be given");
    }
    return value;
  }

  /** The index of what is next in {@code words}, an enumeration. */
  static int word(JsonReader in, String... words) {
    return in.word(words);
  }
}
