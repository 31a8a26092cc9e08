package bailey.core.bundle;

import java.util.List;

/**
 * Programs that are run at points of a container's life (OCI runtime-spec, config.md,
 * "POSIX-platform Hooks"). Each gets the container's state as JSON on its standard input.
 *
 * @param createRuntime in the starter's namespaces, when the container's are there, before its root
 *     is the root; the deprecated {@code prestart} comes first in it
 * @param createContainer in the container's namespaces, before its root is the root
 * @param startContainer in the container, before its process is executed
 * @param poststart in the starter's namespaces, after that
 * @param poststop in the starter's namespaces, after the container was removed
 */
public record BundleHooks(
    List<Hook> createRuntime,
    List<Hook> createContainer,
    List<Hook> startContainer,
    List<Hook> poststart,
    List<Hook> poststop) {
  /** No hooks. */
  public static final BundleHooks NONE =
      new BundleHooks(List.of(), List.of(), List.of(), List.of(), List.of());

  /**
   * A program.
   *
   * @param path absolute
   * @param arguments the whole vector, the first its own name
   * @param environment {@code NAME=VALUE} each
   * @param seconds it may take; 0 for as long as it likes
   */
  public record Hook(String path, List<String> arguments, List<String> environment, int seconds) {
    /** Copies. */
    public Hook {
      arguments = List.copyOf(arguments);
      environment = List.copyOf(environment);
    }
  }

  /** Copies. */
  public BundleHooks {
    createRuntime = List.copyOf(createRuntime);
    createContainer = List.copyOf(createContainer);
    startContainer = List.copyOf(startContainer);
    poststart = List.copyOf(poststart);
    poststop = List.copyOf(poststop);
  }
}
