package bailey.core.kept;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An environment that notes which of its variables were looked at, so that a plan depends on these
 * and no others. It can be asked for single variables only. One thread.
 */
public final class Variables extends AbstractMap<String, String> {
  private final Map<String, String> environment;
  private final Map<String, Fact> seen = new LinkedHashMap<>();

  /** Of an environment. */
  public Variables(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Those that were looked at. */
  public List<Fact> seen() {
    return List.copyOf(seen.values());
  }

  @Override
  public @Nullable String get(Object name) {
    var value = environment.get(name);
    var key = String.valueOf(name);
    seen.put(key, new Fact.Variable(key, Optional.ofNullable(value)));
    return value;
  }

  @Override
  public boolean containsKey(Object name) {
    return get(name) != null;
  }

  @Override
  public Set<Entry<String, String>> entrySet() {
    throw new UnsupportedOperationException("of an environment single variables are looked at");
  }
}
