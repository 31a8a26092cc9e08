package bailey.core.spec;

/** Which namespace of a kind a container gets. */
public sealed interface NamespaceRequest {
  /** One of its own. */
  record New() implements NamespaceRequest {}

  /** That of whoever starts it. */
  record Shared() implements NamespaceRequest {}

  /** The one behind a file such as /proc/1234/ns/net or a bind mount of it. */
  record Joined(String path) implements NamespaceRequest {}

  /** One of its own. */
  NamespaceRequest NEW = new New();

  /** That of whoever starts it. */
  NamespaceRequest SHARED = new Shared();
}
