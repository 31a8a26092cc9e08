package bailey.containerfs.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The times of the CPUs that a container sees, told apart by what was done in them: what it used as
 * the kernel counted it, and of the rest what it wanted and did not get, and what it did not want.
 * All is counted from one look to the next, so that no CPU's time goes backwards when the container
 * gets other CPUs or another quota. One thread at a time.
 */
public final class CpuTimes {
  private record Times(long user, long system, long idle, long stolen) {
    static final Times NONE = new Times(0, 0, 0, 0);

    Times plus(long more, long inKernel, long rest, long held) {
      long lost = Math.min(rest, held);
      return new Times(user + more, system + inKernel, idle + rest - lost, stolen + lost);
    }
  }

  private static final CpuUse.Pair NOTHING = new CpuUse.Pair(0, 0);

  private final Map<Integer, Times> each = new LinkedHashMap<>();
  private final Map<Integer, CpuUse.Pair> used = new LinkedHashMap<>();
  private @Nullable CpuShare shared;
  private long up;
  private long held;
  private long waited;
  private long user;
  private long system;

  /** Nothing was seen yet. */
  public CpuTimes() {}

  /**
   * The times now.
   *
   * @param now nanoseconds that the container is up
   */
  public List<Stat.Line> look(long now, CpuShare share, CpuUse use) {
    long passed = Math.max(0, now - up);
    long lost = lost(share, use);
    var more = share.isWhole() && !use.each().isEmpty() ? ofEach(share, use) : evenly(share, use);
    var lines = new ArrayList<Stat.Line>();
    for (int cpu : share.numbers()) {
      var pair = more.getOrDefault(cpu, NOTHING);
      long rest = Math.max(0, passed - pair.user() - pair.system());
      var times = each.getOrDefault(cpu, Times.NONE).plus(pair.user(), pair.system(), rest, lost);
      each.put(cpu, times);
      lines.add(new Stat.Line(cpu, times.user(), times.system(), times.idle(), times.stolen()));
    }
    each.keySet().retainAll(share.numbers());
    up = Math.max(up, now);
    held = Math.max(held, use.held());
    waited = Math.max(waited, use.waited());
    user = Math.max(user, use.user());
    system = Math.max(system, use.system());
    shared = share;
    return lines;
  }

  /**
   * What each CPU had not that was wanted, at most: who waits while he has the CPU himself waits
   * for nobody else.
   */
  private long lost(CpuShare share, CpuUse use) {
    return use.waited() < 0
        ? Math.max(0, use.held() - held) / share.count()
        : Math.max(0, use.waited() - waited);
  }

  /** What each CPU was used since the last look. */
  private Map<Integer, CpuUse.Pair> ofEach(CpuShare share, CpuUse use) {
    boolean other = shared != null && !shared.equals(share);
    var more = new LinkedHashMap<Integer, CpuUse.Pair>();
    use.each()
        .forEach(
            (cpu, now) -> {
              var before = used.getOrDefault(cpu, NOTHING);
              more.put(
                  cpu,
                  new CpuUse.Pair(
                      Math.max(0, now.user() - before.user()),
                      Math.max(0, now.system() - before.system())));
              used.put( // parts that are counted by ticks go back by less than one now and then
                  cpu,
                  new CpuUse.Pair(
                      Math.max(now.user(), before.user()),
                      Math.max(now.system(), before.system())));
            });
    return other ? evenly(share, use) : more;
  }

  /** Who sees fewer CPUs than it may run on sees all its time in these, evenly. */
  private Map<Integer, CpuUse.Pair> evenly(CpuShare share, CpuUse use) {
    int count = share.count();
    var part =
        new CpuUse.Pair(
            Math.max(0, use.user() - user) / count, Math.max(0, use.system() - system) / count);
    var more = new LinkedHashMap<Integer, CpuUse.Pair>();
    share.numbers().forEach(cpu -> more.put(cpu, part));
    return more;
  }
}
