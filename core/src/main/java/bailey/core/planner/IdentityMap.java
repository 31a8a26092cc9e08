package bailey.core.planner;

import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.KernelFeatures.IdRange;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How ids inside a user namespace of a container relate to ids outside (user_namespaces(7)).
 *
 * @param users lines of uid_map
 * @param groups lines of gid_map
 * @param helpers whether newuidmap(1) and newgidmap(1) write them, for a user who may not do it
 *     himself
 * @param setsGroups whether setgroups(2) stays allowed
 */
record IdentityMap(List<Line> users, List<Line> groups, boolean helpers, boolean setsGroups) {
  /** How many ids a container gets. */
  static final int IDS = 65536;

  /** {@code count} ids from {@code inside} are those from {@code outside}. */
  record Line(int inside, int outside, int count) {
    @Override
    public String toString() {
      return inside + " " + outside + " " + count;
    }
  }

  /** The map for a container, or empty if it stays in the starter's user namespace. */
  static Optional<IdentityMap> of(KernelFeatures features, ContainerSpec spec, int base) {
    boolean fresh = spec.namespace(NamespaceKind.USER) instanceof NamespaceRequest.New;
    if (features.privileged()) {
      var line = List.of(new Line(0, base, IDS));
      return fresh ? Optional.of(new IdentityMap(line, line, false, true)) : Optional.empty();
    }
    if (spec.namespace(NamespaceKind.USER) instanceof NamespaceRequest.Joined) {
      return Optional.empty();
    }
    boolean helpers =
        !features.newuidmap().isEmpty()
            && !features.newgidmap().isEmpty()
            && !features.userId().isEmpty()
            && !features.groupId().isEmpty();
    return Optional.of(
        new IdentityMap(
            lines(features.uid(), helpers ? features.userId() : List.of()),
            lines(features.gid(), helpers ? features.groupId() : List.of()),
            helpers,
            helpers));
  }

  /** The user himself is root; further ids come from the ranges that belong to him. */
  private static List<Line> lines(int self, List<IdRange> ranges) {
    var lines = new ArrayList<Line>();
    lines.add(new Line(0, self, 1));
    int next = 1;
    for (var range : ranges) {
      int count = Math.min(range.count(), IDS - next);
      if (count > 0) {
        lines.add(new Line(next, range.first(), count));
        next += count;
      }
    }
    return lines;
  }

  /** Whether an id inside is one outside. */
  static boolean maps(List<Line> lines, int inside) {
    return lines.stream()
        .anyMatch(line -> inside >= line.inside() && inside < line.inside() + line.count());
  }
}
