package bailey.core.kernel;

import java.util.Optional;

/** Where calls of the command line come from. Any thread. */
public interface Callers {
  /**
   * The executor that has started this JVM to answer it.
   *
   * @throws bailey.core.error.NotPossibleHere if none has
   */
  Caller starter();

  /** The user whose calls are taken: the effective one of this process. */
  int uid();

  /**
   * Listens for others of this user.
   *
   * @param folder of the socket; it is made, for this user alone, where it is not there
   * @param build what these are told: one of another build does not want this planner
   * @return empty where another planner listens there
   * @throws bailey.core.error.NotPossibleHere if the folder or the socket cannot be made
   */
  Optional<CallSocket> listen(String folder, String build);

  /** Tells those who wait for this process that it will not listen in {@code folder}. */
  void decline(String folder);

  /**
   * From now on keeps plans for calls that come again, and those that were to be kept before.
   *
   * @param folder of this user alone; it is made where it is not there
   * @param build the only one that takes them
   */
  void keepPlans(String folder, String build);

  /** Listens at a socket that another has made and this process was started with. */
  CallSocket inherited(int descriptor, String build);

  /**
   * Has this process leave the control groups of containers that it was started in, which would not
   * get empty as long as it is there.
   *
   * @return whether it is in none
   */
  boolean leaveContainers();

  /** Lets go of memory that is not needed while nobody calls, and comes back when somebody does. */
  void rest();

  /**
   * The kernel for the calls of {@code caller}: with its control groups, environment, directory and
   * itself in place of this process. It lives as long as the caller and need not be closed.
   */
  Kernel kernel(Caller caller);
}
