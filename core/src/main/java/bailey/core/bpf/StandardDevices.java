package bailey.core.bpf;

import bailey.core.subsystem.DevicePolicy;
import bailey.core.subsystem.DeviceRule;

/**
 * The devices that a container may use unless asked otherwise: null, zero, full, random, urandom,
 * tty, console, ptmx and pseudo-terminals. Source: the default devices of the OCI runtime
 * specification (config-linux.md), with console and pseudo-terminals as runc ({@code
 * AllowedDevices} in libcontainer/specconv) and Docker have them; without runc's permission to make
 * nodes of every device, which its own source calls questionable. Numbers:
 * Documentation/admin-guide/devices.txt of the kernel.
 */
public final class StandardDevices {
  /** Those alone, to read, write and make. On v1: {@code a} denied, then each rule allowed. */
  public static final DevicePolicy POLICY =
      DevicePolicy.DENY_ALL
          .allow(rule("c 1:3 rwm")) // null
          .allow(rule("c 1:5 rwm")) // zero
          .allow(rule("c 1:7 rwm")) // full
          .allow(rule("c 1:8 rwm")) // random
          .allow(rule("c 1:9 rwm")) // urandom
          .allow(rule("c 5:0 rwm")) // tty
          .allow(rule("c 5:1 rwm")) // console
          .allow(rule("c 5:2 rwm")) // ptmx
          .allow(rule("c 136:* rwm")); // pts/N

  private StandardDevices() {}

  private static DeviceRule rule(String text) {
    return DeviceRule.parse("devices.allow", text);
  }
}
