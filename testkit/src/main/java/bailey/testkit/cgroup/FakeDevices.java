package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import bailey.core.error.BadRequest;
import bailey.core.subsystem.DevicePolicy;
import bailey.core.subsystem.DeviceRule;

/** The devices controller of v1 (security/device_cgroup.c). */
final class FakeDevices implements FakeController {
  private final FakeGroup group;
  private DevicePolicy policy;

  FakeDevices(FakeGroup group) {
    this.group = group;
    policy =
        group.above(FakeDevices.class).map(above -> above.policy).orElse(DevicePolicy.ALLOW_ALL);
    group.file("devices.list", FakeFile.shown(this::list));
    group.file("devices.allow", FakeFile.written(text -> allow(parse(text))));
    group.file("devices.deny", FakeFile.written(text -> deny(parse(text))));
  }

  private String list() {
    var list = policy.listing();
    return list.isEmpty() ? "" : list + "\n";
  }

  private static DeviceRule parse(String text) {
    try {
      return DeviceRule.parse("devices", text);
    } catch (BadRequest _) {
      throw new KernelRefusal(Errno.EINVAL);
    }
  }

  /** devcgroup_update_access(): not more than the parent, and all only without children. */
  private void allow(DeviceRule rule) {
    boolean all = rule.type() == DeviceRule.Type.ALL;
    KernelRefusal.unless(!all || !group.hasChildren(), Errno.EINVAL);
    var above = group.above(FakeDevices.class).map(parent -> parent.policy);
    boolean allowed =
        above.isEmpty() || (all ? above.get().allowByDefault() : above.get().allows(rule));
    KernelRefusal.unless(allowed, Errno.EPERM);
    policy = policy.allow(rule);
  }

  /** What is taken from a group is taken from those below (propagate_exception()). */
  private void deny(DeviceRule rule) {
    boolean all = rule.type() == DeviceRule.Type.ALL;
    KernelRefusal.unless(!all || !group.hasChildren(), Errno.EINVAL);
    policy = policy.deny(rule);
    group.knownChildren().stream()
        .flatMap(child -> child.state(FakeDevices.class).stream())
        .forEach(child -> child.deny(rule));
  }
}
