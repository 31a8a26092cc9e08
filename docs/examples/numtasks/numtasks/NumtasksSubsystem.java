package numtasks;

import bailey.core.container.Amount;
import bailey.core.container.ControlFile;
import bailey.core.container.Unit;
import bailey.core.error.BadRequest;
import bailey.core.subsystem.DerivedSubsystem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How many tasks a container may have, as shares of what its parent may have. */
public final class NumtasksSubsystem implements DerivedSubsystem {
  private static final String MIN = "numtasks.min_shares";
  private static final String MAX = "numtasks.max_shares";
  private static final String DIVISOR = "numtasks.child_shares_divisor";
  private static final String LIMIT = "pids.max";

  /** What the kernel can number at most: PID_MAX_LIMIT. */
  private static final long ALL = 4_194_304;

  private static final Amount SHARES = Amount.between(0, 1_000_000);

  @Override
  public String name() {
    return "numtasks";
  }

  @Override
  public List<ControlFile> controlFiles() {
    return List.of(
        ControlFile.setting(
            MIN, Unit.COUNT, SHARES, "the part of its parent's tasks that nobody can take from it"),
        ControlFile.setting(
            MAX, Unit.COUNT, SHARES, "the part of its parent's tasks that it may have at most"),
        ControlFile.setting(
            DIVISOR,
            Unit.COUNT,
            Amount.between(1, 1_000_000),
            "how many shares are the whole, for the containers in it"));
  }

  @Override
  public String initial(ControlFile file) {
    return switch (file.name()) {
      case MIN -> "0";
      case MAX -> "1000000"; // more than any divisor: the whole
      default -> "100";
    };
  }

  @Override
  public boolean isOfChildren(ControlFile file) {
    return file.name().equals(DIVISOR);
  }

  @Override
  public Set<String> governs() {
    return Set.of(LIMIT);
  }

  @Override
  public Map<String, Map<String, String>> derive(Member parent, List<Member> children) {
    long divisor = parent.number(DIVISOR);
    var text = parent.governed().getOrDefault(LIMIT, "max");
    long all = text.equals("max") ? ALL : Long.parseLong(text);
    long promised = 0;
    long wanted = 0;
    for (var child : children) {
      promised += min(child, divisor);
      wanted += max(child, divisor) - min(child, divisor);
    }
    if (promised > divisor) {
      throw new BadRequest(
          MIN
              + ": the containers together would have "
              + promised
              + " shares of "
              + divisor
              + "; take some from others first");
    }
    var limits = new HashMap<String, Map<String, String>>();
    for (var child : children) {
      long more = max(child, divisor) - min(child, divisor);
      if (promised > 0 && wanted > divisor - promised) {
        // what is not promised is divided, so that nobody can take what is promised to another
        more = more * (divisor - promised) / wanted;
      }
      long shares = min(child, divisor) + more;
      limits.put(child.name(), Map.of(LIMIT, Long.toString(Math.max(1, all * shares / divisor))));
    }
    return limits;
  }

  private static long min(Member child, long divisor) {
    return Math.min(child.number(MIN), divisor + 1); // too much is told, and adds up to no overflow
  }

  private static long max(Member child, long divisor) {
    return Math.max(min(child, divisor), Math.min(child.number(MAX), divisor));
  }
}
