package bailey.oci.runtime;

import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupVersion;
import bailey.core.subsystem.CgroupFeatures;
import bailey.oci.json.JsonWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a container uses, as runc's {@code events} prints it (its types package). */
final class Stats {
  private final ControlGroups groups;
  private final CgroupFeatures features;

  Stats(ControlGroups groups, CgroupFeatures features) {
    this.groups = groups;
    this.features = features;
  }

  /** A line of JSON. */
  String text(String id) {
    var out = JsonWriter.line().object().field("type", "stats").field("id", id).object("data");
    cpu(out.object("cpu"));
    out.end();
    memory(out.object("memory"));
    out.end();
    pids(out.object("pids"));
    out.end();
    var devices = new DeviceStats(groups::read);
    devices.blockIo(out.object("blkio"), v1("blkio"));
    out.end();
    devices.hugePages(out.object("hugetlb"), v1("hugetlb"));
    out.end();
    return out.end().end().text();
  }

  private boolean v1(String controller) {
    return features.version(controller).filter(CgroupVersion.V1::equals).isPresent();
  }

  private long number(String controller, String file) {
    return groups.read(controller, file).map(Stats::number).orElse(0L);
  }

  /** Of a file with one number; 0 for none, as {@code max}. */
  static long number(String text) {
    try {
      return Long.parseUnsignedLong(text.strip());
    } catch (NumberFormatException _) {
      return 0; // max
    }
  }

  private Map<String, Long> table(String controller, String file) {
    var values = new HashMap<String, Long>();
    groups
        .read(controller, file)
        .ifPresent(
            text ->
                text.lines()
                    .map(line -> line.split(" ", -1))
                    .filter(fields -> fields.length == 2)
                    .forEach(fields -> values.put(fields[0], number(fields[1]))));
    return values;
  }

  private void cpu(JsonWriter out) {
    boolean old = v1("cpuacct");
    var stat = table(v1("cpu") ? "cpu" : CgroupFiles.CORE, "cpu.stat");
    out.object("usage");
    if (old) {
      out.field("total", number("cpuacct", "cpuacct.usage"));
      out.array("percpu");
      groups
          .read("cpuacct", "cpuacct.usage_percpu")
          .ifPresent(
              text -> List.of(text.strip().split(" ", -1)).forEach(one -> out.value(number(one))));
      out.end();
      out.field("kernel", number("cpuacct", "cpuacct.usage_sys"));
      out.field("user", number("cpuacct", "cpuacct.usage_user"));
    } else {
      out.field("total", stat.getOrDefault("usage_usec", 0L) * 1000);
      out.field("kernel", stat.getOrDefault("system_usec", 0L) * 1000);
      out.field("user", stat.getOrDefault("user_usec", 0L) * 1000);
    }
    out.end().object("throttling");
    out.field("periods", stat.getOrDefault("nr_periods", 0L));
    out.field("throttledPeriods", stat.getOrDefault("nr_throttled", 0L));
    out.field(
        "throttledTime",
        stat.getOrDefault("throttled_time", stat.getOrDefault("throttled_usec", 0L) * 1000));
    out.end();
  }

  private void memory(JsonWriter out) {
    var stat = table("memory", "memory.stat");
    boolean old = v1("memory");
    out.field("cache", stat.getOrDefault(old ? "total_cache" : "file", 0L));
    out.object("usage");
    out.field("limit", number("memory", old ? "memory.limit_in_bytes" : "memory.max"));
    out.field("usage", number("memory", old ? "memory.usage_in_bytes" : "memory.current"));
    out.field("max", number("memory", old ? "memory.max_usage_in_bytes" : "memory.peak"));
    out.field("failcnt", old ? number("memory", "memory.failcnt") : 0);
    out.end().object("raw");
    stat.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> out.field(entry.getKey(), entry.getValue()));
    out.end();
  }

  private void pids(JsonWriter out) {
    out.field("current", number("pids", "pids.current"));
    out.field("limit", number("pids", "pids.max"));
  }
}
