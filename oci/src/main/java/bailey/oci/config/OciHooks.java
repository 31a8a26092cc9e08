package bailey.oci.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is run at points of a container's life (config.md, POSIX-platform Hooks), in order. Each
 * gets the container's state as JSON on its standard input.
 *
 * @param prestart deprecated: as createRuntime, before those
 * @param createRuntime in the runtime's namespaces, once the container's are made, before its root
 * @param createContainer in the container's namespaces, its path in the runtime's
 * @param startContainer in the container, its path inside, before the command
 * @param poststart in the runtime's namespaces, after the command was started
 * @param poststop in the runtime's namespaces, after the container was deleted
 */
public record OciHooks(
    List<Hook> prestart,
    List<Hook> createRuntime,
    List<Hook> createContainer,
    List<Hook> startContainer,
    List<Hook> poststart,
    List<Hook> poststop) {
  /** No hooks. */
  public static final OciHooks NONE =
      new OciHooks(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  /**
   * A program to run.
   *
   * @param path absolute
   * @param args the whole argument vector, the first the program's own name; empty for just its
   *     path
   * @param env {@code NAME=value} each
   * @param timeout in seconds, more than 0; null for none
   */
  public record Hook(String path, List<String> args, List<String> env, @Nullable Integer timeout) {}

  /** Whether there are none. */
  public boolean isEmpty() {
    return prestart.isEmpty()
        && createRuntime.isEmpty()
        && createContainer.isEmpty()
        && startContainer.isEmpty()
        && poststart.isEmpty()
        && poststop.isEmpty();
  }
}
