package bailey.linux.proc;

import bailey.core.abi.KernelText;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads small text files as a whole. Any thread. */
public final class KernelFile {
  /** The JDK reads no more than this without memory from the C library. */
  private static final int PIECE = 8192;

  private KernelFile() {}

  /**
   * The text of the file, empty if it cannot be read: not there, not permitted, or the process that
   * it tells of has gone.
   *
   * @param path in which a name that is no valid UTF-8 cannot be given
   */
  public static Optional<String> read(String path) {
    try {
      return Optional.of(text(path));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /**
   * The text of the file.
   *
   * @throws IOException if it cannot be read
   */
  public static String text(String path) throws IOException {
    try (var in = new FileInputStream(path)) {
      byte[] bytes = new byte[PIECE]; // readAllBytes() asks for the size and place before it reads
      int size = 0;
      for (int n = in.read(bytes); n > 0; n = in.read(bytes, size, bytes.length - size)) {
        size += n;
        if (size == bytes.length) {
          bytes = Arrays.copyOf(bytes, 2 * size);
        }
      }
      return KernelText.decode(bytes, 0, size);
    }
  }

  /** The text of the file, or an empty one if it cannot be read. */
  public static String readOrEmpty(String path) {
    return read(path).orElse("");
  }

  /** The lines of {@code text} without their ends; an empty last one is none. */
  static List<String> lines(String text) {
    var lines = new ArrayList<String>();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      if (end < 0) {
        end = text.length();
      }
      lines.add(text.substring(from, end));
      from = end + 1;
    }
    return lines;
  }

  /** The words of {@code line}: what is between blanks and tabs. */
  static List<String> words(String line) {
    var words = new ArrayList<String>();
    int start = -1;
    for (int i = 0; i <= line.length(); i++) {
      boolean blank = i == line.length() || line.charAt(i) == ' ' || line.charAt(i) == '\t';
      if (blank && start >= 0) {
        words.add(line.substring(start, i));
        start = -1;
      } else if (!blank && start < 0) {
        start = i;
      }
    }
    return words;
  }
}
