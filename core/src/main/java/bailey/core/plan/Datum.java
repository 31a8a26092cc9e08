package bailey.core.plan;

import java.util.List;

/** Something in a plan's memory that a step points to. */
public sealed interface Datum {
  /** A string, ended by a NUL when encoded; equal ones share a place. */
  record Text(String value) implements Datum {
    /**
     * A string for the kernel.
     *
     * @throws IllegalArgumentException if it has a NUL, which would silently cut it short
     */
    public Text {
      if (value.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("a NUL in \"" + value.replace('\0', '?') + "\"");
      }
    }
  }

  /** Constant bytes. Each is its own place. */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity
  record Bytes(String note, byte[] value) implements Datum {
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }

    @Override
    public String toString() {
      return note;
    }
  }

  /** Words of 8 bytes, pointers among them: argument vectors, structures. Each is its own place. */
  record Words(String note, List<Operand> words) implements Datum {
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }

    @Override
    public String toString() {
      return note;
    }
  }

  /** Zeroed memory that steps write to. Each is its own place. */
  record Space(String note, int size) implements Datum {
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }

    @Override
    public String toString() {
      return note;
    }
  }
}
