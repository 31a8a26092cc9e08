package bailey.core.spec;

/** What a container has as its root directory. */
public sealed interface RootRequest {
  /**
   * The machine's own root, copy-on-write: writes vanish with the container, secrets are hidden.
   */
  record Host() implements RootRequest {}

  /** A directory. */
  record Directory(String path) implements RootRequest {}

  /** The machine's own root, copy-on-write. */
  RootRequest HOST = new Host();
}
