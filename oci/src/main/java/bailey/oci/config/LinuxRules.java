package bailey.oci.config;

import bailey.core.spec.NamespaceKind;
import bailey.oci.json.JsonPlace;
import bailey.oci.json.JsonReader;
import java.util.List;
import java.util.Map;

/** What fields of {@code linux} ask of each other, as far as no machine need be looked at. */
final class LinuxRules {
  /** The kernel's UID_GID_MAP_MAX_EXTENTS. */
  private static final int MOST_MAPPINGS = 340;

  /** The kernel's IFNAMSIZ, less the end. */
  private static final int LONGEST_INTERFACE = 15;

  private final JsonReader in;
  private final OciLinux linux;
  private final Map<String, JsonPlace> places;

  LinuxRules(JsonReader in, OciLinux linux, Map<String, JsonPlace> places) {
    this.in = in;
    this.linux = linux;
    this.places = places;
  }

  void check() {
    mappings();
    offsets();
    netDevices();
    SysctlNames.check(in, linux, place("sysctl"));
  }

  private JsonPlace place(String field) {
    var place = places.get(field);
    return place == null ? places.getOrDefault("", new JsonPlace("", 0)) : place;
  }

  private void mappings() {
    mappings("uidMappings", linux.uidMappings());
    mappings("gidMappings", linux.gidMappings());
    boolean none = linux.uidMappings().isEmpty() || linux.gidMappings().isEmpty();
    if (linux.isNew(NamespaceKind.USER) && none) {
      throw in.refused(
          place("namespaces"),
          "a new user namespace needs uidMappings and gidMappings, as nobody could run in it; add"
              + " them beside it");
    }
  }

  private void mappings(String field, List<IdMapping> mappings) {
    if (mappings.isEmpty()) {
      return;
    }
    if (linux.namespace(NamespaceKind.USER) == null) {
      throw in.refused(
          place(field),
          "there is nothing to map without a user namespace; add {\"type\": \"user\"} to"
              + " linux.namespaces, or remove it");
    }
    if (mappings.size() > MOST_MAPPINGS) {
      throw in.refused(
          place(field),
          mappings.size() + " ranges are more than the kernel's " + MOST_MAPPINGS + "; join some");
    }
    for (int i = 0; i < mappings.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (overlap(mappings.get(i), mappings.get(j))) {
          throw in.refused(
              place(field),
              "the ranges ["
                  + j
                  + "] and ["
                  + i
                  + "] have ids in common, which the kernel refuses; separate them");
        }
      }
    }
  }

  private static boolean overlap(IdMapping a, IdMapping b) {
    return overlap(a.containerId(), a.size(), b.containerId(), b.size())
        || overlap(a.hostId(), a.size(), b.hostId(), b.size());
  }

  private static boolean overlap(long a, long sizeOfA, long b, long sizeOfB) {
    return a < b + sizeOfB && b < a + sizeOfA;
  }

  private void offsets() {
    if (!linux.timeOffsets().isEmpty() && !linux.isNew(NamespaceKind.TIME)) {
      throw in.refused(
          place("timeOffsets"),
          "only a new time namespace can get offsets; add {\"type\": \"time\"} to"
              + " linux.namespaces");
    }
  }

  private void netDevices() {
    if (linux.netDevices().isEmpty()) {
      return;
    }
    if (linux.namespace(NamespaceKind.NET) == null) {
      throw in.refused(
          place("netDevices"),
          "there is nowhere to move them without a network namespace; add {\"type\":"
              + " \"network\"} to linux.namespaces");
    }
    for (var device : linux.netDevices().entrySet()) {
      interfaceName(device.getKey());
      interfaceName(device.getValue());
    }
    if (Map.copyOf(linux.netDevices()).values().stream().distinct().count()
        < linux.netDevices().size()) {
      throw in.refused(place("netDevices"), "two devices get the same name inside; rename one");
    }
  }

  /** As the kernel's dev_valid_name(). */
  private void interfaceName(String name) {
    boolean good = name.length() <= LONGEST_INTERFACE && !name.equals(".") && !name.equals("..");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      good &= c > ' ' && c < 0x7f && c != '/' && c != ':';
    }
    if (!good) {
      throw in.wrong(
          place("netDevices"),
          JsonPlace.shown(name),
          "is not the name of a network device",
          "up to 15 characters without a slash, a colon or a blank");
    }
  }
}
