package bailey.engine.journal;

import bailey.core.container.ContainerPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which containers are recorded in directories: of those with many the names are kept for as long
 * as the directory says that it is the same. Any thread.
 */
final class NameLists {
  /** Of so few it is no work to look again. */
  private static final int FEW = 64;

  private static final int MOST = 16;

  /**
   * Links of a directory without directories in it: its name, and its own. Some file systems do not
   * count them, and say 1 (btrfs, overlayfs).
   */
  private static final int ALONE = 2;

  /**
   * A directory may change again in the same tick of the clock that its times are taken from, and
   * say nothing of it: only what was older than a tick when it was listed is the same as it was.
   */
  private static final long TICK_MILLIS = 20;

  private final Map<ContainerPath, Listed> lists = new ConcurrentHashMap<>();

  private record Listed(Map<String, Object> directory, List<ContainerPath> names) {}

  /** The names in a directory, sorted; none where it is gone. */
  List<ContainerPath> in(ContainerPath name, Path directory) {
    try {
      long now = System.currentTimeMillis();
      var seen = identity(directory);
      if (Integer.valueOf(ALONE).equals(seen.get("nlink"))) {
        return List.of();
      }
      var known = lists.get(name);
      if (known != null && known.directory.equals(seen)) {
        return known.names;
      }
      var names = names(name, directory);
      lists.remove(name);
      if (names.size() >= FEW && isSettled(seen, now)) {
        keep(name, new Listed(seen, names));
      }
      return names;
    } catch (NoSuchFileException | NotDirectoryException _) {
      lists.remove(name);
      return List.of(); // removed meanwhile, or no container
    } catch (IOException e) {
      throw StateDirectory.failure("listing", directory, e);
    }
  }

  /** What tells a file from what it was before it changed. */
  static Map<String, Object> identity(Path path) throws IOException {
    return Files.readAttributes(path, "unix:ino,ctime,nlink", LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether a file that looked so at a time cannot have changed since and look the same. */
  static boolean isSettled(Map<String, Object> identity, long millis) {
    return identity.get("ctime") instanceof FileTime changed
        && changed.toMillis() < millis - TICK_MILLIS;
  }

  private void keep(ContainerPath name, Listed listed) {
    if (lists.size() >= MOST) {
      lists.clear();
    }
    lists.put(name, listed);
  }

  private static List<ContainerPath> names(ContainerPath name, Path directory) throws IOException {
    var names = new ArrayList<ContainerPath>();
    String above = name.isRoot() ? "" : name.directory() + "/";
    try (var entries = Files.newDirectoryStream(directory, "{c,b}-*")) {
      for (var entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          ContainerPath.ofDirectory(above + entry.getFileName()).ifPresent(names::add);
        }
      }
    }
    names.sort(null);
    return List.copyOf(names);
  }
}
