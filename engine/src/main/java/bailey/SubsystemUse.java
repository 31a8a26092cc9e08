package bailey;

import java.util.List;

/**
 * How a container has a subsystem.
 *
 * @param subsystem its name, such as {@code net} or {@code memory}
 * @param way whether it has state of its own
 * @param with where it is of its own, the containers that share it; else whose it is: a container
 *     by its name, {@link #MACHINE}, or the file of a namespace that was joined
 * @param place where the state is: {@code net:[4026531840]} or the path of a group; empty where
 *     nothing runs that would have it
 */
public record SubsystemUse(String subsystem, Way way, List<String> with, String place) {
  /** Whose subsystem it is where it is that of whoever runs bailey. */
  public static final String MACHINE = "the machine";

  /** Ways to have a subsystem. */
  public enum Way {
    /** It was made for the container. */
    OWN,
    /** It is that of the container or machine around it. */
    SHARED,
    /** It was asked for by name. */
    JOINED
  }

  /** Copies. */
  public SubsystemUse {
    with = List.copyOf(with);
  }
}
