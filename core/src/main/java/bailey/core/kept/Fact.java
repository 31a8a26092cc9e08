package bailey.core.kept;

import java.util.Map;
import java.util.Optional;

/**
 * Something that a plan depends on and that may be different when the call comes again. What was
 * seen when the plan was made is what must be seen then. Paths and texts as in {@link
 * bailey.core.abi.KernelText}.
 */
public sealed interface Fact {
  /** A variable of the caller's environment; empty: it is not set. */
  record Variable(String name, Optional<String> value) implements Fact {}

  /**
   * The whole environment of the caller.
   *
   * @param text {@code NAME=VALUE} and NUL of each, in order
   */
  record Environment(String text) implements Fact {
    /** Of these variables. */
    public static Environment of(Map<String, String> variables) {
      var text = new StringBuilder();
      variables.forEach((name, value) -> text.append(name).append('=').append(value).append('\0'));
      return new Environment(text.toString());
    }
  }

  /** The whole text of a file. */
  record Text(String path, String text) implements Fact {}

  /** Lines that a file has, in this order, among others; each with its end. */
  record Lines(String path, String lines) implements Fact {}

  /** Where a symbolic link leads. */
  record Link(String path, String target) implements Fact {}

  /**
   * A directory.
   *
   * @param real its path without links
   */
  record Directory(String path, String real) implements Fact {}

  /** A directory, no link to one, that is this user's and that nobody else may write to. */
  record Guarded(String path) implements Fact {}

  /**
   * That a directory has no more than some entries. Looked at now and then only: for what has to be
   * tidied at times.
   */
  record Few(String path, int most) implements Fact {}

  /**
   * What is at a path.
   *
   * @param followed whether a link there is followed
   */
  record Place(String path, Kind kind, boolean followed) implements Fact {}

  /** Whether what is at a path is in a proc file system. */
  record Proc(String path, boolean is) implements Fact {}

  /**
   * Whether a process runs.
   *
   * @param path of a copy of its /proc/PID/stat, which tells its number and when it started
   */
  record Task(String path, boolean runs) implements Fact {}

  /** What a path leads to. */
  enum Kind {
    /** Nothing. */
    ABSENT('a'),
    /** A directory. */
    DIRECTORY('d'),
    /** A regular file. */
    FILE('f'),
    /** A symbolic link, which was not followed. */
    LINK('l'),
    /** A device, fifo or socket. */
    OTHER('o');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    /** Of what there is; of a link that is not followed {@code LINK}. */
    public static Kind of(boolean directory, boolean file, boolean link) {
      return directory ? DIRECTORY : file ? FILE : link ? LINK : OTHER;
    }

    char letter() {
      return letter;
    }
  }
}
