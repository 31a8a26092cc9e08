package bailey.linux.proc;

import java.util.HashSet;
import java.util.Set;

/**
 * The types of file systems that the kernel has now, from /proc/filesystems (filesystems(5)).
 *
 * @param names without the mark {@code nodev}
 */
public record FileSystemTypes(Set<String> names) {
  /** Copies. */
  public FileSystemTypes {
    names = Set.copyOf(names);
  }

  /** Of the text of the file: the type is the last word of a line. */
  public static FileSystemTypes parse(String text) {
    var names = new HashSet<String>();
    for (var line : KernelFile.lines(text)) {
      var words = KernelFile.words(line);
      if (!words.isEmpty()) {
        names.add(words.getLast());
      }
    }
    return new FileSystemTypes(names);
  }
}
