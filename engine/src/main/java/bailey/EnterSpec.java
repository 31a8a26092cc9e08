package bailey;

import bailey.core.spec.NamespaceKind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What of a container a command enters. Where that is all, its mounts included, it gets the walls
 * of the container, as by {@link Container#exec}; else it is a command of the caller's own, with
 * the caller's root, working directory and rights; in a user namespace it is the root of that.
 * Immutable.
 *
 * @param namespaces the kinds that are entered; empty: all that the container has of its own
 * @param groups whether its control groups are entered too
 * @param environment variables of the command: all of them where it is the caller's own, else those
 *     that are added or replaced
 * @param terminal whether the command gets a terminal of its own; for the command line only
 */
public record EnterSpec(
    Set<NamespaceKind> namespaces,
    boolean groups,
    Map<String, String> environment,
    boolean terminal) {
  /** All that may be entered. */
  public static final EnterSpec ALL = new EnterSpec(Set.of(), true, Map.of(), false);

  /** Copies. */
  public EnterSpec {
    var kinds = EnumSet.noneOf(NamespaceKind.class);
    kinds.addAll(namespaces);
    namespaces = Collections.unmodifiableSet(kinds);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }

  /** These namespaces and nothing else. */
  public static EnterSpec of(NamespaceKind... kinds) {
    return new EnterSpec(Set.of(kinds), false, Map.of(), false);
  }

  /** The same with these variables. */
  public EnterSpec environment(Map<String, String> variables) {
    return new EnterSpec(namespaces, groups, variables, terminal);
  }

  /** The same with a terminal, or without. */
  public EnterSpec terminal(boolean on) {
    return new EnterSpec(namespaces, groups, environment, on);
  }

  /** Whether all is entered that may be. */
  public boolean all() {
    return namespaces.isEmpty() && groups;
  }
}
