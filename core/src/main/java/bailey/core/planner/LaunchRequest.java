package bailey.core.planner;

import bailey.core.container.ContainerPath;
import bailey.core.spec.ContainerSpec;
import java.util.List;
import java.util.Optional;

/**
 * All that a launch needs to know besides the kernel.
 *
 * @param name of the container
 * @param spec what it is to be
 * @param command program and arguments, at least the program
 * @param attachment who looks after it
 * @param state where it is recorded
 * @param intent the text of its record, written before anything is made
 * @param made whether name, record and cgroups exist already, so that the launch must not make them
 * @param host what is known of the machine's files
 * @param userBase first of the 65536 ids outside that a user namespace of its own gets
 * @param reporter for the foreground: program and arguments that print the report of the end, done
 *     in place of an exit where a limit ended the container, or always where {@code alwaysReport}
 * @param alwaysReport whether the report is wanted whatever happened
 * @param emptyMounts whether a descriptor of an empty mount namespace ({@link EmptyMountsPlanner})
 *     can be sent with the plan; it is, where the plan wants one more than the command's streams
 * @param view what it is shown of itself in /proc; empty: it sees the machine's
 */
public record LaunchRequest(
    ContainerPath name,
    ContainerSpec spec,
    List<String> command,
    Attachment attachment,
    StateFiles state,
    String intent,
    boolean made,
    HostView host,
    int userBase,
    List<String> reporter,
    boolean alwaysReport,
    boolean emptyMounts,
    Optional<ProcView> view) {
  /** Who looks after a container. */
  public enum Attachment {
    /**
     * A resident executor, for a program that uses bailey as a library: it sends three descriptors.
     */
    RESIDENT,
    /** The executor in which the command line ends: it stays in the foreground. */
    FOREGROUND,
    /** A process of its own, which lives as long as the container. */
    DETACHED
  }

  /** Copies. */
  public LaunchRequest {
    command = List.copyOf(command);
    reporter = List.copyOf(reporter);
  }

  /** The same for another spec. */
  LaunchRequest with(ContainerSpec other) {
    return new LaunchRequest(
        name,
        other,
        command,
        attachment,
        state,
        intent,
        made,
        host,
        userBase,
        reporter,
        alwaysReport,
        emptyMounts,
        view);
  }
}
