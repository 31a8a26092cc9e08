package bailey.testkit.cgroup;

import bailey.core.abi.Errno;

/** The pids controller (kernel/cgroup/pids.c), the same on both versions. */
final class FakePids implements FakeController {
  private static final long MOST = 4 * 1024 * 1024;

  private final FakeGroup group;
  private String max = "max";
  private int peak;

  FakePids(FakeGroup group) {
    this.group = group;
    if (!group.isRoot()) {
      group.file("pids.max", FakeFile.both(() -> max + "\n", this::setMax));
      group.file("pids.current", FakeFile.shown(() -> group.population() + "\n"));
      group.file("pids.peak", FakeFile.shown(() -> peak + "\n"));
      group.file("pids.events", FakeFile.shown(() -> "max 0\n"));
    }
  }

  private void setMax(String text) {
    max = text.equals("max") ? text : "" + KernelParse.number(text, 0, MOST, Errno.EINVAL);
  }

  @Override
  public void admit() {
    peak = Math.max(peak, group.population() + 1);
    group.above(FakePids.class).ifPresent(FakePids::admit);
  }
}
