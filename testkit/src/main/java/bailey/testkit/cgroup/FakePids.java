package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import bailey.core.container.Container;
import bailey.core.container.FollowingState;
import bailey.core.container.ResourceCounter;
import bailey.core.container.View;
import org.jspecify.annotations.Nullable;

/** The pids controller (kernel/cgroup/pids.c), the same on both versions. */
final class FakePids implements FakeController {
  static final String NAME = "pids";

  private static final long MOST = 4 * 1024 * 1024;

  private final Counter tasks;

  FakePids(FakeGroup group) {
    tasks = (Counter) group.counter(NAME);
    if (!group.isRoot()) {
      group.file("pids.max", FakeFile.both(this::max, this::setMax));
      group.file("pids.current", FakeFile.shown(() -> tasks.counter.used() + "\n"));
      group.file("pids.peak", FakeFile.shown(() -> tasks.peak + "\n"));
      group.file("pids.events", FakeFile.shown(() -> "max " + tasks.refused + "\n"));
    }
  }

  private String max() {
    long limit = tasks.counter.limit();
    return (limit == ResourceCounter.NO_LIMIT ? "max" : limit) + "\n";
  }

  /** pids_max_write(): whatever is there already. */
  private void setMax(String text) {
    tasks.counter.impose(
        View.EXTERNAL,
        text.equals("max")
            ? ResourceCounter.NO_LIMIT
            : KernelParse.number(text, 0, MOST, Errno.EINVAL));
  }

  @Override
  public void turnedOff() {
    tasks.counter.impose(View.EXTERNAL, ResourceCounter.NO_LIMIT);
  }

  /**
   * The tasks of a group and below it. Only forks are refused: who moves tasks is obeyed ("it is
   * possible to have pids.current larger than pids.max", cgroup-v2.rst).
   */
  static final class Counter implements FollowingState {
    private final @Nullable Counter above;
    private final ResourceCounter counter;
    private long peak;
    private long refused;

    Counter(@Nullable Counter above) {
      this.above = above;
      counter = new ResourceCounter(above == null ? null : above.counter);
    }

    @Override
    public boolean start() {
      if (counter.charge(1) != null) {
        refused++;
        return false;
      }
      note(null);
      return true;
    }

    @Override
    public void end() {
      counter.uncharge(1);
    }

    @Override
    public boolean prepare(FollowingState from) {
      var common = common(from);
      counter.force(1, common);
      note(common);
      return true;
    }

    @Override
    public void commit(FollowingState from) {
      ((Counter) from).counter.uncharge(1, common(from));
    }

    @Override
    public void abort(FollowingState from) {
      counter.uncharge(1, common(from));
    }

    @Override
    public void bind(Container root) {}

    private @Nullable ResourceCounter common(FollowingState from) {
      return counter.common(((Counter) from).counter);
    }

    private void note(@Nullable ResourceCounter end) {
      for (var at = this; at != null && at.counter != end; at = at.above) {
        long now = at.counter.estimate(); // no lock: it is done at each fork
        if (now > at.peak) { // most are not, and what is only read stays in each processor's cache
          at.peak = now;
        }
      }
    }
  }
}
