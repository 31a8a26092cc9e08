package bailey.containerfs.wire;

import bailey.core.abi.KernelText;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** From bytes to {@link Request}: total, whatever the bytes are. */
final class RequestReader {
  private static final int BODY = Request.HEADER_SIZE;
  private static final int FORGET_ONE = 16;
  private static final int POLL_SCHEDULE_NOTIFY = 1;

  private RequestReader() {}

  /** {@code in} from 0 to its limit, which is a header at least. */
  static Request read(ByteBuffer in) {
    int opcode = in.getInt(4);
    int size = in.limit() - BODY;
    return size < leastSize(opcode) ? new Request.Malformed(opcode) : read(opcode, in);
  }

  /** How many bytes the fixed part of the body has. */
  private static int leastSize(int opcode) {
    return switch (opcode) {
      case Opcode.INIT, Opcode.GETATTR, Opcode.FLUSH, Opcode.RELEASE, Opcode.RELEASEDIR -> 16;
      case Opcode.SETATTR -> 88;
      case Opcode.MKDIR, Opcode.OPEN, Opcode.OPENDIR, Opcode.INTERRUPT, Opcode.BATCH_FORGET -> 8;
      case Opcode.READ, Opcode.READDIR, Opcode.READDIRPLUS, Opcode.WRITE -> 40;
      case Opcode.POLL -> 24;
      default -> 0;
    };
  }

  private static Request read(int opcode, ByteBuffer in) {
    return switch (opcode) {
      case Opcode.INIT -> init(in);
      case Opcode.LOOKUP, Opcode.RMDIR -> named(opcode, in, BODY);
      case Opcode.MKDIR -> named(opcode, in, BODY + 8);
      case Opcode.FORGET -> new Request.Forget(List.of(in.getLong(16)));
      case Opcode.BATCH_FORGET -> forget(in);
      case Opcode.GETATTR -> new Request.GetAttributes();
      case Opcode.SETATTR ->
          new Request.SetAttributes(
              in.getInt(BODY),
              in.getLong(BODY + 16),
              in.getInt(BODY + 68),
              in.getInt(BODY + 76),
              in.getInt(BODY + 80));
      case Opcode.OPEN -> new Request.Open(in.getInt(BODY));
      case Opcode.OPENDIR -> new Request.OpenDirectory();
      case Opcode.READ ->
          new Request.Read(in.getLong(BODY), in.getLong(BODY + 8), in.getInt(BODY + 16));
      case Opcode.WRITE -> write(in);
      case Opcode.FLUSH -> new Request.Flush(in.getLong(BODY));
      case Opcode.RELEASE -> new Request.Release(in.getLong(BODY));
      case Opcode.RELEASEDIR -> new Request.ReleaseDirectory(in.getLong(BODY));
      case Opcode.READDIR, Opcode.READDIRPLUS ->
          new Request.ReadDirectory(
              in.getLong(BODY),
              in.getLong(BODY + 8),
              in.getInt(BODY + 16),
              opcode == Opcode.READDIRPLUS);
      case Opcode.STATFS -> new Request.StatFileSystem();
      case Opcode.INTERRUPT -> new Request.Interrupt(in.getLong(BODY));
      case Opcode.POLL ->
          new Request.Poll(
              in.getLong(BODY),
              in.getLong(BODY + 8),
              (in.getInt(BODY + 16) & POLL_SCHEDULE_NOTIFY) != 0,
              in.getInt(BODY + 20));
      case Opcode.DESTROY -> new Request.Destroy();
      case Opcode.SYMLINK,
          Opcode.MKNOD,
          Opcode.UNLINK,
          Opcode.LINK,
          Opcode.CREATE,
          Opcode.TMPFILE ->
          new Request.ChangeEntry();
      case Opcode.RENAME, Opcode.RENAME2 -> new Request.Rename();
      default -> new Request.Other(opcode);
    };
  }

  private static Request init(ByteBuffer in) {
    long flags = Integer.toUnsignedLong(in.getInt(BODY + 12));
    if (in.limit() >= BODY + 20) { // flags2: protocol 7.36
      flags |= Integer.toUnsignedLong(in.getInt(BODY + 16)) << Integer.SIZE;
    }
    return new Request.Init(in.getInt(BODY), in.getInt(BODY + 4), in.getInt(BODY + 8), flags);
  }

  private static Request forget(ByteBuffer in) {
    long count = Integer.toUnsignedLong(in.getInt(BODY));
    var nodes = new ArrayList<Long>();
    for (int at = BODY + 8; nodes.size() < count && at + FORGET_ONE <= in.limit(); ) {
      nodes.add(in.getLong(at));
      at += FORGET_ONE;
    }
    return new Request.Forget(nodes);
  }

  private static Request write(ByteBuffer in) {
    int size = in.getInt(BODY + 16);
    int from = BODY + 40;
    if (size < 0 || size > in.limit() - from) {
      return new Request.Malformed(Opcode.WRITE);
    }
    var data = new byte[size];
    in.get(from, data);
    return new Request.Write(in.getLong(BODY), in.getLong(BODY + 8), data);
  }

  private static Request named(int opcode, ByteBuffer in, int from) {
    int end = from;
    while (end < in.limit() && in.get(end) != 0) {
      end++;
    }
    if (end >= in.limit() || end == from) {
      return new Request.Malformed(opcode);
    }
    var bytes = new byte[end - from];
    in.get(from, bytes);
    var name = KernelText.decode(bytes, 0, bytes.length);
    return switch (opcode) {
      case Opcode.LOOKUP -> new Request.Lookup(name);
      case Opcode.RMDIR -> new Request.RemoveDirectory(name);
      default -> new Request.MakeDirectory(name, in.getInt(BODY));
    };
  }
}
