package bailey.cli.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Which build of bailey, on which JDK, this is: by number, size and time of two files that a build
 * and a change of the JDK make anew. The executor computes the same (identify() in client.h).
 */
final class Build {
  private static final List<String> FILES = List.of("launch", "release");
  private static final long FIRST = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Build() {}

  /** Of the files in {@code lib}; of one that is not there, nothing counts. */
  static String of(Path lib) {
    long hash = FIRST;
    for (var name : FILES) {
      var file = lib.resolve(name);
      try {
        var found = Files.readAttributes(file, "unix:ino,size,lastModifiedTime");
        if (found.get("ino") instanceof Long inode
            && found.get("size") instanceof Long size
            && found.get("lastModifiedTime") instanceof FileTime time) {
          long nanos = time.to(TimeUnit.NANOSECONDS);
          hash = mix(hash, inode, size);
          hash =
              mix(hash, Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
        }
      } catch (IOException _) {
        hash = mix(mix(hash, 0, 0), 0, 0);
      }
    }
    var hex = Long.toHexString(hash);
    return "0".repeat(16 - hex.length()) + hex;
  }

  private static long mix(long hash, long one, long other) {
    return mix(mix(hash, one), other);
  }

  /** FNV-1a. */
  private static long mix(long hash, long value) {
    long mixed = hash;
    for (int i = 0; i < 8; i++) {
      mixed = (mixed ^ (value >>> (8 * i) & 0xff)) * PRIME;
    }
    return mixed;
  }
}
