package bailey.core.subsystem;

import bailey.core.container.ValueFormat;
import bailey.core.spec.Limit;
import bailey.core.spec.Malformed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The value of {@code io.max}: for each device a line {@code MAJ:MIN rbps=N wbps=N riops=N
 * wiops=N}. A line says all limits of its device: what it leaves out is {@code max}. Devices that
 * are not named keep theirs.
 */
record DeviceLimits() implements ValueFormat {
  static final List<String> KEYS = List.of("rbps", "wbps", "riops", "wiops");

  private static final long LEAST = 2;

  /** The kernel keeps operations in 32 bits, of which the largest is no limit (tg_set_limit()). */
  private static final long MOST_OPERATIONS = (1L << 32) - 2;

  @Override
  public String canonical(String control, String text) {
    var lines = new LinkedHashMap<DeviceNumber, String>();
    for (var line : text.split("\n", -1)) {
      var words = line.split(" ", -1);
      var device = DeviceNumber.parse(control, words[0], help());
      if (words.length < 2) {
        throw Malformed.value(control, line, "says no limit for the device", help());
      }
      if (lines.put(device, line(control, device, words)) != null) {
        throw Malformed.value(control, text, "names the device " + device + " twice", help());
      }
    }
    return String.join("\n", lines.values());
  }

  private String line(String control, DeviceNumber device, String[] words) {
    var given = new LinkedHashMap<String, String>();
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      var key = equals < 0 ? words[i] : words[i].substring(0, equals);
      if (equals < 0 || !KEYS.contains(key)) {
        throw Malformed.value(control, words[i], "is no limit of a device", help());
      }
      if (given.put(key, number(control, key, words[i].substring(equals + 1))) != null) {
        throw Malformed.value(control, words[i], "is there twice", help());
      }
    }
    return print(device.toString(), given);
  }

  /** A line with all keys in their order. */
  static String print(String device, Map<String, String> limits) {
    var line = new StringBuilder(device);
    KEYS.forEach(
        key -> line.append(' ').append(key).append('=').append(limits.getOrDefault(key, "max")));
    return line.toString();
  }

  /** v2 refuses 0 (ERANGE) and 1 (EINVAL, tg_set_limit()); on v1 0 is no limit. */
  private String number(String control, String key, String text) {
    var number = Limit.parse(control + ": " + key, text).controlText();
    boolean operations = key.endsWith("iops");
    if (number.equals("max")) {
      return number;
    }
    long value = Long.parseLong(number);
    if (value < LEAST || (operations && value > MOST_OPERATIONS)) {
      var range = operations ? LEAST + " to " + MOST_OPERATIONS : LEAST + " or more bytes";
      throw Malformed.value(control, key + "=" + text, "is not " + range + " a second", help());
    }
    return number;
  }

  /** The limits of each device in a canonical value. */
  static Map<String, Map<String, String>> devices(String canonical) {
    var devices = new LinkedHashMap<String, Map<String, String>>();
    for (var line : canonical.lines().toList()) {
      var words = new ArrayList<>(List.of(line.split(" ", -1)));
      var limits = new LinkedHashMap<String, String>();
      var device = words.removeFirst();
      words.forEach(
          word -> {
            int equals = word.indexOf('=');
            limits.put(word.substring(0, equals), word.substring(equals + 1));
          });
      devices.put(device, limits);
    }
    return devices;
  }

  /** For each device and each of its limits the lower one. */
  @Override
  public Optional<String> lower(String a, String b) {
    var lower = new LinkedHashMap<>(devices(a));
    devices(b)
        .forEach(
            (device, limits) ->
                lower.merge(device, limits, (first, second) -> lower(first, second)));
    return Optional.of(
        String.join(
            "\n", lower.entrySet().stream().map(e -> print(e.getKey(), e.getValue())).toList()));
  }

  private static Map<String, String> lower(Map<String, String> a, Map<String, String> b) {
    var lower = new LinkedHashMap<>(a);
    b.forEach((key, limit) -> lower.merge(key, limit, DeviceLimits::least));
    return lower;
  }

  private static String least(String a, String b) {
    if (a.equals("max") || b.equals("max")) {
      return a.equals("max") ? b : a;
    }
    return Long.parseLong(a) <= Long.parseLong(b) ? a : b;
  }

  @Override
  public String help() {
    return "MAJ:MIN and rbps, wbps (bytes a second), riops, wiops (operations a second),"
        + " for example 8:0 rbps=1M wiops=120";
  }
}
