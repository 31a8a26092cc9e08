package bailey.core.kernel;

import bailey.core.abi.Errno;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of control groups. A group is named by a controller, which tells the hierarchy, and its
 * path from the top of that, without a slash at either end; the top itself is empty. Where several
 * controllers share a hierarchy, each names the same groups.
 *
 * <p>Any thread; what the kernel does at once is done at once, nothing else is.
 */
public interface CgroupFiles {
  /** The name that stands for a v2 hierarchy itself, whatever its controllers. */
  String CORE = "cgroup";

  /**
   * The text of a file, with its last line end.
   *
   * @throws Refused by the kernel
   */
  String read(String controller, String path, String file);

  /**
   * A file for those who read and write it again and again: it stays open, as far as that is
   * cheaper.
   *
   * @throws Refused by the kernel
   */
  default Kept keep(String controller, String path, String file) {
    return new Kept() {
      @Override
      public String read() {
        return CgroupFiles.this.read(controller, path, file);
      }

      @Override
      public void write(String text) {
        CgroupFiles.this.write(controller, path, file, text);
      }

      @Override
      public int descriptor() {
        return -1;
      }

      @Override
      public void close() {
        // nothing stays open
      }
    };
  }

  /** A file that stays open. Any thread. */
  interface Kept extends AutoCloseable {
    /**
     * As {@link CgroupFiles#read}.
     *
     * @throws Refused by the kernel: with ENODEV where its group was removed, whatever is there now
     */
    String read();

    /**
     * As {@link CgroupFiles#write}.
     *
     * @throws Refused by the kernel: with ENODEV where its group was removed, whatever is there now
     */
    void write(String text);

    /** By which this process has it open to read it; negative where it has not. */
    int descriptor();

    @Override
    void close();
  }

  /**
   * Writes {@code text} in one write(2).
   *
   * @throws Refused by the kernel
   */
  void write(String controller, String path, String file, String text);

  /**
   * Makes a group; its parent is there.
   *
   * @throws Refused by the kernel
   */
  void mkdir(String controller, String path);

  /**
   * Removes a group without children and tasks.
   *
   * @throws Refused by the kernel
   */
  void rmdir(String controller, String path);

  /**
   * Whether there is such a group; for those who expect that there is none, which is no refusal.
   *
   * @throws Refused where it cannot be told
   */
  default boolean exists(String controller, String path) {
    try {
      var _ = children(controller, path);
      return true;
    } catch (Refused refused) {
      if (refused.errno().filter(Errno.ENOENT::equals).isPresent()) {
        return false;
      }
      throw refused;
    }
  }

  /**
   * The names of the groups in a group, sorted.
   *
   * @throws Refused by the kernel
   */
  List<String> children(String controller, String path);

  /**
   * The names of the files that a group has.
   *
   * @throws Refused by the kernel
   */
  Set<String> files(String controller, String path);

  /** The kernel's refusal of one operation. */
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final @Nullable Errno errno;

    /**
     * A refusal.
     *
     * @param what was attempted: {@code writing 64M to memory.limit_in_bytes of memory:a/b}
     * @param errno the answer
     */
    public Refused(String what, Errno errno) {
      super(what + " failed: " + errno.sentence());
      this.errno = errno;
    }

    /**
     * A refusal whose number is not known, because only its text reached us, in an unknown
     * language.
     *
     * @param reason that text
     */
    public Refused(String what, String reason) {
      super(what + " failed: " + reason);
      this.errno = null;
    }

    /** The answer, where it is known. */
    public Optional<Errno> errno() {
      return Optional.ofNullable(errno);
    }
  }
}
