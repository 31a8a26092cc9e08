package bailey.core.container;

import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import bailey.core.spec.Malformed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which subsystem is bound to which hierarchy, and whether that may be changed. A value: mounting
 * and unmounting give another one.
 *
 * <p>The rules are those of cgroup v1 (cgroups(7), "Mounting v1 controllers"; rebind_subsystems()
 * in kernel/cgroup/cgroup.c): a subsystem is in exactly one hierarchy; the default one, which is
 * always there, has all that no other has; and what is bound to a hierarchy changes only while it
 * has no container but its root, because a container without the state of a subsystem that it was
 * made with, or with one that nobody has made, would be neither one thing nor the other.
 */
public final class Bindings {
  /** The hierarchy that is always there, and has every subsystem that no other one has. */
  public static final String DEFAULT = "default";

  /**
   * The most characters of a hierarchy's name: the kernel takes 63 for a hierarchy of its own
   * (MAX_CGROUP_ROOT_NAMELEN), which will be called {@code bailey.NAME}.
   */
  public static final int MOST_NAME = 56;

  /** What cgroup1_parse_param() takes in {@code name=}, and no word that looks like an option. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

  private static final int MOST_SHOWN = 3;

  private final List<String> all;
  private final Map<String, List<String>> mounted;

  private Bindings(List<String> all, Map<String, List<String>> mounted) {
    this.all = all;
    this.mounted = mounted;
  }

  /** Which containers a hierarchy has besides its root. */
  @FunctionalInterface
  public interface Occupants {
    /**
     * Some containers of a hierarchy, or their names, for the sentence of a refusal: those next to
     * the root will do. Empty where it has its root alone.
     */
    List<?> of(String hierarchy);
  }

  /** All subsystems in the default hierarchy. */
  public static Bindings of(List<String> subsystems) {
    if (new HashSet<>(subsystems).size() != subsystems.size()) {
      throw new IllegalArgumentException("a subsystem is there twice: " + subsystems);
    }
    return new Bindings(List.copyOf(subsystems), Map.of());
  }

  /** The hierarchies: the default one, then the others in the order in which they were mounted. */
  public List<String> hierarchies() {
    var names = new ArrayList<String>();
    names.add(DEFAULT);
    names.addAll(mounted.keySet());
    return List.copyOf(names);
  }

  /**
   * The subsystems bound to a hierarchy, in the order of all.
   *
   * @throws NoSuchContainer where it is not mounted
   */
  public List<String> subsystems(String hierarchy) {
    if (hierarchy.equals(DEFAULT)) {
      return all.stream().filter(subsystem -> holder(subsystem).equals(DEFAULT)).toList();
    }
    return existing(hierarchy);
  }

  /**
   * The hierarchy that a subsystem is bound to.
   *
   * @throws BadRequest where there is no such subsystem
   */
  public String holder(String subsystem) {
    if (!all.contains(subsystem)) {
      throw Malformed.value(
          "hierarchy", subsystem, "is no subsystem", "one of " + String.join(", ", all));
    }
    return mounted.entrySet().stream()
        .filter(entry -> entry.getValue().contains(subsystem))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(DEFAULT);
  }

  /**
   * With one more hierarchy.
   *
   * @param name letters, digits, {@code -}, {@code _} and {@code .}, a letter or digit first
   * @param subsystems bound to it, which the default hierarchy loses; may be empty: then it only
   *     says which tasks belong together
   * @param occupants the containers that there are
   * @throws BadRequest where the name is no name, or a subsystem is unknown or there twice
   * @throws ContainerBusy where the name is in use, or a subsystem is bound to another hierarchy or
   *     to the default one while that has containers
   */
  public Bindings mount(String name, List<String> subsystems, Occupants occupants) {
    check("hierarchy", name);
    if (mounted.containsKey(name)) {
      throw new ContainerBusy(
          "cannot mount " + name + ": there is a hierarchy of this name; choose another");
    }
    var wanted = wanted(name, subsystems);
    if (!wanted.isEmpty()) {
      checkFree("cannot mount " + name + " with " + String.join(",", wanted), DEFAULT, occupants);
    }
    var after = new LinkedHashMap<>(mounted);
    after.put(name, wanted);
    return new Bindings(all, after);
  }

  /** Those asked for, in the order of all. */
  private List<String> wanted(String name, List<String> subsystems) {
    var wanted = new HashSet<String>();
    var holders = new TreeSet<String>();
    var taken = new ArrayList<String>();
    for (var subsystem : subsystems) {
      if (!wanted.add(subsystem)) {
        throw new BadRequest(name + ": " + subsystem + " is there twice; name each subsystem once");
      }
      var holder = holder(subsystem);
      if (!holder.equals(DEFAULT)) {
        taken.add(subsystem + " is bound to the hierarchy " + holder);
        holders.add(holder);
      }
    }
    if (!taken.isEmpty()) {
      throw new ContainerBusy(
          "cannot mount "
              + name
              + ": "
              + String.join(", ", taken)
              + "; unmount "
              + String.join(" and ", holders)
              + " first, or mount "
              + name
              + " without");
    }
    return all.stream().filter(wanted::contains).toList();
  }

  /**
   * Without a hierarchy: the default one gets its subsystems.
   *
   * @param occupants the containers that there are
   * @throws BadRequest for the default hierarchy
   * @throws NoSuchContainer where it is not mounted
   * @throws ContainerBusy where it has containers, or has subsystems and the default hierarchy has
   *     containers
   */
  public Bindings unmount(String name, Occupants occupants) {
    if (name.equals(DEFAULT)) {
      throw new BadRequest(
          "cannot unmount default: it holds each subsystem that no other hierarchy has; name one"
              + " that was mounted");
    }
    var freed = existing(name);
    checkFree("cannot unmount " + name, name, occupants);
    if (!freed.isEmpty()) {
      checkFree(
          "cannot unmount " + name + ", which gives back " + String.join(",", freed),
          DEFAULT,
          occupants);
    }
    var after = new LinkedHashMap<>(mounted);
    after.remove(name);
    return new Bindings(all, after);
  }

  private List<String> existing(String name) {
    var subsystems = mounted.get(name);
    if (subsystems == null) {
      throw new NoSuchContainer(
          "there is no hierarchy "
              + name.replaceAll("\\p{Cntrl}", "?")
              + "; mounted are "
              + String.join(", ", hierarchies()));
    }
    return subsystems;
  }

  private static void checkFree(String what, String hierarchy, Occupants occupants) {
    var there = occupants.of(hierarchy);
    if (!there.isEmpty()) {
      var shown = there.stream().limit(MOST_SHOWN).map(String::valueOf).toList();
      throw new ContainerBusy(
          what
              + ": the hierarchy "
              + hierarchy
              + " has containers ("
              + String.join(", ", shown)
              + (there.size() > MOST_SHOWN ? ", ..." : "")
              + "), and its subsystems change only while it has none; remove those first");
    }
  }

  /**
   * Refuses what cannot be the name of a hierarchy that is mounted.
   *
   * @param option what the name was given to
   * @throws BadRequest naming {@code option}, the text and an example
   */
  public static void check(String option, String name) {
    var help = "letters, digits, -, _ and ., at most " + MOST_NAME + ", for example batch";
    if (!NAME.matcher(name).matches()) {
      throw Malformed.value(option, name, "is no name of a hierarchy", help);
    }
    if (name.length() > MOST_NAME) {
      throw Malformed.value(option, name, "has more than " + MOST_NAME + " characters", help);
    }
    if (name.equals(DEFAULT)) {
      throw Malformed.value(option, name, "is the hierarchy that is always there", help);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bindings bindings
        && all.equals(bindings.all)
        && mounted.equals(bindings.mounted);
  }

  @Override
  public int hashCode() {
    return mounted.hashCode();
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (var name : hierarchies()) {
      text.append(text.isEmpty() ? "" : " ").append(name).append('=');
      text.append(String.join(",", subsystems(name)));
    }
    return text.toString();
  }
}
