package bailey.core.planner;

import bailey.core.plan.Register;
import bailey.core.plan.Steps;
import org.jspecify.annotations.Nullable;

/**
 * How a container's first process gets from the machine's root directory to its own. In this order:
 * it opens what it takes from the machine, {@link #leave leaves} that, mounts what the kernel
 * serves anew, and {@link #enter enters} its root. Why there are two ways:
 * docs/decisions/0026-empty-mounts.md.
 */
sealed interface RootChange permits PivotRoot, EmptyRoot {
  /** A directory where a root can be put together. */
  String place();

  /** Before anything of the machine is opened. */
  void begin(Steps steps);

  /** Keeps what is mounted in a tree of the machine's apart from what is mounted there. */
  void part(Steps steps, String path, Register tree);

  /** Opens the machine's root, for {@link #lower}. */
  void openLower(Steps steps);

  /** Everything of the machine is open. */
  void leave(Steps steps);

  /** The path of the machine's root as the lower layer of a copy. */
  String lower(Steps steps);

  /** The copy is mounted. */
  void lowered(Steps steps);

  /**
   * Mounts a file system at {@link #place} or a place like it, and opens a handle {@code name}, to
   * attach it by.
   */
  void fresh(Steps steps, String name, String type, long flags, @Nullable String data);

  /** Makes a tree the root directory, and closes its handle. */
  void enter(Steps steps, String path, Register tree);

  /** Makes the working directory, where a file system is mounted, the root directory. */
  void enterHere(Steps steps);

  /** Both do this: nobody sees what is mounted there, and it can be attached by its handle. */
  static void mount(
      Steps steps, String name, String type, String place, long flags, @Nullable String data) {
    steps.mount("mounting " + type + " for /" + name, type, place, type, flags, data);
  }
}
