package bailey.core.container;

/** What the numbers in a control file count, whatever the kernel's own file counts. */
public enum Unit {
  /** Bytes. */
  BYTES,
  /** Microseconds. */
  MICROSECONDS,
  /** Seconds, with up to nine decimals. */
  SECONDS,
  /** Things or events, or a weight relative to that of siblings. */
  COUNT,
  /** No number, or several kinds of them, each with its name beside it. */
  TEXT
}
