package bailey.oci.config;

import bailey.oci.config.OciResources.BlockIo;
import bailey.oci.config.OciResources.Cpu;
import bailey.oci.config.OciResources.DeviceRule;
import bailey.oci.config.OciResources.HugepageLimit;
import bailey.oci.config.OciResources.InterfacePriority;
import bailey.oci.config.OciResources.Memory;
import bailey.oci.config.OciResources.Network;
import bailey.oci.config.OciResources.Pids;
import bailey.oci.config.OciResources.Rdma;
import bailey.oci.config.OciResources.ThrottleDevice;
import bailey.oci.config.OciResources.WeightDevice;
import bailey.oci.json.JsonPlace;
import bailey.oci.json.JsonReader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code linux.resources}. */
final class ResourcesReader {
  private static final String BYTES = "a number of bytes, or -1 for no limit";

  private ResourcesReader() {}

  static OciResources resources(JsonReader in) {
    List<DeviceRule> devices = List.of();
    Memory memory = null;
    Cpu cpu = null;
    Pids pids = null;
    BlockIo blockIo = null;
    List<HugepageLimit> hugepages = List.of();
    Network network = null;
    Map<String, Rdma> rdma = Map.of();
    Map<String, String> unified = Map.of();
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "devices" ->
            devices = Fields.list(in, "a list of objects with allow", ResourcesReader::deviceRule);
        case "memory" -> memory = memory(in);
        case "cpu" -> cpu = cpu(in);
        case "pids" -> pids = pids(in);
        case "blockIO" -> blockIo = blockIo(in);
        case "hugepageLimits" ->
            hugepages =
                Fields.list(
                    in, "a list of objects with pageSize and limit", ResourcesReader::hugepage);
        case "network" -> network = network(in);
        case "rdma" -> rdma = Fields.map(in, ResourcesReader::rdma);
        case "unified" -> unified = unified(in);
        default -> in.skip();
      }
    }
    return new OciResources(devices, memory, cpu, pids, blockIo, hugepages, network, rdma, unified);
  }

  private static DeviceRule deviceRule(JsonReader in) {
    var here = in.here();
    Boolean allow = null;
    char type = 'a';
    Long major = null;
    Long minor = null;
    var access = "rwm";
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "allow" -> allow = in.bool();
        case "type" -> type = "abca".charAt(Fields.word(in, "a", "b", "c", ""));
        case "major" -> major = wildcard(in, Fields.HIGHEST_MAJOR);
        case "minor" -> minor = wildcard(in, Fields.HIGHEST_MINOR);
        case "access" -> access = access(in);
        default -> in.skip();
      }
    }
    return new DeviceRule(Fields.required(in, here, "allow", allow), type, major, minor, access);
  }

  private static @Nullable Long wildcard(JsonReader in, long highest) {
    long number = in.integer(-1, highest, "a number from 0 to " + highest + ", or -1 for any");
    return number < 0 ? null : number;
  }

  private static String access(JsonReader in) {
    var remedy = "some of the letters r, w and m";
    var access = in.string(remedy);
    for (int i = 0; i < access.length(); i++) {
      if ("rwm".indexOf(access.charAt(i)) < 0 || access.indexOf(access.charAt(i)) < i) {
        throw in.wrong(access, "is not an access to a device", remedy);
      }
    }
    return access.isEmpty() ? "rwm" : access;
  }

  private static long bytes(JsonReader in) {
    return in.integer(-1, Long.MAX_VALUE, BYTES);
  }

  private static Memory memory(JsonReader in) {
    Long limit = null;
    Long reservation = null;
    Long swap = null;
    Long kernel = null;
    Long kernelTcp = null;
    Long swappiness = null;
    Boolean disableOomKiller = null;
    Boolean useHierarchy = null;
    Boolean checkBeforeUpdate = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "limit" -> limit = bytes(in);
        case "reservation" -> reservation = bytes(in);
        case "swap" -> swap = bytes(in);
        case "kernel" -> kernel = bytes(in);
        case "kernelTCP" -> kernelTcp = bytes(in);
        case "swappiness" -> swappiness = in.integer(0, 200, "a number from 0 to 100");
        case "disableOOMKiller" -> disableOomKiller = in.bool();
        case "useHierarchy" -> useHierarchy = in.bool();
        case "checkBeforeUpdate" -> checkBeforeUpdate = in.bool();
        default -> in.skip();
      }
    }
    return new Memory(
        limit,
        reservation,
        swap,
        kernel,
        kernelTcp,
        swappiness,
        disableOomKiller,
        useHierarchy,
        checkBeforeUpdate);
  }

  private static Cpu cpu(JsonReader in) {
    Long shares = null;
    Long quota = null;
    Long burst = null;
    Long period = null;
    Long realtimeRuntime = null;
    Long realtimePeriod = null;
    String cpus = null;
    String mems = null;
    Long idle = null;
    var microseconds = "a number of microseconds";
    var here = in.here();
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "shares" -> shares = in.integer(0, Long.MAX_VALUE, "a weight from 2 to 262144");
        case "quota" -> quota = quota(in);
        case "burst" -> burst = in.integer(0, Long.MAX_VALUE, microseconds);
        case "period" -> period = period(in);
        case "realtimeRuntime" ->
            realtimeRuntime = in.integer(-1, Long.MAX_VALUE, microseconds + ", or -1 for no limit");
        case "realtimePeriod" -> realtimePeriod = in.integer(0, Long.MAX_VALUE, microseconds);
        case "cpus" -> cpus = NumberList.read(in, "CPUs");
        case "mems" -> mems = NumberList.read(in, "memory nodes");
        case "idle" -> idle = in.integer(0, 1, "1 to run only when the CPU is idle, or 0");
        default -> in.skip();
      }
    }
    if (burst != null && quota != null && quota > 0 && burst > quota) {
      throw in.refused(
          here,
          "burst, " + burst + ", is above quota, " + quota + "; the kernel takes at most that");
    }
    return new Cpu(shares, quota, burst, period, realtimeRuntime, realtimePeriod, cpus, mems, idle);
  }

  /** The kernel's least is 1 ms (min_cfs_quota_period in kernel/sched/core.c). */
  private static long quota(JsonReader in) {
    var remedy = "at least 1000 microseconds, or -1 for no limit";
    long quota = in.integer(-1, Long.MAX_VALUE, remedy);
    if (quota > 0 && quota < 1000) {
      throw in.below(quota, 1000, remedy);
    }
    return quota;
  }

  private static long period(JsonReader in) {
    var remedy = "microseconds from 1000 to 1000000";
    long period = in.integer(0, 1_000_000, remedy);
    if (period > 0 && period < 1000) {
      throw in.below(period, 1000, remedy);
    }
    return period;
  }

  private static Pids pids(JsonReader in) {
    Long limit = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "limit" ->
            limit = in.integer(-1, Long.MAX_VALUE, "a number of processes, or -1 for no limit");
        default -> in.skip();
      }
    }
    return new Pids(limit);
  }

  private static BlockIo blockIo(JsonReader in) {
    Integer weight = null;
    Integer leafWeight = null;
    List<WeightDevice> weights = List.of();
    List<ThrottleDevice> readBytes = List.of();
    List<ThrottleDevice> writeBytes = List.of();
    List<ThrottleDevice> reads = List.of();
    List<ThrottleDevice> writes = List.of();
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "weight" -> weight = weight(in);
        case "leafWeight" -> leafWeight = weight(in);
        case "weightDevice" ->
            weights = Fields.list(in, "a list of weights", ResourcesReader::weightDevice);
        case "throttleReadBpsDevice" -> readBytes = rates(in);
        case "throttleWriteBpsDevice" -> writeBytes = rates(in);
        case "throttleReadIOPSDevice" -> reads = rates(in);
        case "throttleWriteIOPSDevice" -> writes = rates(in);
        default -> in.skip();
      }
    }
    return new BlockIo(weight, leafWeight, weights, readBytes, writeBytes, reads, writes);
  }

  private static int weight(JsonReader in) {
    var remedy = "a weight from 10 to 1000";
    int weight = (int) in.integer(0, 1000, remedy);
    if (weight > 0 && weight < 10) {
      throw in.below(weight, 10, remedy);
    }
    return weight;
  }

  private static WeightDevice weightDevice(JsonReader in) {
    var here = in.here();
    Long major = null;
    Long minor = null;
    Integer weight = null;
    Integer leafWeight = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "major" -> major = major(in);
        case "minor" -> minor = minor(in);
        case "weight" -> weight = weight(in);
        case "leafWeight" -> leafWeight = weight(in);
        default -> in.skip();
      }
    }
    if (weight == null && leafWeight == null) {
      throw in.refused(here, "weight is missing, which must be given");
    }
    return new WeightDevice(
        Fields.required(in, here, "major", major),
        Fields.required(in, here, "minor", minor),
        weight,
        leafWeight);
  }

  private static List<ThrottleDevice> rates(JsonReader in) {
    var example = "[{\"major\": 8, \"minor\": 0, \"rate\": 1048576}]";
    return Fields.list(in, "a list of rates, such as " + example, ResourcesReader::rate);
  }

  private static ThrottleDevice rate(JsonReader in) {
    var here = in.here();
    Long major = null;
    Long minor = null;
    Long rate = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "major" -> major = major(in);
        case "minor" -> minor = minor(in);
        case "rate" -> rate = in.unsigned("a rate in a second, or 0 for no limit");
        default -> in.skip();
      }
    }
    return new ThrottleDevice(
        Fields.required(in, here, "major", major),
        Fields.required(in, here, "minor", minor),
        Fields.required(in, here, "rate", rate));
  }

  private static long major(JsonReader in) {
    return in.integer(0, Fields.HIGHEST_MAJOR, "a number from 0 to 4095");
  }

  private static long minor(JsonReader in) {
    return in.integer(0, Fields.HIGHEST_MINOR, "a number from 0 to 1048575");
  }

  private static HugepageLimit hugepage(JsonReader in) {
    var here = in.here();
    String pageSize = null;
    Long limit = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "pageSize" -> pageSize = pageSize(in);
        case "limit" -> limit = in.unsigned("a number of bytes");
        default -> in.skip();
      }
    }
    return new HugepageLimit(
        Fields.required(in, here, "pageSize", pageSize), Fields.required(in, here, "limit", limit));
  }

  private static String pageSize(JsonReader in) {
    var remedy = "the size of a huge page with its unit KB, MB or GB, such as \"2MB\"";
    var size = in.string(remedy);
    int digits = 0;
    while (digits < size.length() && size.charAt(digits) >= '0' && size.charAt(digits) <= '9') {
      digits++;
    }
    var unit = size.substring(digits);
    boolean known = unit.equals("KB") || unit.equals("MB") || unit.equals("GB");
    if (digits == 0 || digits > 9 || size.charAt(0) == '0' || !known) {
      throw in.wrong(size, "is not the size of a huge page", remedy);
    }
    return size;
  }

  private static Network network(JsonReader in) {
    Long classId = null;
    List<InterfacePriority> priorities = List.of();
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "classID" -> classId = Fields.uint32(in);
        case "priorities" ->
            priorities =
                Fields.list(
                    in,
                    "a list of objects with name and priority",
                    ResourcesReader::interfacePriority);
        default -> in.skip();
      }
    }
    return new Network(classId, priorities);
  }

  private static InterfacePriority interfacePriority(JsonReader in) {
    var here = in.here();
    String device = null;
    Long priority = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "name" -> device = in.string("the name of a network device");
        case "priority" -> priority = Fields.uint32(in);
        default -> in.skip();
      }
    }
    return new InterfacePriority(
        Fields.required(in, here, "name", device), Fields.required(in, here, "priority", priority));
  }

  private static Rdma rdma(JsonReader in) {
    var here = in.here();
    Long handles = null;
    Long objects = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "hcaHandles" -> handles = Fields.uint32(in);
        case "hcaObjects" -> objects = Fields.uint32(in);
        default -> in.skip();
      }
    }
    if (handles == null && objects == null) {
      throw in.refused(here, "hcaHandles or hcaObjects must be given");
    }
    return new Rdma(handles, objects);
  }

  private static Map<String, String> unified(JsonReader in) {
    var here = in.here();
    var files = Fields.stringMap(in);
    for (var name : files.keySet()) {
      if (name.indexOf('/') >= 0 || name.indexOf('.') < 1) {
        throw in.wrong(
            here,
            JsonPlace.shown(name),
            "is not a file of a control group",
            "names such as \"memory.high\"");
      }
    }
    return files;
  }
}
