package bailey.core.planner;

import bailey.core.container.ContainerPath;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A further command in a container that runs.
 *
 * @param name of the container
 * @param spec what the container is, with identity, environment, directory, capabilities and
 *     terminal as they are to be for this command
 * @param command program and arguments, at least the program
 * @param attachment who looks after the command; never {@code DETACHED}
 * @param first the container's first process
 * @param namespaces of that process which are not the executor's, with their numbers
 * @param userBase first of the ids outside that the container's user namespace got
 * @param tracers whether there may be processes in it that have CAP_SYS_PTRACE in the user
 *     namespace of the executor
 * @param cpus the CPUs that it is placed on, since the container sees these in /proc; empty: it
 *     stays where it is
 */
public record ExecRequest(
    ContainerPath name,
    ContainerSpec spec,
    List<String> command,
    Attachment attachment,
    long first,
    Map<NamespaceKind, Long> namespaces,
    int userBase,
    boolean tracers,
    Optional<String> cpus) {
  /** The same for another spec. */
  ExecRequest with(ContainerSpec other) {
    return new ExecRequest(
        name, other, command, attachment, first, namespaces, userBase, tracers, cpus);
  }

  /** Copies. */
  public ExecRequest {
    command = List.copyOf(command);
    namespaces = Map.copyOf(namespaces);
  }
}
