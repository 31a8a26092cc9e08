package bailey.oci.runtime;

import bailey.core.abi.KernelText;
import bailey.core.error.BadRequest;
import bailey.core.kept.Fact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files of the machine that a bundle's plan stands on: whatever such a plan depends on is
 * looked at through this, which notes what was there ({@link Fact}). Each is looked at once. One
 * thread.
 */
final class Ground {
  private final Set<Fact> seen = new LinkedHashSet<>();
  private final Map<Path, Optional<Path>> directories = new HashMap<>();

  /** All that was looked at so far. */
  List<Fact> seen() {
    return List.copyOf(seen);
  }

  /**
   * The bytes of a file.
   *
   * @throws BadRequest if it is not there, or cannot be read
   */
  byte[] bytes(Path file) {
    try {
      return read(file);
    } catch (NoSuchFileException e) {
      throw new BadRequest(
          file + ": there is no such file; name the directory of a bundle by --bundle", e);
    } catch (IOException e) {
      throw new BadRequest(
          file + " cannot be read: " + e.getMessage() + "; make it readable for this user", e);
    }
  }

  private byte[] read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    seen.add(new Fact.Text(file.toString(), KernelText.decode(bytes, 0, bytes.length)));
    return bytes;
  }

  /** Notes something that was seen in another way. */
  void saw(Fact fact) {
    seen.add(fact);
  }

  /** The text of a file, a character for each byte; empty where it cannot be read. */
  String text(Path file) {
    try {
      return new String(read(file), StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }

  /** The path of a directory without links; empty where there is none. */
  Optional<Path> directory(Path path) {
    return directories.computeIfAbsent(path, this::realDirectory);
  }

  private Optional<Path> realDirectory(Path path) {
    try {
      var real = path.toRealPath();
      if (Files.isDirectory(real)) {
        seen.add(new Fact.Directory(path.toString(), real.toString()));
        return Optional.of(real);
      }
    } catch (IOException _) { // there is none
    }
    return Optional.empty();
  }

  /** What is at a path, behind the links that lead on from there. */
  Fact.Kind behind(Path path) {
    return place(path, true);
  }

  /** What is at a path itself. */
  Fact.Kind at(Path path) {
    return place(path, false);
  }

  private Fact.Kind place(Path path, boolean followed) {
    var kind = Fact.Kind.ABSENT;
    try {
      var found =
          followed
              ? Files.readAttributes(path, BasicFileAttributes.class)
              : Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      kind = Fact.Kind.of(found.isDirectory(), found.isRegularFile(), found.isSymbolicLink());
    } catch (IOException _) { // nothing is there
    }
    seen.add(new Fact.Place(path.toString(), kind, followed));
    return kind;
  }

  /** Whether what is at a path is in a proc file system. */
  boolean isProc(Path path) {
    boolean proc = false;
    try {
      proc = Files.getFileStore(path).type().equals("proc");
    } catch (IOException _) { // nothing is there
    }
    seen.add(new Fact.Proc(path.toString(), proc));
    return proc;
  }
}
