package bailey.oci.runtime;

import bailey.core.bundle.DeviceNode;
import bailey.core.kernel.CgroupVersion;
import bailey.core.subsystem.CgroupFeatures;
import bailey.core.subsystem.DevicePolicy;
import bailey.core.subsystem.DeviceRule;
import bailey.core.subsystem.KernelWrite;
import bailey.oci.config.OciLinux;
import bailey.oci.config.OciResources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Which devices a container may use: what its configuration says, and then those that every
 * container may use, whatever it says, as with other runtimes (runc, AllowedDevices of specconv).
 */
final class DeviceMapping {
  private static final List<String> ALWAYS =
      List.of(
          "c *:* m",
          "b *:* m",
          "c 1:3 rwm",
          "c 1:5 rwm",
          "c 1:7 rwm",
          "c 1:8 rwm",
          "c 1:9 rwm",
          "c 5:0 rwm",
          "c 136:* rwm",
          "c 5:2 rwm");

  private DeviceMapping() {}

  /** The rules in their order, each with whether it allows. */
  private record Rule(boolean allow, DeviceRule rule) {}

  private static List<Rule> rules(List<OciResources.DeviceRule> asked) {
    var rules = new ArrayList<Rule>();
    for (var rule : asked) {
      rules.add(new Rule(rule.allow(), DeviceRule.parse("linux.resources.devices", text(rule))));
    }
    for (var text : ALWAYS) {
      rules.add(new Rule(true, DeviceRule.parse("linux.resources.devices", text)));
    }
    return rules;
  }

  private static String text(OciResources.DeviceRule rule) {
    if (rule.type() == 'a') {
      return "a";
    }
    return rule.type()
        + " "
        + (rule.major() == null ? "*" : rule.major())
        + ":"
        + (rule.minor() == null ? "*" : rule.minor())
        + " "
        + rule.access();
  }

  /** For cgroup v1, what is written to its files; none where it is not there. */
  static List<KernelWrite> writes(CgroupFeatures features, List<OciResources.DeviceRule> asked) {
    if (asked.isEmpty() || features.version("devices").filter(CgroupVersion.V1::equals).isEmpty()) {
      return List.of();
    }
    return rules(asked).stream()
        .map(
            rule ->
                new KernelWrite(
                    "devices",
                    rule.allow() ? "devices.allow" : "devices.deny",
                    rule.rule().toString()))
        .toList();
  }

  /** For cgroup v2, what its program decides by; empty where there is v1. */
  static Optional<DevicePolicy> policy(
      CgroupFeatures features, List<OciResources.DeviceRule> asked) {
    if (asked.isEmpty() || features.version("devices").isPresent()) {
      return Optional.empty();
    }
    var policy = DevicePolicy.ALLOW_ALL;
    for (var rule : rules(asked)) {
      policy = rule.allow() ? policy.allow(rule.rule()) : policy.deny(rule.rule());
    }
    return Optional.of(policy);
  }

  /** A node that is to be made. */
  static DeviceNode node(OciLinux.Device device) {
    return new DeviceNode(
        MountMapping.clean(device.path()),
        device.type(),
        (int) device.major(),
        (int) device.minor(),
        device.fileMode() == null ? 0666 : device.fileMode(),
        id(device.uid()).orElse(0),
        id(device.gid()).orElse(0));
  }

  private static OptionalInt id(@Nullable Long id) {
    return id == null ? OptionalInt.empty() : OptionalInt.of((int) (long) id);
  }
}
