package bailey.oci.runtime;

import bailey.oci.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a container has read from and written to block devices, and its huge pages. */
final class DeviceStats {
  private static final List<String> PAGE_SIZES =
      List.of("64KB", "2MB", "32MB", "512MB", "1GB", "16GB");

  private static final String BYTES = "ioServiceBytesRecursive";
  private static final String OPERATIONS = "ioServicedRecursive";

  /** Files of the container's groups. */
  interface Files {
    /** The text of a file; empty where there is none. */
    Optional<String> read(String controller, String file);
  }

  private final Files files;

  DeviceStats(Files files) {
    this.files = files;
  }

  /** The fields of {@code blkio}. */
  void blockIo(JsonWriter out, boolean v1) {
    var tables = new LinkedHashMap<String, List<Entry>>();
    if (v1) {
      tables.put(BYTES, old("io_service_bytes_recursive"));
      tables.put(OPERATIONS, old("io_serviced_recursive"));
    } else {
      var lines = files.read("io", "io.stat").orElse("");
      tables.put(BYTES, entries(lines, Map.of("rbytes", "Read", "wbytes", "Write")));
      tables.put(OPERATIONS, entries(lines, Map.of("rios", "Read", "wios", "Write")));
    }
    tables.forEach(
        (name, entries) -> {
          if (!entries.isEmpty()) {
            out.array(name);
            entries.forEach(entry -> entry.write(out));
            out.end();
          }
        });
  }

  private record Entry(long major, long minor, String what, long value) {
    void write(JsonWriter out) {
      out.object().field("major", major).field("minor", minor);
      out.field("op", what).field("value", value).end();
    }
  }

  /** Those of the scheduler that weighs, where a device has it; else all that passed. */
  private List<Entry> old(String file) {
    var weighed = old(files.read("blkio", "blkio.bfq." + file).orElse(""), true);
    return weighed.isEmpty()
        ? old(files.read("blkio", "blkio.throttle." + file).orElse(""), false)
        : weighed;
  }

  /** Lines {@code MAJOR:MINOR WHAT VALUE}, the last one {@code Total VALUE}. */
  private static List<Entry> old(String text, boolean used) {
    var entries = new ArrayList<Entry>();
    for (var line : text.lines().toList()) {
      var fields = line.split("[: ]", -1);
      if (fields.length == 4) {
        add(entries, fields, fields[2], fields[3]);
      }
    }
    return used && entries.stream().allMatch(entry -> entry.value() == 0) ? List.of() : entries;
  }

  /** Lines {@code MAJOR:MINOR KEY=VALUE...}. */
  private static List<Entry> entries(String text, Map<String, String> keys) {
    var entries = new ArrayList<Entry>();
    for (var line : text.lines().toList()) {
      var fields = line.split("[: ]", -1);
      for (int i = 2; i < fields.length; i++) {
        int equals = fields[i].indexOf('=');
        var what = equals < 0 ? null : keys.get(fields[i].substring(0, equals));
        if (what != null) {
          add(entries, fields, what, fields[i].substring(equals + 1));
        }
      }
    }
    return entries;
  }

  private static void add(List<Entry> entries, String[] device, String what, String value) {
    try {
      entries.add(
          new Entry(
              Long.parseLong(device[0]),
              Long.parseLong(device[1]),
              what,
              Long.parseUnsignedLong(value)));
    } catch (NumberFormatException _) { // no line of a device
    }
  }

  /** The fields of {@code hugetlb}: one for each size of pages that there is. */
  void hugePages(JsonWriter out, boolean v1) {
    for (var size : PAGE_SIZES) {
      var file = "hugetlb." + size + ".";
      files
          .read("hugetlb", file + (v1 ? "usage_in_bytes" : "current"))
          .ifPresent(
              usage -> {
                out.object(size).field("usage", Stats.number(usage));
                out.field("max", number(file + (v1 ? "max_usage_in_bytes" : "max")));
                out.field("failcnt", v1 ? number(file + "failcnt") : failures(file + "events"));
                out.end();
              });
    }
  }

  private long number(String file) {
    return files.read("hugetlb", file).map(Stats::number).orElse(0L);
  }

  private long failures(String file) {
    return files.read("hugetlb", file).stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("max "))
        .mapToLong(line -> Stats.number(line.substring(4)))
        .sum();
  }
}
