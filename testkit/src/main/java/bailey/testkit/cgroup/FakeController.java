package bailey.testkit.cgroup;

/** The state that one controller of the fake kernel keeps for one group. */
interface FakeController {
  /** Gives a new group this controller's state and files. */
  interface Maker {
    FakeController make(FakeGroup group);
  }

  /** A task is about to enter the group; refuses by {@link KernelRefusal}. */
  default void admit() {}

  /** It is turned off in the group: its limits are gone. */
  default void turnedOff() {}
}
