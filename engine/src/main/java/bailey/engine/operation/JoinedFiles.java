package bailey.engine.operation;

import bailey.core.error.BadRequest;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Looks at the files of namespaces that a container is to join. */
final class JoinedFiles {
  private JoinedFiles() {}

  /**
   * The spec, with those shared that this process is in itself: to enter its own user namespace the
   * kernel refuses to everybody, and to enter others of its own to an ordinary user (setns(2)).
   *
   * @throws BadRequest if a file cannot be one of a namespace
   */
  static ContainerSpec resolve(ContainerSpec spec) {
    var resolved = spec;
    for (var kind : NamespaceKind.values()) {
      if (spec.namespace(kind) instanceof NamespaceRequest.Joined(String path)
          && isOwn(kind, path)) {
        resolved = resolved.toBuilder().namespace(kind, NamespaceRequest.SHARED).build();
      }
    }
    return resolved;
  }

  private static boolean isOwn(NamespaceKind kind, String path) {
    Map<String, Object> found;
    try {
      found = Files.readAttributes(Path.of(path), "unix:dev,ino,isRegularFile");
    } catch (NoSuchFileException _) {
      throw refused(kind, path, "does not exist");
    } catch (IOException | InvalidPathException _) {
      return false; // the kernel says why when it is to be entered
    }
    if (!Boolean.TRUE.equals(found.get("isRegularFile"))) {
      throw refused(kind, path, "is no namespace");
    }
    try {
      var own =
          Files.readAttributes(
              Path.of("/proc/self/ns/" + kind.fileForChildren()), "unix:dev,ino,isRegularFile");
      return own.equals(found);
    } catch (IOException _) {
      return false; // a kernel without such namespaces
    }
  }

  private static BadRequest refused(NamespaceKind kind, String path, String why) {
    return new BadRequest(
        "--join: "
            + path
            + " "
            + why
            + "; name a container, or a file such as /proc/PID/ns/"
            + kind.file());
  }
}
