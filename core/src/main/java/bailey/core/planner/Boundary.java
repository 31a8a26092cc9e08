package bailey.core.planner;

import bailey.core.error.BadRequest;
import bailey.core.kernel.KernelFeatures;
import bailey.core.spec.Capability;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;

/**
 * What a boundary is, by where it is made. With a user namespace its root has the capabilities in
 * that, which are rights over what belongs to it, but the one that lifts its limits. Without one
 * its root is root outside too: it gets none that leads out, and makes containers in user
 * namespaces, in which it maps other ids.
 */
final class Boundary {
  private Boundary() {}

  /**
   * The spec with the capabilities that it gets; the same where it is no boundary.
   *
   * @throws BadRequest if it was to keep what leads out
   */
  static ContainerSpec of(KernelFeatures features, ContainerSpec spec, int userBase) {
    if (!spec.boundary()) {
      return spec;
    }
    boolean ownUsers = IdentityMap.of(features, spec, userBase).isPresent();
    checkNetwork(features, spec, ownUsers);
    boolean usual = spec.capabilities().equals(CapabilitySet.CONTAINER_DEFAULT);
    if (ownUsers) {
      return usual ? with(spec, CapabilitySet.BOUNDARY_OWN_USERS) : spec;
    }
    // in another user namespace than the machine's, user 0 is nobody whom proc obeys
    boolean machine = features.surroundings().machine();
    if (usual) {
      return machine ? with(spec, CapabilitySet.BOUNDARY) : spec;
    }
    var refused =
        machine
            ? CapabilitySet.LEAD_OUT
            : CapabilitySet.LEAD_OUT.without(CapabilitySet.of(Capability.SETFCAP));
    var leadOut = new CapabilitySet(spec.capabilities().mask() & refused.mask());
    if (leadOut.mask() != 0) {
      throw new BadRequest(
          "--cap-add: with "
              + leadOut
              + " root gets out of a boundary that has no user namespace of its own; drop "
              + leadOut
              + ", or add --userns auto");
    }
    return spec;
  }

  private static ContainerSpec with(ContainerSpec spec, CapabilitySet kept) {
    return spec.toBuilder().capabilities(kept).build();
  }

  /** There sysfs cannot be mounted, and the machine's own shows all control groups. */
  private static void checkNetwork(KernelFeatures features, ContainerSpec spec, boolean ownUsers) {
    boolean shared = !(spec.namespace(NamespaceKind.NET) instanceof NamespaceRequest.New);
    if (shared && (ownUsers || !features.machineRoot())) {
      throw new BadRequest(
          "--boundary: with a user namespace of its own it needs a network of its own as well, or"
              + " it would see the /sys of outside; leave out --net host, or take --userns host as"
              + " root");
    }
  }
}
