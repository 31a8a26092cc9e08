package bailey.oci.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/oci-config.md has every field that is read, and no other. */
class OciConfigPageTest {
  /** Refused or ignored as a whole. */
  private static final Set<String> NOT_READ =
      Set.of("linux.intelRdt", "vm", "solaris", "windows", "zos", "freebsd");

  /** Lists that are empty where all is well. */
  private static final Set<String> EMPTY = Set.of("linux.personality.flags[]");

  /** Objects whose names are chosen by who writes the document. */
  private static final Set<String> NAMED =
      Set.of(
          "annotations",
          "linux.timeOffsets",
          "linux.netDevices",
          "linux.sysctl",
          "linux.resources.rdma",
          "linux.resources.unified");

  @Test
  void pageHasEveryField() throws IOException {
    var fields = new TreeSet<String>();
    try (var parser = new JsonFactory().createParser(OciReaderTest.example("full.json"))) {
      parser.nextToken();
      collect(parser, "", fields);
    }
    fields.addAll(NOT_READ);
    fields.addAll(EMPTY);
    var rows = new TreeSet<String>();
    var row = Pattern.compile("\\| `([^`]+)` \\|.*");
    for (var line :
        Files.readAllLines(Path.of(System.getProperty("bailey.home"), "docs", "oci-config.md"))) {
      var match = row.matcher(line);
      if (match.matches()) {
        assertThat(rows.add(match.group(1))).as(line).isTrue();
      }
    }
    assertThat(rows).isEqualTo(fields);
  }

  private static void collect(JsonParser in, String path, Set<String> fields) throws IOException {
    switch (in.currentToken()) {
      case START_OBJECT -> {
        while (in.nextToken() != JsonToken.END_OBJECT) {
          var name = NAMED.contains(path) ? "*" : in.currentName();
          in.nextToken();
          collect(in, path.isEmpty() ? name : path + "." + name, fields);
        }
      }
      case START_ARRAY -> {
        while (in.nextToken() != JsonToken.END_ARRAY) {
          collect(in, path + "[]", fields);
        }
      }
      default -> fields.add(path);
    }
  }
}
