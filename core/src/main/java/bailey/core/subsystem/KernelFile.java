package bailey.core.subsystem;

/**
 * A file of the kernel in a group's directory.
 *
 * @param controller the kernel's controller, or {@link Controller#CORE}: tells the hierarchy
 * @param name the file's name: {@code memory.limit_in_bytes}
 */
public record KernelFile(String controller, String name) {
  @Override
  public String toString() {
    return name;
  }
}
