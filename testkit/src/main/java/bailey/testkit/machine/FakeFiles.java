package bailey.testkit.machine;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.kernel.CgroupFiles;
import bailey.testkit.machine.OpenFile.Nothing;
import bailey.testkit.machine.OpenFile.OfGroup;
import bailey.testkit.machine.OpenFile.OnDisk;
import bailey.testkit.machine.OpenFile.Refused;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The files of the fake machine: those below one directory are real, those below a mount point of
 * control groups are groups, whatever else is asked for is there and says nothing.
 */
final class FakeFiles {
  private final String real;
  private final CgroupFiles groups;
  private final Supplier<Map<String, String>> hierarchies;
  private final FakeLocks locks;
  private boolean full;

  /**
   * Files.
   *
   * @param real the directory below which files are real
   * @param hierarchies the mount point of each controller, now
   */
  FakeFiles(
      Path real, CgroupFiles groups, Supplier<Map<String, String>> hierarchies, FakeLocks locks) {
    this.real = real.toString() + "/";
    this.groups = groups;
    this.hierarchies = hierarchies;
    this.locks = locks;
  }

  /** Whether the disk has no more space for new files. */
  void fill(boolean on) {
    full = on;
  }

  private record Place(String controller, String path) {}

  private Optional<Place> group(String path) {
    return hierarchies.get().entrySet().stream()
        .filter(mount -> path.startsWith(mount.getValue() + "/"))
        .max(Map.Entry.comparingByValue())
        .map(mount -> new Place(mount.getKey(), path.substring(mount.getValue().length() + 1)));
  }

  OpenFile open(String path, long flags) {
    var group = group(path);
    return group.isEmpty() && path.startsWith(real)
        ? onDisk(path, flags)
        : group.map(this::ofGroup).orElseGet(Nothing::new);
  }

  private OpenFile ofGroup(Place place) {
    if (isGroup(place.controller(), place.path())) {
      return new OfGroup(groups, place.controller(), place.path(), "cgroup.procs");
    }
    int slash = place.path().lastIndexOf('/');
    String group = place.path().substring(0, Math.max(0, slash));
    // v1 has both, and processes of the fake have one thread
    String file = place.path().substring(slash + 1).replaceFirst("^tasks$", "cgroup.procs");
    try {
      if (groups.files(place.controller(), group).contains(file)) {
        return new OfGroup(groups, place.controller(), group, file);
      }
    } catch (CgroupFiles.Refused refused) {
      throw new Refused(refused.errno().orElse(Errno.EIO));
    }
    throw new Refused(Errno.ENOENT);
  }

  private boolean isGroup(String controller, String path) {
    try {
      groups.children(controller, path);
      return true;
    } catch (CgroupFiles.Refused _) {
      return false;
    }
  }

  private OpenFile onDisk(String path, long flags) {
    var options = new HashSet<OpenOption>();
    boolean writes = (flags & (OpenFlags.O_WRONLY | OpenFlags.O_RDWR)) != 0;
    if ((flags & OpenFlags.O_WRONLY) == 0) {
      options.add(StandardOpenOption.READ);
    }
    if (writes) {
      options.add(StandardOpenOption.WRITE);
    }
    if ((flags & OpenFlags.O_CREAT) != 0) {
      if (full && !Files.exists(Path.of(path))) {
        throw new Refused(Errno.ENOSPC);
      }
      boolean exclusive = (flags & OpenFlags.O_EXCL) != 0;
      options.add(exclusive ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
    }
    if ((flags & OpenFlags.O_TRUNC) != 0) {
      options.add(StandardOpenOption.TRUNCATE_EXISTING);
    }
    try {
      return new OnDisk(path, FileChannel.open(Path.of(path), options), locks);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  private static Refused refused(IOException e) {
    return new Refused(
        switch (e) {
          case NoSuchFileException _ -> Errno.ENOENT;
          case FileAlreadyExistsException _ -> Errno.EEXIST;
          case DirectoryNotEmptyException _ -> Errno.ENOTEMPTY;
          default -> Errno.EIO;
        });
  }

  private interface Change {
    void make() throws IOException;
  }

  private static long changed(Change change) {
    try {
      change.make();
      return 0;
    } catch (IOException e) {
      throw refused(e);
    } catch (CgroupFiles.Refused refused) {
      throw new Refused(refused.errno().orElse(Errno.EIO));
    }
  }

  /** Whether a real file is there: 0. */
  long access(String path) {
    if (path.startsWith(real) && !Files.exists(Path.of(path))) {
      throw new Refused(Errno.ENOENT);
    }
    return 0;
  }

  long mkdir(String path) {
    var group = group(path);
    if (group.isEmpty() && path.startsWith(real)) {
      if (full) {
        throw new Refused(Errno.ENOSPC);
      }
      return changed(() -> Files.createDirectory(Path.of(path)));
    }
    return group.map(g -> changed(() -> groups.mkdir(g.controller(), g.path()))).orElse(0L);
  }

  long unlink(String path, boolean directory) {
    var group = group(path);
    if (group.isEmpty() && path.startsWith(real)) {
      return changed(() -> Files.delete(Path.of(path)));
    }
    return directory
        ? group.map(g -> changed(() -> groups.rmdir(g.controller(), g.path()))).orElse(0L)
        : 0;
  }

  /** A group and all in it. */
  void removeGroups(String path) {
    group(path).ifPresent(g -> removeGroups(g.controller(), g.path()));
  }

  private void removeGroups(String controller, String path) {
    try {
      for (var child : groups.children(controller, path)) {
        removeGroups(controller, path + "/" + child);
      }
      groups.rmdir(controller, path);
    } catch (CgroupFiles.Refused _) {
      // not there, or busy
    }
  }

  long rename(String from, String to) {
    return from.startsWith(real)
        ? changed(() -> Files.move(Path.of(from), Path.of(to), StandardCopyOption.ATOMIC_MOVE))
        : 0;
  }
}
