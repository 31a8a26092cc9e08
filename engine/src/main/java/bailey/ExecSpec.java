package bailey;

import bailey.core.error.BadRequest;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.IdentityRequest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a further command runs in a container. Whatever is empty is as for the container's first
 * command. It gets the same walls: namespaces, groups, system call filter. Immutable; made by
 * {@link #builder}.
 *
 * @param identity who the command runs as
 * @param environment variables that are added or replaced
 * @param directory the working directory inside
 * @param capabilities what is kept; no more than the container has
 * @param terminal whether the command gets a terminal of its own; for the command line only
 */
public record ExecSpec(
    Optional<IdentityRequest> identity,
    Map<String, String> environment,
    Optional<String> directory,
    Optional<CapabilitySet> capabilities,
    boolean terminal) {
  /** As the container's first command. */
  public static final ExecSpec SAME = builder().build();

  /** Copies and checks. */
  public ExecSpec {
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    directory
        .filter(path -> !path.startsWith("/"))
        .ifPresent(
            path -> {
              throw new BadRequest(
                  "--workdir: " + path + " is not an absolute path; it must start with /");
            });
  }

  /** A builder in which all is as for the first command. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a spec. Not for use by several threads. */
  public static final class Builder {
    private @Nullable IdentityRequest identity;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private @Nullable String directory;
    private @Nullable CapabilitySet capabilities;
    private boolean terminal;

    private Builder() {}

    /** Who the command runs as. */
    public Builder identity(IdentityRequest request) {
      identity = request;
      return this;
    }

    /** A variable of the command's environment. */
    public Builder environment(String variable, String value) {
      environment.put(variable, value);
      return this;
    }

    /** The working directory inside, an absolute path. */
    public Builder directory(String path) {
      directory = path;
      return this;
    }

    /** What is kept of the capabilities. */
    public Builder capabilities(CapabilitySet kept) {
      capabilities = kept;
      return this;
    }

    /** Whether the command gets a terminal of its own. */
    public Builder terminal(boolean on) {
      terminal = on;
      return this;
    }

    /** The spec. */
    public ExecSpec build() {
      return new ExecSpec(
          Optional.ofNullable(identity),
          environment,
          Optional.ofNullable(directory),
          Optional.ofNullable(capabilities),
          terminal);
    }
  }
}
