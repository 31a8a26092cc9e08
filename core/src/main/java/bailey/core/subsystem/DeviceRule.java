package bailey.core.subsystem;

import bailey.core.error.BadRequest;
import bailey.core.spec.Malformed;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A rule about the use of devices, in the notation of cgroup v1: {@code c 1:3 rwm}, {@code b *:*
 * r}.
 *
 * @param type which files
 * @param major 0 to 4095; empty for any
 * @param minor 0 to 1048575; empty for any
 * @param read opening for reading
 * @param write opening for writing
 * @param mknod making the file
 * @see <a
 *     href="https://docs.kernel.org/admin-guide/cgroup-v1/devices.html">cgroup-v1/devices.rst</a>
 */
public record DeviceRule(
    Type type, OptionalInt major, OptionalInt minor, boolean read, boolean write, boolean mknod) {
  /** Every device in every way: {@code a *:* rwm}. */
  public static final DeviceRule ALL =
      new DeviceRule(Type.ALL, OptionalInt.empty(), OptionalInt.empty(), true, true, true);

  static final String HELP =
      "a, or c or b with MAJOR:MINOR (* for any) and r, w, m, for example c 1:3 rwm";

  private static final Pattern FORM =
      Pattern.compile("([cb]) ([0-9]{1,7}|\\*):([0-9]{1,7}|\\*) ([rwm]{1,3})");

  /** Kinds of device files. */
  public enum Type {
    /** Both. */
    ALL('a'),
    /** Block devices. */
    BLOCK('b'),
    /** Character devices. */
    CHARACTER('c');

    private final char letter;

    Type(char letter) {
      this.letter = letter;
    }

    /** The kernel's letter. */
    public char letter() {
      return letter;
    }
  }

  /** Refuses what no device has, and a rule about nothing. */
  public DeviceRule {
    if (major.orElse(0) < 0
        || major.orElse(0) > DeviceNumber.MOST_MAJOR
        || minor.orElse(0) < 0
        || minor.orElse(0) > DeviceNumber.MOST_MINOR) {
      throw new IllegalArgumentException("devices are 0:0 to 4095:1048575");
    }
    if (!read && !write && !mknod) {
      throw new IllegalArgumentException("a device rule names at least one of r, w, m");
    }
    boolean whole = major.isEmpty() && minor.isEmpty() && read && write && mknod;
    if (type == Type.ALL && !whole) {
      throw new IllegalArgumentException("a rule for all devices is for all numbers and uses");
    }
  }

  /**
   * Reads a rule; {@code a} alone, or with anything that the kernel ignores after it, is {@link
   * #ALL}.
   *
   * @param control what it was given to: {@code devices.allow}
   * @throws BadRequest naming {@code control}, the text and an example
   */
  public static DeviceRule parse(String control, String text) {
    if (text.equals("a") || text.equals("a *:* rwm")) {
      return ALL;
    }
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw Malformed.value(control, text, "is no device rule", HELP);
    }
    var uses = match.group(4);
    try {
      return new DeviceRule(
          match.group(1).equals("c") ? Type.CHARACTER : Type.BLOCK,
          number(match.group(2)),
          number(match.group(3)),
          uses.indexOf('r') >= 0,
          uses.indexOf('w') >= 0,
          uses.indexOf('m') >= 0);
    } catch (IllegalArgumentException e) {
      throw Malformed.value(control, text, "is no device rule: " + e.getMessage(), HELP);
    }
  }

  private static OptionalInt number(String text) {
    return text.equals("*") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
  }

  /** Whether both are about exactly the same device files. */
  boolean sameDevices(DeviceRule other) {
    return type == other.type && major.equals(other.major) && minor.equals(other.minor);
  }

  /** As the kernel prints it: {@code c 1:3 rwm}. */
  @Override
  public String toString() {
    return type.letter()
        + " "
        + (major.isPresent() ? Integer.toString(major.getAsInt()) : "*")
        + ":"
        + (minor.isPresent() ? Integer.toString(minor.getAsInt()) : "*")
        + " "
        + (read ? "r" : "")
        + (write ? "w" : "")
        + (mknod ? "m" : "");
  }
}
