package bailey.core.bundle;

import java.util.Optional;

/**
 * A root directory.
 *
 * @param path absolute
 * @param readOnly whether it cannot be written to inside
 * @param propagation MS_SHARED and the like, with MS_REC (mount_namespaces(7)); 0 for the default,
 *     that the container hears of the machine's new mounts and tells it of none
 * @param pivot whether the machine's mounts are let go of by pivot_root(2); in an initial ramdisk
 *     that is not possible, and the root is only moved
 * @param mountPoint where the mount is that the directory is in; needed where {@code propagation}
 *     would have the machine see what is mounted in the container
 */
public record BundleRoot(
    String path, boolean readOnly, long propagation, boolean pivot, Optional<String> mountPoint) {}
