package bailey.oci.config;

import bailey.core.spec.NamespaceKind;
import bailey.oci.config.OciLinux.Device;
import bailey.oci.config.OciLinux.MemoryPolicy;
import bailey.oci.config.OciLinux.Namespace;
import bailey.oci.config.OciLinux.Personality;
import bailey.oci.config.OciLinux.Propagation;
import bailey.oci.config.OciLinux.TimeOffset;
import bailey.oci.json.JsonPlace;
import bailey.oci.json.JsonReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code linux}. */
final class LinuxReader {
  private static final String[] NAMESPACES = {
    "pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time"
  };

  private static final NamespaceKind[] KINDS = {
    NamespaceKind.PID,
    NamespaceKind.NET,
    NamespaceKind.MNT,
    NamespaceKind.IPC,
    NamespaceKind.UTS,
    NamespaceKind.USER,
    NamespaceKind.CGROUP,
    NamespaceKind.TIME
  };

  /** Of the first of {@link OciLinux#MEMORY_FLAGS} (linux/mempolicy.h); the next ones follow. */
  private static final int FIRST_MODE_FLAG = 1 << 13;

  private final JsonReader in;

  private List<Namespace> namespaces = List.of();
  private List<IdMapping> uidMappings = List.of();
  private List<IdMapping> gidMappings = List.of();
  private Map<String, TimeOffset> timeOffsets = Map.of();
  private List<Device> devices = List.of();
  private Map<String, String> netDevices = Map.of();
  private @Nullable String cgroupsPath;
  private @Nullable OciResources resources;
  private @Nullable Propagation propagation;
  private Map<String, String> sysctl = Map.of();
  private @Nullable OciSeccomp seccomp;
  private List<String> maskedPaths = List.of();
  private List<String> readonlyPaths = List.of();
  private @Nullable String mountLabel;
  private @Nullable Personality personality;
  private @Nullable MemoryPolicy memoryPolicy;

  /** Where the fields are that others must fit. */
  private final Map<String, JsonPlace> places = new LinkedHashMap<>();

  LinuxReader(JsonReader in) {
    this.in = in;
  }

  OciLinux linux() {
    places.put("", in.here());
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      places.put(name, in.here());
      field(name);
    }
    var linux =
        new OciLinux(
            namespaces,
            uidMappings,
            gidMappings,
            timeOffsets,
            devices,
            netDevices,
            cgroupsPath,
            resources,
            propagation,
            sysctl,
            seccomp,
            maskedPaths,
            readonlyPaths,
            mountLabel,
            personality,
            memoryPolicy);
    new LinuxRules(in, linux, places).check();
    return linux;
  }

  private void field(String name) {
    switch (name) {
      case "namespaces" -> namespaces = namespaces();
      case "uidMappings" -> uidMappings = Fields.mappings(in);
      case "gidMappings" -> gidMappings = Fields.mappings(in);
      case "timeOffsets" -> timeOffsets = timeOffsets();
      case "devices" ->
          devices = Fields.list(in, "a list of objects with a path and a type", this::device);
      case "netDevices" -> netDevices = netDevices();
      case "cgroupsPath" -> cgroupsPath = Fields.optional(in, "a path, or slice:prefix:name");
      case "resources" -> resources = ResourcesReader.resources(in);
      case "rootfsPropagation" -> propagation = propagation();
      case "sysctl" -> sysctl = Fields.stringMap(in);
      case "seccomp" -> seccomp = SeccompReader.seccomp(in);
      case "maskedPaths" -> maskedPaths = Fields.absolutePaths(in);
      case "readonlyPaths" -> readonlyPaths = Fields.absolutePaths(in);
      case "mountLabel" -> mountLabel = Fields.optional(in, "an SELinux context");
      case "personality" -> personality = personality();
      case "memoryPolicy" -> memoryPolicy = memoryPolicy();
      case "intelRdt" ->
          throw in.refused(
              in.here(),
              "bailey does not set up Intel RDT; remove it, and give the process a group of"
                  + " /sys/fs/resctrl by its tasks file");
      default -> in.skip();
    }
  }

  private List<Namespace> namespaces() {
    var list = new ArrayList<Namespace>();
    in.array("a list of objects with a type, such as [{\"type\": \"pid\"}]");
    while (in.element()) {
      var here = in.here();
      var namespace = namespace(here);
      for (var other : list) {
        if (other.kind() == namespace.kind()) {
          throw in.refused(here, word(namespace.kind()) + " is given twice; keep one of them");
        }
      }
      list.add(namespace);
    }
    return List.copyOf(list);
  }

  /** What documents call {@code kind}. */
  static String word(NamespaceKind kind) {
    return NAMESPACES[List.of(KINDS).indexOf(kind)];
  }

  private Namespace namespace(JsonPlace here) {
    NamespaceKind kind = null;
    String path = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "type" -> kind = KINDS[Fields.word(in, NAMESPACES)];
        case "path" -> path = Fields.optionalAbsolutePath(in);
        default -> in.skip();
      }
    }
    return new Namespace(Fields.required(in, here, "type", kind), path);
  }

  private Map<String, TimeOffset> timeOffsets() {
    var offsets = Fields.map(in, LinuxReader::timeOffset);
    for (var clock : offsets.keySet()) {
      if (!clock.equals("monotonic") && !clock.equals("boottime")) {
        throw in.wrong(
            places.getOrDefault("timeOffsets", in.here()),
            JsonPlace.shown(clock),
            "is not a clock of a time namespace",
            "monotonic or boottime");
      }
    }
    return offsets;
  }

  private static TimeOffset timeOffset(JsonReader in) {
    long secs = 0;
    long nanosecs = 0;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "secs" -> secs = Fields.any(in);
        case "nanosecs" -> nanosecs = in.integer(0, 999_999_999, "nanoseconds below a second");
        default -> in.skip();
      }
    }
    return new TimeOffset(secs, nanosecs);
  }

  private Device device(JsonReader device) {
    var here = in.here();
    String path = null;
    Integer type = null;
    Long major = null;
    Long minor = null;
    Integer mode = null;
    Long uid = null;
    Long gid = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "path" -> path = Fields.absolutePath(in);
        case "type" -> type = Fields.word(in, "c", "b", "u", "p");
        case "major" -> major = in.integer(0, Fields.HIGHEST_MAJOR, "a number from 0 to 4095");
        case "minor" -> minor = in.integer(0, Fields.HIGHEST_MINOR, "a number from 0 to 1048575");
        case "fileMode" ->
            mode = (int) in.integer(0, 0177777, "permission bits, such as 438, which is 0666");
        case "uid" -> uid = Fields.id(in);
        case "gid" -> gid = Fields.id(in);
        default -> in.skip();
      }
    }
    char letter = "cbcp".charAt(Fields.required(in, here, "type", type));
    boolean fifo = letter == 'p';
    return new Device(
        Fields.required(in, here, "path", path),
        letter,
        fifo ? 0 : Fields.required(in, here, "major", major),
        fifo ? 0 : Fields.required(in, here, "minor", minor),
        mode == null ? null : mode & 07777,
        uid,
        gid);
  }

  private Map<String, String> netDevices() {
    var devices = new LinkedHashMap<String, String>();
    for (var entry : Fields.map(in, LinuxReader::netDevice).entrySet()) {
      var outside = entry.getKey();
      devices.put(outside, entry.getValue().isEmpty() ? outside : entry.getValue());
    }
    return devices;
  }

  /** The name inside; empty if it keeps the one it has. */
  private static String netDevice(JsonReader in) {
    var inside = "";
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "name" -> inside = in.string("the name that the device gets inside");
        default -> in.skip();
      }
    }
    return inside;
  }

  private @Nullable Propagation propagation() {
    var values = Propagation.values();
    var words = new String[values.length + 1];
    for (int i = 0; i < values.length; i++) {
      words[i] = values[i].word();
    }
    words[values.length] = ""; // as Go's writers leave it
    int index = Fields.word(in, words);
    return index == values.length ? null : values[index];
  }

  private Personality personality() {
    var here = in.here();
    Personality domain = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "domain" ->
            domain =
                Fields.word(in, "LINUX", "LINUX32") == 0 ? Personality.LINUX : Personality.LINUX32;
        case "flags" -> {
          in.array("an empty list");
          if (in.element()) {
            throw in.refused(in.here(), "the specification defines no flags; leave the list empty");
          }
        }
        default -> in.skip();
      }
    }
    return Fields.required(in, here, "domain", domain);
  }

  private MemoryPolicy memoryPolicy() {
    var here = in.here();
    Integer mode = null;
    String nodes = null;
    int flags = 0;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "mode" -> mode = Fields.word(in, OciLinux.MEMORY_MODES.toArray(String[]::new));
        case "nodes" -> nodes = NumberList.read(in, "memory nodes");
        case "flags" -> {
          in.array("a list of flags, such as [\"MPOL_F_STATIC_NODES\"]");
          while (in.element()) {
            flags |=
                FIRST_MODE_FLAG << Fields.word(in, OciLinux.MEMORY_FLAGS.toArray(String[]::new));
          }
        }
        default -> in.skip();
      }
    }
    return new MemoryPolicy(
        Fields.required(in, here, "mode", mode), nodes == null ? "" : nodes, flags);
  }
}
