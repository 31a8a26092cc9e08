package bailey;

import bailey.core.container.ContainerPath;
import bailey.core.container.View;
import bailey.engine.operation.Controls;
import bailey.engine.operation.InsideOperation;
import bailey.engine.operation.Machine;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A container with a boundary as the guest in it sees it, for those who do from outside what it
 * asks: its names and numbers, its rights. Any thread.
 */
public final class Inside {
  private final Machine machine;
  private final ContainerPath boundary;
  private final InsideOperation operation;

  Inside(Machine machine, ContainerPath boundary) {
    this.machine = machine;
    this.boundary = boundary;
    this.operation = new InsideOperation(machine, boundary);
  }

  /**
   * The user outside whom its root is.
   *
   * @throws bailey.core.error.NotPossibleHere if it has no boundary
   */
  public int owner() {
    return operation.owner();
  }

  /** What holds of a control file: of a limit the lower of both sides' values. */
  public String get(String control) {
    return new Controls(machine).get(boundary, control, Optional.empty());
  }

  /** The guest's own value of a limit. */
  public String own(String control) {
    return new Controls(machine).get(boundary, control, Optional.of(View.INTERNAL));
  }

  /** Sets that. What holds is never more than what was set from outside. */
  public void set(String control, String value) {
    var _ = new Controls(machine).set(boundary, control, value, View.INTERNAL);
  }

  /**
   * Makes a container with groups of its own.
   *
   * @param parent the name inside of the container that it is to be in; empty: in none
   * @param name one component
   * @throws bailey.core.error.ContainerBusy if the name is in use
   */
  public void make(Optional<String> parent, String name) {
    operation.make(operation.path(parent), name);
  }

  /**
   * Removes one in which there are neither processes nor containers.
   *
   * @throws bailey.core.error.ContainerBusy if there are
   */
  public void remove(String name) {
    operation.remove(operation.path(Optional.of(name)));
  }

  /**
   * Puts processes of the guest into a container of its, all or none.
   *
   * @param name inside
   * @param caller the process that asks, as this process sees it, which 0 stands for
   * @param numbers as the guest sees them
   */
  public void attach(String name, long caller, long... numbers) {
    operation.attach(
        operation.path(Optional.of(name)), Arrays.stream(numbers).boxed().toList(), caller);
  }

  /**
   * The processes in a container of its, or outside of those, as far as they are in its own pid
   * namespace, by the numbers that it sees.
   */
  public List<Long> processNumbers(Optional<String> name) {
    return operation.numbers(operation.path(name));
  }
}
