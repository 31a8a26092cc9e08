package bailey.testkit.cgroup;

import bailey.core.abi.Errno;

/** The freezer controller of v1 (kernel/cgroup/legacy_freezer.c): its tasks stop at once. */
final class FakeFreezer implements FakeController {
  private final FakeGroup group;
  private boolean freeze;

  FakeFreezer(FakeGroup group) {
    this.group = group;
    if (!group.isRoot()) {
      group.file(
          "freezer.state", FakeFile.both(() -> frozen() ? "FROZEN\n" : "THAWED\n", this::change));
    }
  }

  private boolean frozen() {
    return freeze || group.above(FakeFreezer.class).filter(FakeFreezer::frozen).isPresent();
  }

  private void change(String text) {
    KernelRefusal.unless(text.equals("FROZEN") || text.equals("THAWED"), Errno.EINVAL);
    freeze = text.equals("FROZEN");
  }
}
