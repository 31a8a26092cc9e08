package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.container.Subsystem;
import bailey.core.error.BadRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A subsystem that the kernel does not have. Bailey keeps its values beside the container's record,
 * and tells the kernel what they mean by control files of other subsystems: that of a container may
 * depend on what its parent and its siblings have.
 *
 * <p>Its own part is one pure function, {@link #derive}. Whenever a value of it changes, or one of
 * {@link #governs} of the parent, or a container is made, that is asked again, and what it answers
 * is set: what goes down first. A container whose siblings or itself have values of it cannot be
 * set otherwise.
 */
public interface DerivedSubsystem extends Subsystem {
  /** The value of one of its control files where nothing was set. */
  String initial(ControlFile file);

  /**
   * Whether one of its control files says something of the containers in a container, not of that
   * itself: setting it changes nothing for the container and its siblings.
   */
  default boolean isOfChildren(ControlFile file) {
    return false;
  }

  /**
   * The control files of other subsystems that it sets, by their full names: {@code pids.max}. Each
   * is a limit of a controller.
   */
  Set<String> governs();

  /**
   * What the containers in one container are to have.
   *
   * @param parent the container that they are in; for the containers at the top, one that nothing
   *     was set of
   * @param children all containers in it
   * @return by the name of a child, values of {@link #governs}; a child or a control file that is
   *     not there stays as it is
   * @throws BadRequest where the values contradict each other
   */
  Map<String, Map<String, String>> derive(Member parent, List<Member> children);

  /**
   * A container as this subsystem sees it.
   *
   * @param name its last part
   * @param values of its control files, canonical, also those that were not set
   * @param governed the present values of {@link #governs}
   */
  record Member(String name, Map<String, String> values, Map<String, String> governed) {
    /** Copies. */
    public Member {
      values = Map.copyOf(values);
      governed = Map.copyOf(governed);
    }

    /** The value of a control file that is a number. */
    public long number(String control) {
      var value = values.get(control);
      if (value == null) {
        throw new IllegalArgumentException(control + ": no control of this subsystem");
      }
      return Long.parseLong(value);
    }
  }

  @Override
  default Kind kind() {
    return Kind.CONTROLLER;
  }

  @Override
  default Set<Creation> created() {
    return Set.of(Creation.MKDIR);
  }

  @Override
  default Entry entered() {
    return Entry.FREELY;
  }
}
