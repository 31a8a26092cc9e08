package bailey.oci.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A document with every field of runtime-spec 1.3 that is read. */
class WholeConfigTest {
  /** Null or empty by what others ask: of one element of a list, the other has it. */
  private static final Set<String> ELSEWHERE = Set.of("config.warnings");

  @Test
  void everyFieldArrivesInARecord() throws ReflectiveOperationException {
    var config = OciReader.config(OciReaderTest.example("full.json"));
    var empty = new ArrayList<String>();
    collect("config", config, empty);
    empty.removeAll(ELSEWHERE);
    assertThat(empty).isEmpty();
  }

  /**
   * Components that are null, empty, false, or have the default; of a list the last element counts.
   */
  private static void collect(String path, Object value, List<String> empty)
      throws ReflectiveOperationException {
    switch (value) {
      case Record fields -> {
        for (var component : fields.getClass().getRecordComponents()) {
          var name = path + "." + component.getName();
          var content = component.getAccessor().invoke(fields);
          if (content == null && !mayBeNullBeside(component.getName())) {
            empty.add(name);
          } else if (content != null && isInteresting(component.getGenericType(), content)) {
            collect(name, content, empty);
          }
        }
      }
      case List<?> list -> {
        if (list.isEmpty()) {
          empty.add(path);
        } else {
          collect(path, list.getLast(), empty);
        }
      }
      case Map<?, ?> map -> {
        if (map.isEmpty()) {
          empty.add(path);
        } else {
          collect(path, map.values().iterator().next(), empty);
        }
      }
      case Boolean flag -> {
        if (!flag && !path.endsWith("disableOomKiller")) {
          empty.add(path);
        }
      }
      default -> assertThat(value.toString()).as(path).isNotNull();
    }
  }

  private static boolean isInteresting(java.lang.reflect.Type type, Object content) {
    return type instanceof ParameterizedType
        || content instanceof Record
        || content instanceof Boolean;
  }

  /** A namespace has a path or not, a system call rule has arguments or not. */
  private static boolean mayBeNullBeside(String component) {
    return component.equals("path");
  }
}
