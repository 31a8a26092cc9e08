package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import bailey.core.container.ResourceCounter;
import bailey.core.container.View;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The memory controller (mm/memcontrol.c, mm/memcontrol-v1.c). Tasks use what a test says. */
final class FakeMemory implements FakeController {
  static final long PAGE = 4096;

  /** PAGE_COUNTER_MAX in bytes. */
  private static final long NONE = Long.MAX_VALUE / PAGE * PAGE;

  private static final String NO_EVENTS =
      "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n";

  private final @Nullable FakeMemory above;
  private final ResourceCounter counter;
  private long memsw = NONE;
  private long soft = NONE;
  private long swap = NONE;
  private long high = NONE;
  private long low;
  private long own;
  private long peak;

  private FakeMemory(FakeGroup group) {
    above = group.above(FakeMemory.class).orElse(null);
    counter = (ResourceCounter) group.counter("memory");
  }

  static FakeMemory v1(FakeGroup group) {
    var memory = new FakeMemory(group);
    if (!group.isRoot()) {
      memory.limitV1(group, "memory.limit_in_bytes", memory::max, memory::resize);
      memory.limitV1(group, "memory.memsw.limit_in_bytes", () -> memory.memsw, memory::resizeBoth);
      memory.limitV1(group, "memory.soft_limit_in_bytes", () -> memory.soft, n -> memory.soft = n);
    }
    memory.shown(group, "memory.usage_in_bytes", memory.counter::used);
    memory.shown(group, "memory.max_usage_in_bytes", () -> memory.peak);
    memory.shown(group, "memory.failcnt", () -> 0);
    memory.shown(group, "memory.memsw.failcnt", () -> 0);
    memory.shown(group, "memory.kmem.usage_in_bytes", () -> 0);
    group.file(
        "memory.oom_control",
        FakeFile.shown(() -> "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n"));
    group.file(
        "memory.stat",
        FakeFile.shown(
            () ->
                "cache 0\nrss 0\ntotal_cache 0\ntotal_rss "
                    + memory.counter.used()
                    + "\ntotal_swap 0\n"));
    return memory;
  }

  static FakeMemory v2(FakeGroup group) {
    var memory = new FakeMemory(group);
    if (!group.isRoot()) {
      memory.limitV2(
          group, "memory.max", memory::max, n -> memory.counter.impose(View.EXTERNAL, n));
      memory.limitV2(group, "memory.high", () -> memory.high, n -> memory.high = n);
      memory.limitV2(group, "memory.low", () -> memory.low, n -> memory.low = n);
      memory.limitV2(group, "memory.swap.max", () -> memory.swap, n -> memory.swap = n);
      memory.shown(group, "memory.current", memory.counter::used);
      memory.shown(group, "memory.peak", () -> memory.peak);
      memory.shown(group, "memory.swap.current", () -> 0);
      group.file("memory.events", FakeFile.shown(() -> NO_EVENTS));
    }
    group.file(
        "memory.stat",
        FakeFile.shown(() -> "anon " + memory.counter.used() + "\nfile 0\nkernel 0\n"));
    return memory;
  }

  /** Tasks of the group use so much from now on. */
  void use(long bytes) {
    counter.uncharge(own);
    counter.force(bytes);
    own = bytes;
    for (var at = this; at != null; at = at.above) {
      at.peak = Math.max(at.peak, at.counter.used());
    }
  }

  private long max() {
    return Math.min(NONE, counter.limit());
  }

  @Override
  public void turnedOff() {
    counter.uncharge(own);
    counter.impose(View.EXTERNAL, ResourceCounter.NO_LIMIT);
  }

  private void shown(FakeGroup group, String name, LongSupplier value) {
    group.file(name, FakeFile.shown(() -> value.getAsLong() + "\n"));
  }

  /** page_counter_memparse() with -1 for none. */
  private void limitV1(FakeGroup group, String name, LongSupplier value, LongConsumer setter) {
    group.file(
        name,
        FakeFile.both(() -> value.getAsLong() + "\n", text -> setter.accept(limit(text, "-1"))));
  }

  /** page_counter_memparse() with max for none. */
  private void limitV2(FakeGroup group, String name, LongSupplier value, LongConsumer setter) {
    group.file(
        name,
        FakeFile.both(
            () -> (value.getAsLong() == NONE ? "max" : value.getAsLong()) + "\n",
            text -> setter.accept(limit(text, "max"))));
  }

  private static long limit(String text, String none) {
    return text.equals(none) ? NONE : Math.min(NONE, KernelParse.memory(text) / PAGE * PAGE);
  }

  /** mem_cgroup_resize_max(): never above memory and swap together, nor below what is used. */
  private void resize(long bytes) {
    KernelRefusal.unless(bytes <= memsw, Errno.EINVAL);
    KernelRefusal.unless(counter.limit(View.EXTERNAL, bytes), Errno.EBUSY);
  }

  private void resizeBoth(long bytes) {
    KernelRefusal.unless(bytes >= max(), Errno.EINVAL);
    KernelRefusal.unless(bytes >= counter.used(), Errno.EBUSY);
    memsw = bytes;
  }
}
