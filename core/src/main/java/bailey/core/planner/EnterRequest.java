package bailey.core.planner;

import bailey.core.container.ContainerPath;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import java.util.List;
import java.util.Map;

/**
 * A command of the caller's own that enters some of what a container has, with the caller's root,
 * working directory and rights.
 *
 * @param name of the container
 * @param spec what the container is; for the command only environment and terminal are taken of it
 * @param command program and arguments, at least the program
 * @param attachment who looks after the command; never {@code DETACHED}
 * @param groups whether it enters the container's control groups
 * @param first the container's first process; 0 where it has none
 * @param namespaces of that process that are entered, with their numbers
 * @param files of further ones that are entered
 */
public record EnterRequest(
    ContainerPath name,
    ContainerSpec spec,
    List<String> command,
    Attachment attachment,
    boolean groups,
    long first,
    Map<NamespaceKind, Long> namespaces,
    Map<NamespaceKind, String> files) {
  /** Copies. */
  public EnterRequest {
    command = List.copyOf(command);
    namespaces = Map.copyOf(namespaces);
    files = Map.copyOf(files);
  }
}
