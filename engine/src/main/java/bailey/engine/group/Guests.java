package bailey.engine.group;

import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.KernelFeatures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The containers that were made inside of boundaries, found by walking control groups. Nothing that
 * a guest wrote is read: only the kernel says which groups there are and who is in them. Names of
 * groups are the guest's too, so those that name no container are passed over.
 *
 * <p>A container of the guest's usual state directory is called PARENT/NAME; of another, or of
 * another hierarchy, PARENT/GROUP/NAME, where GROUP is bailey's group for that, such as {@code
 * bailey.batch}.
 */
public final class Guests {
  /** The guest's own group, in that of its boundary. */
  static final String OWN = "/in/own";

  private static final String USUAL = "bailey";

  private final CgroupFiles files;
  private final KernelFeatures features;

  /** On a machine. */
  public Guests(CgroupFiles files, KernelFeatures features) {
    this.files = files;
    this.features = features;
  }

  /**
   * All containers inside of a boundary, each before those in it.
   *
   * @param name of the boundary
   * @param groups of it
   */
  public SequencedMap<ContainerPath, Groups> of(ContainerPath name, Groups groups) {
    var found = new TreeMap<ContainerPath, Groups>();
    inBoundary(name, groups.path(), found);
    return found;
  }

  /** The groups of one of them. */
  public Optional<Groups> find(ContainerPath boundary, Groups groups, ContainerPath name) {
    return Optional.ofNullable(of(boundary, groups).get(name));
  }

  private void inBoundary(ContainerPath name, String path, Map<ContainerPath, Groups> found) {
    for (var child : children(path + OWN)) {
      String base = path + OWN + "/" + child;
      if (child.equals(USUAL)) {
        inBase(name, base, found);
      } else if (child.startsWith(USUAL + "-") || child.startsWith(USUAL + ".")) {
        named(name, child).ifPresent(other -> inBase(other, base, found));
      }
    }
  }

  /** The containers whose groups are directly in a group. */
  private void inBase(ContainerPath above, String base, Map<ContainerPath, Groups> found) {
    for (var child : children(base)) {
      ContainerPath.ofDirectory(child)
          .flatMap(component -> named(above, component.toString()))
          .ifPresent(name -> add(name, base + "/" + child, found));
    }
  }

  private void add(ContainerPath name, String path, Map<ContainerPath, Groups> found) {
    if (found.putIfAbsent(name, new Groups(files, features, path)) == null) {
      inBase(name, path, found);
      inBoundary(name, path, found);
    }
  }

  /** Empty where the whole would be longer or deeper than a name may be. */
  private static Optional<ContainerPath> named(ContainerPath above, String component) {
    try {
      return Optional.of(above.child(component));
    } catch (BadRequest _) {
      return Optional.empty();
    }
  }

  /** In any hierarchy: which of them a container has depends on its limits. */
  private List<String> children(String path) {
    var names = new TreeSet<String>();
    for (var controller : Groups.hierarchies(features.cgroups()).keySet()) {
      Groups.ifThere(() -> files.children(controller, path)).ifPresent(names::addAll);
    }
    return new ArrayList<>(names);
  }
}
