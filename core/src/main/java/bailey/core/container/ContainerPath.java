package bailey.core.container;

import bailey.core.error.BadRequest;
import bailey.core.spec.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The name of a container in its hierarchy: components joined by {@code /}, such as {@code
 * ci/job-42}. The root's is empty.
 *
 * <p>A component is 1 to 100 bytes of UTF-8, anything but NUL, {@code /} and newline (mountinfo and
 * /proc/PID/cgroup are read by line), and not {@code .} or {@code ..}. At most {@link #MOST_DEEP}
 * of them and {@link #MOST_BYTES} bytes, so that the directory form with any mount point before it
 * stays below the kernel's PATH_MAX of 4096.
 */
public final class ContainerPath implements Comparable<ContainerPath> {
  /** The most bytes of a component; with the prefix it stays below NAME_MAX. */
  public static final int MOST_COMPONENT_BYTES = 100;

  /** The most bytes of the whole. */
  public static final int MOST_BYTES = 2800;

  /** The most components. */
  public static final int MOST_DEEP = 128;

  /** The container at the top of every hierarchy. */
  public static final ContainerPath ROOT = new ContainerPath(List.of());

  private static final String PREFIX = "c-";
  private static final String ENCODED = "b-";
  private static final Base64.Encoder BASE_64 = Base64.getUrlEncoder().withoutPadding();
  private static final String EXAMPLE =
      "1 to 100 bytes between slashes, without line breaks, for example web or ci/job-42";

  private final List<String> components;

  private ContainerPath(List<String> components) {
    this.components = components;
  }

  /**
   * Reads a name as a user writes it; a leading or trailing slash is an error, so that each
   * container has one name.
   *
   * @param option what the name was given to, such as {@code --name}
   * @throws BadRequest naming {@code option}, the text and an example
   */
  public static ContainerPath parse(String option, String text) {
    var components = List.of(text.split("/", -1));
    for (var component : components) {
      check(option, text, component);
    }
    checkWhole(option, text, components.size());
    return new ContainerPath(components);
  }

  private static void check(String option, String text, String component) {
    if (component.isEmpty() || component.equals(".") || component.equals("..")) {
      throw Malformed.value(
          option, text, "has a part that is empty, . or .., so it names no container", EXAMPLE);
    }
    if (component.indexOf('\0') >= 0 || component.indexOf('\n') >= 0) {
      throw Malformed.value(option, text, "has a NUL or a line break in it", EXAMPLE);
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(component)) {
      throw Malformed.value(option, text, "is not valid UTF-8", EXAMPLE);
    }
    if (bytes(component) > MOST_COMPONENT_BYTES) {
      throw Malformed.value(option, text, "has a part of more than 100 bytes", EXAMPLE);
    }
  }

  private static void checkWhole(String option, String text, int depth) {
    if (depth > MOST_DEEP) {
      throw Malformed.value(
          option, text, "is " + depth + " containers deep, the most is " + MOST_DEEP, EXAMPLE);
    }
    if (bytes(text) > MOST_BYTES) {
      throw Malformed.value(option, text, "has more than " + MOST_BYTES + " bytes", EXAMPLE);
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Whether this is {@link #ROOT}. */
  public boolean isRoot() {
    return components.isEmpty();
  }

  /** The last component; empty for the root. */
  public String name() {
    return isRoot() ? "" : components.getLast();
  }

  /** The number of components: 0 for the root. */
  public int depth() {
    return components.size();
  }

  /** The components from the top. */
  public List<String> components() {
    return components;
  }

  /** The container that this one is in; empty for the root. */
  public Optional<ContainerPath> parent() {
    return isRoot()
        ? Optional.empty()
        : Optional.of(new ContainerPath(components.subList(0, components.size() - 1)));
  }

  /**
   * A container in this one.
   *
   * @throws BadRequest where {@code name} is not one component or the whole gets too long
   */
  public ContainerPath child(String name) {
    if (name.indexOf('/') >= 0) {
      throw Malformed.value("name", name, "is more than one component", EXAMPLE);
    }
    check("name", name, name);
    var longer = new ArrayList<>(components);
    longer.add(name);
    checkWhole("name", String.join("/", longer), longer.size());
    return new ContainerPath(List.copyOf(longer));
  }

  /** Whether this is {@code other} or in it, at any depth. */
  public boolean isWithin(ContainerPath other) {
    return depth() >= other.depth()
        && components.subList(0, other.depth()).equals(other.components);
  }

  /**
   * The directory of this container below that of its hierarchy: each component prefixed with
   * {@code c-}, so that no container is ever named like a file of the kernel or one of bailey's own
   * groups: {@code c-ci/c-job-42}. Empty for the root.
   *
   * <p>It is ASCII, because which other names a JVM can open depends on its locale: a component
   * that is not is {@code b-} and its bytes in base 64 (RFC 4648, for URLs, without padding).
   */
  public String directory() {
    var text = new StringBuilder();
    for (var component : components) {
      text.append(text.isEmpty() ? "" : "/");
      if (isAscii(component)) {
        text.append(PREFIX).append(component);
      } else {
        var bytes = component.getBytes(StandardCharsets.UTF_8);
        text.append(ENCODED).append(BASE_64.encodeToString(bytes));
      }
    }
    return text.toString();
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  /**
   * The container whose {@link #directory()} is {@code directory}; empty where it is none's,
   * because something else made it.
   */
  public static Optional<ContainerPath> ofDirectory(String directory) {
    if (directory.isEmpty()) {
      return Optional.of(ROOT);
    }
    var text = new StringBuilder();
    for (var part : directory.split("/", -1)) {
      var component = component(part);
      if (component.isEmpty()) {
        return Optional.empty();
      }
      text.append(text.isEmpty() ? "" : "/").append(component.get());
    }
    try {
      return Optional.of(parse("directory", text.toString()))
          .filter(path -> path.directory().equals(directory));
    } catch (BadRequest _) {
      return Optional.empty();
    }
  }

  private static Optional<String> component(String part) {
    if (part.startsWith(PREFIX)) {
      return Optional.of(part.substring(PREFIX.length()));
    }
    if (!part.startsWith(ENCODED)) {
      return Optional.empty();
    }
    try {
      var bytes = Base64.getUrlDecoder().decode(part.substring(ENCODED.length()));
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(ContainerPath other) {
    for (int i = 0; i < Math.min(depth(), other.depth()); i++) {
      int order = components.get(i).compareTo(other.components.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(depth(), other.depth());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ContainerPath path && components.equals(path.components);
  }

  @Override
  public int hashCode() {
    return components.hashCode();
  }

  /** As {@link #parse} reads it; empty for the root. */
  @Override
  public String toString() {
    return String.join("/", components);
  }
}
