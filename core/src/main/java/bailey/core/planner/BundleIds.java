package bailey.core.planner;

import bailey.core.bundle.BundleSpec;
import bailey.core.bundle.IdRange;
import bailey.core.kernel.KernelFeatures;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import java.util.List;
import java.util.Optional;

/**
 * Whose ids a bundle's process has.
 *
 * @param map of a user namespace of its own
 * @param entersUsers whether it is in another user namespace than who starts it
 * @param groups what it does about its groups
 */
record BundleIds(Optional<IdentityMap> map, boolean entersUsers, CredentialSteps.Groups groups) {
  static BundleIds of(KernelFeatures features, BundleSpec spec) {
    if (spec.namespace(NamespaceKind.USER) instanceof NamespaceRequest.Joined) {
      return new BundleIds(Optional.empty(), true, CredentialSteps.Groups.WHERE_ALLOWED);
    }
    Optional<IdentityMap> map =
        spec.isNew(NamespaceKind.USER) ? Optional.of(map(features, spec)) : Optional.empty();
    boolean sets = map.map(IdentityMap::setsGroups).orElse(features.surroundings().setsGroups());
    return new BundleIds(
        map, map.isPresent(), sets ? CredentialSteps.Groups.SET : CredentialSteps.Groups.KEPT);
  }

  private static IdentityMap map(KernelFeatures features, BundleSpec spec) {
    boolean helpers =
        !features.privileged()
            && !features.newuidmap().isEmpty()
            && !features.newgidmap().isEmpty()
            && spec.users().size() > 1;
    return new IdentityMap(
        lines(spec.users()),
        lines(spec.groups()),
        helpers,
        features.privileged() || spec.groups().size() > 1);
  }

  /** As lines of a map. */
  static List<IdentityMap.Line> lines(List<IdRange> ranges) {
    return ranges.stream()
        .map(
            range ->
                new IdentityMap.Line(
                    (int) range.inside(), (int) range.outside(), (int) range.count()))
        .toList();
  }
}
