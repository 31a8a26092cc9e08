package bailey.cli.syntax;

import java.util.List;

/**
 * What a shell offers for a value.
 *
 * @param kind where the words come from
 * @param words the words, for {@link Kind#WORDS}
 */
public record Completes(Kind kind, List<String> words) {
  /** Where the words come from. */
  public enum Kind {
    /** Nothing can be offered. */
    NOTHING,
    /** The words listed. */
    WORDS,
    /** Names of files. */
    FILE,
    /** Names of directories. */
    DIRECTORY,
    /** Names of containers. */
    CONTAINER,
    /** Names of users of this machine. */
    USER,
    /** A program and its arguments. */
    PROGRAM
  }

  /** Nothing can be offered. */
  public static final Completes NOTHING = new Completes(Kind.NOTHING, List.of());

  /** Names of files. */
  public static final Completes FILE = new Completes(Kind.FILE, List.of());

  /** Names of directories. */
  public static final Completes DIRECTORY = new Completes(Kind.DIRECTORY, List.of());

  /** Names of containers. */
  public static final Completes CONTAINER = new Completes(Kind.CONTAINER, List.of());

  /** Names of users of this machine. */
  public static final Completes USER = new Completes(Kind.USER, List.of());

  /** A program and its arguments. */
  public static final Completes PROGRAM = new Completes(Kind.PROGRAM, List.of());

  /** Copies. */
  public Completes {
    words = List.copyOf(words);
  }

  /** One of these words. */
  public static Completes oneOf(String... words) {
    return oneOf(List.of(words));
  }

  /** One of these words. */
  public static Completes oneOf(List<String> words) {
    return new Completes(Kind.WORDS, words);
  }
}
