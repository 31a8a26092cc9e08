package bailey.core.subsystem;

import bailey.core.spec.Malformed;
import java.util.regex.Pattern;

/**
 * A block device as control groups name it: {@code MAJOR:MINOR}.
 *
 * @param major 0 to 4095 (12 bits, linux/kdev_t.h)
 * @param minor 0 to 1048575 (20 bits)
 */
record DeviceNumber(int major, int minor) {
  static final int MOST_MAJOR = (1 << 12) - 1;
  static final int MOST_MINOR = (1 << 20) - 1;

  private static final Pattern FORM = Pattern.compile("([0-9]{1,7}):([0-9]{1,7})");

  static DeviceNumber parse(String control, String text, String help) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw Malformed.value(control, text, "is no device MAJOR:MINOR", help);
    }
    int major = Integer.parseInt(match.group(1));
    int minor = Integer.parseInt(match.group(2));
    if (major > MOST_MAJOR || minor > MOST_MINOR) {
      throw Malformed.value(control, text, "is above the largest device 4095:1048575", help);
    }
    return new DeviceNumber(major, minor);
  }

  @Override
  public String toString() {
    return major + ":" + minor;
  }
}
