package bailey.containerfs.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One answer after another, in one buffer: each method makes the whole message, whose end the
 * buffer's position is then. One thread at a time.
 */
public final class Answer {
  private static final int HEADER = 16;

  private static final int ENTRY = 128;
  private static final int DIRENT = 24;
  private static final int STATFS = 80;
  private static final int BLOCK = 4096;
  private static final int NANOS = 1_000_000_000;

  private final ByteBuffer out;
  private int directoryEnd;

  /**
   * Answers of at most {@code room} bytes of data.
   *
   * @param room 4096 or more
   */
  public Answer(int room) {
    out = ByteBuffer.allocateDirect(HEADER + room).order(ByteOrder.nativeOrder());
  }

  /** The message that was made last, from 0 to its position. */
  public ByteBuffer message() {
    return out;
  }

  /**
   * How long the kernel may believe something.
   *
   * @param entry that a name means a node, in seconds
   * @param entryNanos and nanoseconds
   * @param attributes of the node, in seconds
   */
  public record Validity(long entry, int entryNanos, long attributes) {}

  /** The error number of the message that was made last, 0 for none. */
  public int errno() {
    return -out.getInt(4);
  }

  private ByteBuffer begin(long unique, int error) {
    return out.clear().putInt(0).putInt(error).putLong(unique);
  }

  private void end() {
    out.putInt(0, out.position());
  }

  /** That it was done; or not, with an error number, positive. */
  public void status(long unique, int error) {
    begin(unique, -error);
    end();
  }

  /**
   * A node that was found or made.
   *
   * @param generation another than before where it is no more what had its number before; the
   *     kernel then has nothing to do with that any more
   */
  public void entry(long unique, Attributes attributes, int generation, Validity validity) {
    begin(unique, 0);
    entry(attributes, generation, validity);
    end();
  }

  private void entry(Attributes attributes, int generation, Validity validity) {
    out.putLong(attributes.node()).putLong(generation);
    out.putLong(validity.entry()).putLong(validity.attributes());
    out.putInt(validity.entryNanos()).putInt(0);
    put(attributes);
  }

  private void put(Attributes attributes) {
    long size = attributes.size();
    long seconds = Math.floorDiv(attributes.modified(), (long) NANOS);
    int nanos = (int) Math.floorMod(attributes.modified(), (long) NANOS);
    out.putLong(attributes.node()).putLong(size).putLong((size + 511) / 512);
    out.putLong(seconds).putLong(seconds).putLong(seconds);
    out.putInt(nanos).putInt(nanos).putInt(nanos);
    out.putInt(attributes.mode()).putInt(1); // one link: how many directories are in it is not said
    out.putInt(attributes.uid()).putInt(attributes.gid());
    out.putInt(0).putInt(BLOCK).putInt(0);
  }

  /** Attributes of a node. */
  public void attributes(long unique, Attributes attributes, Validity validity) {
    begin(unique, 0);
    out.putLong(validity.attributes()).putInt(0).putInt(0);
    put(attributes);
    end();
  }

  /**
   * A file or directory that was opened.
   *
   * @param flags FOPEN_
   * @param backing the number of the kernel's file that it is passed through to, 0 for none
   */
  public void opened(long unique, long handle, int flags, int backing) {
    begin(unique, 0).putLong(handle).putInt(flags).putInt(backing);
    end();
  }

  /** Bytes of a file, as many as there is room for. */
  public void data(long unique, byte[] bytes, int from, int length) {
    begin(unique, 0);
    out.put(bytes, from, Math.min(length, out.remaining()));
    end();
  }

  /** How many bytes were taken. */
  public void written(long unique, int bytes) {
    begin(unique, 0).putInt(bytes).putInt(0);
    end();
  }

  /** What poll(2) is told. */
  public void polled(long unique, int events) {
    begin(unique, 0).putInt(events).putInt(0);
    end();
  }

  /** That there is no room to be had, and how long names may be. */
  public void statistics(long unique, int nameLength) {
    begin(unique, 0);
    int from = out.position();
    for (int i = 0; i < STATFS; i += Long.BYTES) {
      out.putLong(0);
    }
    out.putInt(from + 40, BLOCK).putInt(from + 44, nameLength).putInt(from + 48, BLOCK);
    end();
  }

  /** What was agreed on first. */
  public void init(long unique, Protocol agreed) {
    begin(unique, 0);
    agreed.write(out);
    end();
  }

  /** Begins entries of a directory, at most {@code size} bytes. */
  public void directory(long unique, int size) {
    begin(unique, 0);
    directoryEnd = (int) Math.min(HEADER + Math.max(0L, size), out.capacity());
  }

  /**
   * Adds an entry, if there is room.
   *
   * @param next the offset of the one after it
   * @param validity null where the kernel asked for names only
   * @return whether there was
   */
  public boolean add(
      byte[] name, Attributes attributes, long next, boolean plus, Validity validity) {
    int length = DIRENT + name.length;
    int padded = (length + 7) & ~7;
    if (out.position() + padded + (plus ? ENTRY : 0) > directoryEnd) {
      return false;
    }
    if (plus) {
      entry(attributes, 0, validity);
    }
    out.putLong(attributes.node()).putLong(next).putInt(name.length).putInt(attributes.type());
    out.put(name);
    for (int i = length; i < padded; i++) {
      out.put((byte) 0);
    }
    return true;
  }

  /**
   * An entry without attributes, as {@link #add} writes it, to be added again and again.
   *
   * @param directory whether it is one
   */
  public static byte[] prepared(byte[] name, long node, boolean directory) {
    int length = (DIRENT + name.length + 7) & ~7;
    var entry = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    int type = (directory ? Attributes.DIRECTORY : Attributes.FILE) >>> 12;
    entry.putLong(node).putLong(0).putInt(name.length).putInt(type).put(name);
    return entry.array();
  }

  /**
   * Adds one that was prepared, if there is room; the kernel asks for its node where that is
   * wanted.
   *
   * @param next the offset of the one after it
   * @param plus whether the kernel asked for attributes too
   * @return whether there was
   */
  public boolean add(byte[] prepared, long next, boolean plus) {
    int at = out.position() + (plus ? ENTRY : 0);
    if (at + prepared.length > directoryEnd) {
      return false;
    }
    if (plus) {
      noEntry();
    }
    out.put(prepared).putLong(at + Long.BYTES, next);
    return true;
  }

  private void noEntry() {
    for (int i = 0; i < ENTRY; i += Long.BYTES) {
      out.putLong(0);
    }
  }

  /**
   * Adds an entry that stands for the directory itself or the one above, which is no node to be
   * remembered.
   */
  public boolean addDot(byte[] name, long node, long next, boolean plus) {
    int padded = (DIRENT + name.length + 7) & ~7;
    if (out.position() + padded + (plus ? ENTRY : 0) > directoryEnd) {
      return false;
    }
    if (plus) {
      noEntry();
    }
    out.putLong(node).putLong(next).putInt(name.length).putInt(Attributes.DIRECTORY >>> 12);
    out.put(name);
    for (int i = DIRENT + name.length; i < padded; i++) {
      out.put((byte) 0);
    }
    return true;
  }

  /** Ends what {@link #directory} began. */
  public void endDirectory() {
    end();
  }
}
