package bailey.core.kernel;

import bailey.core.spec.NamespaceKind;

/**
 * One thing that keeps a namespace in being (namespaces(7), "Namespace lifetime").
 *
 * @param kind of the namespace
 * @param inode its number, which no other namespace has at the same time
 * @param holder what keeps it
 */
public record NamespaceHold(NamespaceKind kind, long inode, Holder holder) {
  /** What can keep a namespace. */
  public sealed interface Holder {
    /**
     * A process that is in it.
     *
     * @param pid as this process sees it
     * @param command the name of its program
     */
    record Member(long pid, String command) implements Holder {}

    /**
     * An open descriptor.
     *
     * @param pid of the process that has it
     * @param number of the descriptor there
     */
    record Descriptor(long pid, int number) implements Holder {}

    /**
     * A bind mount of its file.
     *
     * @param path where it is mounted
     */
    record Mount(String path) implements Holder {}
  }
}
