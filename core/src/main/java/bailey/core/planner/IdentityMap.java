package bailey.core.planner;

import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.KernelFeatures.IdRange;
import bailey.core.planner.CredentialSteps.Groups;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.subsystem.IdRanges;
import bailey.core.subsystem.UserNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

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
    if (features.privileged() && !fresh) {
      return Optional.empty();
    }
    if (spec.namespace(NamespaceKind.USER) instanceof NamespaceRequest.Joined) {
      return Optional.empty();
    }
    if (takesIds(features, spec)) {
      return Optional.of(
          new IdentityMap(
              chosen(spec, UserNamespace.USERS, base),
              chosen(spec, UserNamespace.GROUPS, base),
              false,
              true));
    }
    if (features.privileged() || features.mapsIds()) {
      return Optional.of(ofSurroundings(features));
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

  /** Those that were asked for; else {@value #IDS}. */
  private static List<Line> chosen(ContainerSpec spec, String control, int base) {
    var asked = spec.controls().get(control);
    return asked == null
        ? List.of(new Line(0, base, IDS))
        : IdRanges.ranges(new IdRanges().canonical(control, asked)).stream()
            .map(range -> new Line(range.inside(), range.outside(), range.count()))
            .toList();
  }

  /**
   * Whether a container gets {@value #IDS} ids of the machine that no other has, because its
   * starter may give them.
   */
  static boolean takesIds(KernelFeatures features, ContainerSpec spec) {
    var users = spec.namespace(NamespaceKind.USER);
    boolean gives =
        features.privileged()
            ? users instanceof NamespaceRequest.New
            : features.mapsIds() && !(users instanceof NamespaceRequest.Joined);
    return gives && features.surroundings().machine();
  }

  /**
   * In another user namespace than the machine's first: a slice for each would be used up after a
   * few levels, so a container in it has the same ids as those there. Without CAP_SETFCAP (bit 31)
   * the kernel does not let its user 0 be mapped (verify_root_map()): all but that one.
   */
  private static IdentityMap ofSurroundings(KernelFeatures features) {
    var surroundings = features.surroundings();
    boolean all = features.has(31);
    return new IdentityMap(
        of(surroundings.users(), all),
        of(surroundings.groups(), all),
        false,
        surroundings.setsGroups());
  }

  private static List<Line> of(List<IdRange> ranges, boolean all) {
    var lines = new ArrayList<Line>();
    int next = 0;
    for (var range : ranges) {
      int skipped = !all && range.first() == 0 ? 1 : 0;
      int count = range.count() - skipped;
      if (count > 0) {
        int first = range.first() + skipped;
        lines.add(new Line(all ? first : next, first, count));
        next += count;
      }
    }
    return lines;
  }

  /**
   * What a process of such a container does about its groups.
   *
   * @param starter whether setgroups(2) is allowed where it has no user namespace of its own
   */
  static Groups groups(Optional<IdentityMap> map, ContainerSpec spec, boolean starter) {
    if (spec.namespace(NamespaceKind.USER) instanceof NamespaceRequest.Joined) {
      return Groups.WHERE_ALLOWED;
    }
    return map.map(IdentityMap::setsGroups).orElse(starter) ? Groups.SET : Groups.KEPT;
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

  /** Who 0 inside is outside, where that is another than {@code self}. */
  static OptionalInt root(List<Line> lines, int self) {
    return lines.stream()
        .filter(line -> line.inside() == 0 && line.outside() != self)
        .mapToInt(Line::outside)
        .findFirst();
  }

  /** Whether a container has a group: by its own map, or that of its surroundings. */
  static boolean maps(Optional<IdentityMap> map, List<IdRange> surroundings, int group) {
    return map.map(own -> maps(own.groups(), group))
        .orElseGet(
            () ->
                surroundings.stream()
                    .anyMatch(
                        range -> group >= range.first() && group < range.first() + range.count()));
  }

  /** Whether an id inside is one outside. */
  static boolean maps(List<Line> lines, int inside) {
    return lines.stream()
        .anyMatch(line -> inside >= line.inside() && inside < line.inside() + line.count());
  }
}
