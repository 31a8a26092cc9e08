package bailey.core.kernel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a request has from the process that makes it, besides what it says: not from the process
 * that plans it, which may be another and serve many.
 *
 * @param directory its working directory, an absolute path; {@code /} where that has no path
 * @param environment its variables, in order
 */
public record Origin(String directory, Map<String, String> environment) {
  /** Copies. */
  public Origin {
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }

  /** A variable's value. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name));
  }

  /** The home directory, where it is known as an absolute path. */
  public Optional<String> home() {
    return variable("HOME").filter(path -> path.startsWith("/"));
  }
}
