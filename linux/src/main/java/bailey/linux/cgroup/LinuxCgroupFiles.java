package bailey.linux.cgroup;

import bailey.core.abi.Errno;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.CgroupVersion;
import bailey.core.subsystem.CgroupFeatures;
import bailey.linux.proc.KernelFile;
import bailey.linux.sys.KeptFile;
import bailey.linux.sys.SystemCallRefused;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Control group files where a {@link CgroupLayout} says that they are. The JDK gives the kernel's
 * answers as the C library's texts; they are turned back into numbers.
 */
public final class LinuxCgroupFiles implements CgroupFiles {
  private static final Map<String, Errno> ERRNOS = errnos();

  /**
   * An empty file is not written to at all: write(2) of nothing does not reach the kernel's file.
   */
  private static final byte[] NOTHING = {'\n'};

  /** Links of a directory without directories in it: its name, and its own. */
  private static final int ALONE = 2;

  private final CgroupLayout layout;

  /** Files of the hierarchies of {@code layout}. */
  public LinuxCgroupFiles(CgroupLayout layout) {
    this.layout = layout;
  }

  /**
   * What these control groups offer.
   *
   * @param pageSize bytes in a page of this machine
   * @param sample a group whose files tell which files there are: any but the top, which has others
   */
  public CgroupFeatures features(long pageSize, String sample) {
    var known = new HashMap<String, Set<String>>();
    for (var controller : layout.mounts().keySet()) {
      sampled(known, controller, sample);
    }
    if (layout.unified().isPresent()) {
      sampled(known, CORE, sample);
      var files = known.getOrDefault(CORE, Set.of());
      for (var controller : layout.unifiedControllers()) {
        // A controller that is not enabled above the sample has no files there, which says nothing.
        if (files.stream().anyMatch(file -> belongs(file, controller))) {
          known.put(controller, files);
        }
      }
    }
    return CgroupFeatures.of(layout, pageSize, known);
  }

  private void sampled(Map<String, Set<String>> known, String controller, String sample) {
    if (new File(directory(controller, sample)).isDirectory()) {
      known.put(controller, files(controller, sample));
    }
  }

  /** cpu.stat and the pressure files are there without any controller. */
  private static boolean belongs(String file, String controller) {
    return file.startsWith(controller + ".")
        && !file.startsWith("cpu.stat")
        && !file.endsWith(".pressure");
  }

  @Override
  public String read(String controller, String path, String file) {
    try {
      return KernelFile.text(directory(controller, path) + "/" + file);
    } catch (IOException e) {
      throw refused("reading " + file + " of " + group(controller, path), e);
    }
  }

  @Override
  public Kept keep(String controller, String path, String file) {
    var what = file + " of " + group(controller, path);
    try {
      return new KeptCgroupFile(what, KeptFile.open(directory(controller, path) + "/" + file));
    } catch (SystemCallRefused e) {
      throw refused("opening " + what, e);
    }
  }

  private record KeptCgroupFile(String what, KeptFile file) implements Kept {
    @Override
    public String read() {
      try {
        return file.read();
      } catch (SystemCallRefused e) {
        throw refused("reading " + what, e);
      }
    }

    @Override
    public void write(String text) {
      try {
        file.write(bytes(text));
      } catch (SystemCallRefused e) {
        throw refused("writing " + text + " to " + what, e);
      }
    }

    @Override
    public int descriptor() {
      return file.descriptor();
    }

    @Override
    public void close() {
      file.close();
    }
  }

  private static Refused refused(String what, SystemCallRefused e) {
    return Arrays.stream(Errno.values())
        .filter(errno -> errno.number() == e.errno())
        .findFirst()
        .map(errno -> new Refused(what, errno))
        .orElseGet(() -> new Refused(what, Errno.sentence(e.errno())));
  }

  @Override
  public void write(String controller, String path, String file, String text) {
    var what = "writing " + text + " to " + file + " of " + group(controller, path);
    var target = new File(directory(controller, path), file);
    if (!target.exists()) { // opening it would try to create it, and say EACCES
      throw new Refused(what, Errno.ENOENT);
    }
    try (var out = new FileOutputStream(target)) {
      out.write(bytes(text));
    } catch (IOException e) {
      throw refused(what, e);
    }
  }

  private static byte[] bytes(String text) {
    return text.isEmpty() ? NOTHING : text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void mkdir(String controller, String path) {
    try {
      Files.createDirectory(new File(directory(controller, path)).toPath());
    } catch (IOException e) {
      throw refused("making " + group(controller, path), e);
    }
  }

  @Override
  public void rmdir(String controller, String path) {
    try {
      Files.delete(new File(directory(controller, path)).toPath());
    } catch (IOException e) {
      throw refused("removing " + group(controller, path), e);
    }
  }

  @Override
  public boolean exists(String controller, String path) {
    return new File(directory(controller, path)).isDirectory();
  }

  @Override
  public List<String> children(String controller, String path) {
    if (links(controller, path) == ALONE) {
      return List.of();
    }
    return Arrays.stream(entries(controller, path))
        .filter(File::isDirectory)
        .map(File::getName)
        .sorted()
        .toList();
  }

  /**
   * How many links a group's directory has, which counts those in it (kernfs_refresh_inode()): most
   * have none, and need not be listed with all their files.
   */
  private int links(String controller, String path) {
    try {
      var links = Files.getAttribute(new File(directory(controller, path)).toPath(), "unix:nlink");
      return links instanceof Integer number ? number : 0;
    } catch (IOException _) {
      throw new Refused("listing " + group(controller, path), Errno.ENOENT);
    }
  }

  @Override
  public Set<String> files(String controller, String path) {
    if (links(controller, path) == ALONE) { // nothing but files
      return new TreeSet<>(List.of(names(controller, path)));
    }
    var names = new TreeSet<String>();
    for (var entry : entries(controller, path)) {
      if (!entry.isDirectory()) {
        names.add(entry.getName());
      }
    }
    return names;
  }

  private File[] entries(String controller, String path) {
    var directory = directory(controller, path);
    return Arrays.stream(names(controller, path))
        .map(name -> new File(directory, name))
        .toArray(File[]::new);
  }

  private String[] names(String controller, String path) {
    var names = new File(directory(controller, path)).list();
    if (names == null) {
      throw new Refused("listing " + group(controller, path), Errno.ENOENT);
    }
    return names;
  }

  private String directory(String controller, String path) {
    var mount = layout.mounts().get(controller);
    if (mount == null) {
      boolean here =
          controller.equals(CORE)
              || layout
                  .version(controller, controller)
                  .filter(CgroupVersion.V2::equals)
                  .isPresent();
      if (!here || layout.unified().isEmpty()) {
        throw new Refused("finding the controller " + controller, Errno.ENODEV);
      }
      mount = layout.unified().get();
    }
    return path.isEmpty() ? mount : mount + "/" + path;
  }

  private static String group(String controller, String path) {
    return controller + ":/" + path;
  }

  private static Refused refused(String what, IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> new Refused(what, Errno.ENOENT);
      case FileAlreadyExistsException _ -> new Refused(what, Errno.EEXIST);
      case DirectoryNotEmptyException _ -> new Refused(what, Errno.ENOTEMPTY);
      case AccessDeniedException _ -> new Refused(what, Errno.EACCES);
      case FileSystemException nio -> byText(what, String.valueOf(nio.getReason()));
      default -> byText(what, String.valueOf(e.getMessage()));
    };
  }

  /** {@code Invalid argument}, or {@code PATH (Invalid argument)} where a stream was opened. */
  private static Refused byText(String what, String message) {
    int open = message.lastIndexOf('(');
    var text = message.endsWith(")") ? message.substring(open + 1, message.length() - 1) : message;
    var errno = ERRNOS.get(text.toLowerCase(Locale.ROOT));
    return errno == null ? new Refused(what, message) : new Refused(what, errno);
  }

  /** By the C library's text, in small letters, which is that of {@link Errno#sentence()}. */
  private static Map<String, Errno> errnos() {
    var errnos = new HashMap<String, Errno>();
    for (var errno : Errno.values()) {
      var sentence = errno.sentence();
      errnos.put(sentence.substring(sentence.indexOf('(') + 1, sentence.length() - 1), errno);
    }
    return errnos;
  }
}
