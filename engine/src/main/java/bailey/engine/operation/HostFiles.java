package bailey.engine.operation;

import bailey.core.kept.Fact;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks at files of the machine that a launch depends on, and notes what was there ({@link Fact}).
 * What changes between two looks of one answer makes a fact that does not hold. One thread.
 */
final class HostFiles {
  private final Set<Fact> seen = new LinkedHashSet<>();

  /** All that was looked at so far. */
  List<Fact> seen() {
    return List.copyOf(seen);
  }

  /** What is at a path, behind the links that lead on from there. */
  Fact.Kind behind(String path) {
    var kind = kind(path);
    seen.add(new Fact.Place(path, kind, true));
    return kind;
  }

  /** What is at a path itself. */
  Fact.Kind at(String path) {
    var kind = isLink(path) ? Fact.Kind.LINK : kind(path);
    seen.add(new Fact.Place(path, kind, false));
    return kind;
  }

  /** Most are not there, of which this tells without an exception. */
  private static Fact.Kind kind(String path) {
    var file = new File(path);
    return file.exists()
        ? Fact.Kind.of(file.isDirectory(), file.isFile(), false)
        : Fact.Kind.ABSENT;
  }

  private static boolean isLink(String path) {
    try {
      return Files.isSymbolicLink(new File(path).toPath());
    } catch (InvalidPathException _) {
      return false; // a name that this locale cannot express
    }
  }
}
