package bailey.core.subsystem;

/**
 * One write(2) to a file in a group's directory.
 *
 * @param controller the kernel's controller, or {@link Controller#CORE}: tells the hierarchy
 * @param file the file's name: {@code memory.limit_in_bytes}
 * @param text what is written, without a line end
 */
public record KernelWrite(String controller, String file, String text) {
  /** What is written to. */
  public KernelFile target() {
    return new KernelFile(controller, file);
  }
}
