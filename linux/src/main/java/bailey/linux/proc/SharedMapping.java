package bailey.linux.proc;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * A line of /proc/PID/maps (proc_pid_maps(5)) of memory that is shared: with whoever maps the same
 * file, which may have no name but that of its number.
 *
 * @param writable whether the process may write to it
 * @param device of the file, major * 2^32 + minor
 * @param inode of the file there
 * @param path as the kernel has it, such as {@code /dev/zero (deleted)}
 */
public record SharedMapping(boolean writable, long device, long inode, String path) {
  /** Address, permissions, offset, device, inode. */
  private static final int WORDS = 5;

  /** Those of a process, each once; none if it is gone or may not be looked at. */
  public static List<SharedMapping> readAll(long pid) {
    return parseAll(KernelFile.readOrEmpty("/proc/" + pid + "/maps"));
  }

  /** All lines that are of shared memory, those that are alike once. */
  public static List<SharedMapping> parseAll(String text) {
    var all = new LinkedHashSet<SharedMapping>();
    for (var line : KernelFile.lines(text)) {
      parse(line).ifPresent(all::add);
    }
    return List.copyOf(all);
  }

  private static Optional<SharedMapping> parse(String line) {
    var words = KernelFile.words(line);
    if (words.size() < WORDS || words.get(1).length() < 4 || words.get(1).charAt(3) != 's') {
      return Optional.empty();
    }
    var device = words.get(3).split(":", -1);
    var inode = Digits.decimal(words.get(4));
    if (device.length != 2 || inode.isEmpty()) {
      return Optional.empty();
    }
    var major = Digits.parse(device[0], 16);
    var minor = Digits.parse(device[1], 16);
    if (major.isEmpty() || minor.isEmpty() || minor.getAsLong() > 0xffff_ffffL) {
      return Optional.empty();
    }
    int slash = line.indexOf('/'); // no field before the path has one
    return Optional.of(
        new SharedMapping(
            words.get(1).charAt(1) == 'w',
            major.getAsLong() << 32 | minor.getAsLong(),
            inode.getAsLong(),
            slash < 0 ? "" : line.substring(slash)));
  }
}
