package bailey.core.container;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A kind of state that a container has: a controller (what its tasks may use) or a namespace (what
 * they can see). Both are one type; the differences are answers to the questions below.
 *
 * <p>An instance is a constant without state of its own: any thread may use it.
 */
public interface Subsystem {
  /** The kernel's word, which prefixes the control files: {@code memory}, {@code pid}. */
  String name();

  /** Controller or namespace. */
  Kind kind();

  /** How an instance of its state comes to be; at least one way. */
  Set<Creation> created();

  /** Whether a task that runs already may enter. */
  Entry entered();

  /** Whether a container can show it to its tasks as if it were a machine of its own. */
  default boolean virtualisable() {
    return true;
  }

  /** What a container with this state may do when its last task leaves. */
  default Set<OnEmpty> onEmpty() {
    return EnumSet.allOf(OnEmpty.class);
  }

  /** Its control files, each name prefixed with {@link #name()} and a dot. */
  List<ControlFile> controlFiles();

  /**
   * The control file of that full name, or of another name that it is known by: the name that it
   * has is {@link ControlFile#name}.
   */
  default Optional<ControlFile> controlFile(String fullName) {
    return controlFiles().stream().filter(file -> file.name().equals(fullName)).findFirst();
  }

  /** Controller or namespace. */
  enum Kind {
    /** What tasks may use. */
    CONTROLLER,
    /** What tasks can see. */
    NAMESPACE
  }

  /** How state comes to be. */
  enum Creation {
    /** By making a container, before any task is in it. */
    MKDIR,
    /** By starting a task (clone3(2)) or by one that gives itself new state (unshare(2)). */
    CLONE
  }

  /** Whether a task that runs already may enter. */
  enum Entry {
    /** At any time, and any task may be moved: its state there is volatile. */
    FREELY,
    /** By a system call of its own (setns(2)); nobody else can move it. */
    ITSELF,
    /** No, but a new task may be started in it. */
    BY_NEW_TASK,
    /** Neither a running task nor a new one from outside. */
    NEVER
  }
}
