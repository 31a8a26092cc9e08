package bailey.core.bundle;

import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a bundle's container is to be. Everything is as it is asked for: nothing is added to what is
 * listed here but the devices that every container has.
 *
 * @param root its root directory
 * @param mounts in this order
 * @param devices to be made besides those that every container has
 * @param paths of the kernel's file systems that are hidden or protected
 * @param namespaces which namespace of each kind; kinds that are not here are the starter's
 * @param users ids of a user namespace of its own
 * @param groups group ids of it
 * @param clocks what is written to /proc/PID/timens_offsets of a time namespace of its own; empty
 *     for nothing
 * @param interfaces of the machine that become those of its network namespace
 * @param hostname of a uts namespace of its own
 * @param domainname of it
 * @param sysctls name below /proc/sys, with slashes, to what is written to it
 * @param limits its control groups
 * @param hooks what is run at points of its life
 * @param process its first process
 */
public record BundleSpec(
    BundleRoot root,
    List<BundleMount> mounts,
    List<DeviceNode> devices,
    KernelPathRules paths,
    Map<NamespaceKind, NamespaceRequest> namespaces,
    List<IdRange> users,
    List<IdRange> groups,
    String clocks,
    List<NetDevice> interfaces,
    Optional<String> hostname,
    Optional<String> domainname,
    Map<String, String> sysctls,
    GroupRequest limits,
    BundleHooks hooks,
    ProcessSpec process) {
  /** Copies. */
  public BundleSpec {
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
    namespaces = Map.copyOf(namespaces);
    users = List.copyOf(users);
    groups = List.copyOf(groups);
    interfaces = List.copyOf(interfaces);
    sysctls = Map.copyOf(sysctls);
  }

  /** The same with other control groups. */
  public BundleSpec with(GroupRequest other) {
    return new BundleSpec(
        root,
        mounts,
        devices,
        paths,
        namespaces,
        users,
        groups,
        clocks,
        interfaces,
        hostname,
        domainname,
        sysctls,
        other,
        hooks,
        process);
  }

  /** The namespace of a kind. */
  public NamespaceRequest namespace(NamespaceKind kind) {
    return namespaces.getOrDefault(kind, NamespaceRequest.SHARED);
  }

  /** Whether it gets one of its own. */
  public boolean isNew(NamespaceKind kind) {
    return namespace(kind) instanceof NamespaceRequest.New;
  }
}
