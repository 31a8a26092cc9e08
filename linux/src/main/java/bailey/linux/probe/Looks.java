package bailey.linux.probe;

import bailey.linux.proc.KernelFile;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at the machine's files, with what was seen, so that it can be seen whether they would tell
 * the same again. One thread, until nothing is added any more.
 */
final class Looks {
  private sealed interface Look {
    boolean same();
  }

  private record Text(String path, Optional<String> text) implements Look {
    @Override
    public boolean same() {
      return KernelFile.read(path).equals(text);
    }
  }

  private record Writable(String path, boolean is) implements Look {
    @Override
    public boolean same() {
      return new File(path).canWrite() == is;
    }
  }

  private record Executable(String path, boolean is) implements Look {
    @Override
    public boolean same() {
      return new File(path).canExecute() == is;
    }
  }

  private record Exists(String path, boolean is) implements Look {
    @Override
    public boolean same() {
      return new File(path).exists() == is;
    }
  }

  private record Names(String path, Set<String> names) implements Look {
    @Override
    public boolean same() {
      return listed(path).equals(names);
    }
  }

  private final List<Look> looks = new ArrayList<>();

  /** The text of a file, empty if it cannot be read. */
  String text(String path) {
    var text = KernelFile.read(path);
    looks.add(new Text(path, text));
    return text.orElse("");
  }

  /** Whether this process may write to a file, or make entries in a directory. */
  boolean writable(String path) {
    boolean is = new File(path).canWrite(); // access(2), which knows read-only mounts
    looks.add(new Writable(path, is));
    return is;
  }

  /** Whether this process may execute a file. */
  boolean executable(String path) {
    boolean is = new File(path).canExecute();
    looks.add(new Executable(path, is));
    return is;
  }

  /** Whether something is at a path. */
  boolean exists(String path) {
    boolean is = new File(path).exists();
    looks.add(new Exists(path, is));
    return is;
  }

  /** That the names in a directory, if it is one, are to be the same. */
  void names(List<String> paths) {
    for (var path : paths) {
      looks.add(new Names(path, listed(path)));
    }
  }

  private static Set<String> listed(String path) {
    var names = new File(path).list();
    return names == null ? Set.of() : Set.of(names);
  }

  /** Whether all of them would see now what they saw. */
  boolean same() {
    for (var look : looks) {
      if (!look.same()) {
        return false;
      }
    }
    return true;
  }
}
