package bailey.core.spec;

import bailey.core.error.BadRequest;

/** Something mounted into a container, besides what every container has. */
public sealed interface MountRequest {
  /** Where it is to be: an absolute path inside of the container. */
  String destination();

  /** A file or directory of the machine. */
  record Bind(String source, String destination, boolean readOnly) implements MountRequest {
    /** Checks the paths. */
    public Bind {
      absolute("--bind", source);
      absolute("--bind", destination);
    }
  }

  /**
   * An empty directory in memory; {@code size} in bytes, 0 for the kernel's default (half of
   * memory).
   */
  record Tmpfs(String destination, long size) implements MountRequest {
    /** Checks the path. */
    public Tmpfs {
      absolute("--tmpfs", destination);
    }
  }

  private static void absolute(String option, String path) {
    if (!path.startsWith("/")) {
      throw new BadRequest(option + ": " + path + " is not an absolute path; it must start with /");
    }
    for (var part : path.split("/", -1)) {
      if (part.equals("..")) {
        throw new BadRequest(option + ": " + path + " contains ..; write the path without it");
      }
    }
  }
}
