package bailey.core.subsystem;

import java.util.ArrayList;
import java.util.List;

/**
 * What devices a group may use: everything or nothing, and the exceptions. The rules of cgroup v1
 * (devcgroup_update_access()), so that on v2, where a policy is made into a program, the same rules
 * mean the same.
 *
 * @param allowByDefault whether what no exception names is allowed
 * @param exceptions what is decided the other way, in the order of their coming
 */
public record DevicePolicy(boolean allowByDefault, List<DeviceRule> exceptions) {
  /** What a new group at the top has. */
  public static final DevicePolicy ALLOW_ALL = new DevicePolicy(true, List.of());

  /** Nothing. */
  public static final DevicePolicy DENY_ALL = new DevicePolicy(false, List.of());

  /** Keeps a copy. */
  public DevicePolicy {
    exceptions = List.copyOf(exceptions);
  }

  /** After a write of {@code rule} to {@code devices.allow}. */
  public DevicePolicy allow(DeviceRule rule) {
    return rule.type() == DeviceRule.Type.ALL
        ? ALLOW_ALL
        : allowByDefault ? without(rule) : with(rule);
  }

  /** After a write of {@code rule} to {@code devices.deny}. */
  public DevicePolicy deny(DeviceRule rule) {
    return rule.type() == DeviceRule.Type.ALL
        ? DENY_ALL
        : allowByDefault ? with(rule) : without(rule);
  }

  /** Whether all that {@code rule} is about is allowed. */
  public boolean allows(DeviceRule rule) {
    return allowByDefault
        ? exceptions.stream().noneMatch(exception -> overlap(exception, rule))
        : exceptions.stream().anyMatch(exception -> covers(exception, rule));
  }

  /** dev_exception_add(): one exception for the same devices, with the uses of both. */
  private DevicePolicy with(DeviceRule rule) {
    var list = new ArrayList<DeviceRule>();
    var sum = rule;
    for (var exception : exceptions) {
      if (exception.sameDevices(rule)) {
        sum =
            uses(
                rule,
                rule.read() || exception.read(),
                rule.write() || exception.write(),
                rule.mknod() || exception.mknod());
      }
    }
    for (var exception : exceptions) {
      list.add(exception.sameDevices(rule) ? sum : exception);
    }
    if (!list.contains(sum)) {
      list.add(sum);
    }
    return new DevicePolicy(allowByDefault, list);
  }

  /** dev_exception_rm(): only from an exception for exactly the same devices. */
  private DevicePolicy without(DeviceRule rule) {
    var list = new ArrayList<DeviceRule>();
    for (var exception : exceptions) {
      if (!exception.sameDevices(rule)) {
        list.add(exception);
        continue;
      }
      boolean read = exception.read() && !rule.read();
      boolean write = exception.write() && !rule.write();
      boolean mknod = exception.mknod() && !rule.mknod();
      if (read || write || mknod) {
        list.add(uses(exception, read, write, mknod));
      }
    }
    return new DevicePolicy(allowByDefault, list);
  }

  private static DeviceRule uses(DeviceRule rule, boolean read, boolean write, boolean mknod) {
    return new DeviceRule(rule.type(), rule.major(), rule.minor(), read, write, mknod);
  }

  /** match_exception(): {@code wide} is about all devices and uses that {@code narrow} is about. */
  private static boolean covers(DeviceRule wide, DeviceRule narrow) {
    return wide.type() == narrow.type()
        && (wide.major().isEmpty() || wide.major().equals(narrow.major()))
        && (wide.minor().isEmpty() || wide.minor().equals(narrow.minor()))
        && (wide.read() || !narrow.read())
        && (wide.write() || !narrow.write())
        && (wide.mknod() || !narrow.mknod());
  }

  /** match_exception_partial(): they have a device and a use in common. */
  private static boolean overlap(DeviceRule a, DeviceRule b) {
    boolean types =
        a.type() == b.type() || a.type() == DeviceRule.Type.ALL || b.type() == DeviceRule.Type.ALL;
    boolean majors = a.major().isEmpty() || b.major().isEmpty() || a.major().equals(b.major());
    boolean minors = a.minor().isEmpty() || b.minor().isEmpty() || a.minor().equals(b.minor());
    boolean uses = (a.read() && b.read()) || (a.write() && b.write()) || (a.mknod() && b.mknod());
    return types && majors && minors && uses;
  }

  /** As {@code devices.list} shows it: exceptions only where the default is to deny. */
  public String listing() {
    return allowByDefault
        ? DeviceRule.ALL.toString()
        : String.join("\n", exceptions.stream().map(DeviceRule::toString).toList());
  }
}
