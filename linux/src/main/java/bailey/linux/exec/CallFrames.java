package bailey.linux.exec;

import bailey.core.abi.KernelText;
import bailey.core.kernel.Call;
import bailey.core.kernel.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What planner and caller say to each other, as client.h has it: little endian; first the request,
 * then frames to the caller and events from it. Pure.
 */
final class CallFrames {
  /** Bytes before a request's strings. */
  static final int REQUEST = 32;

  /** Bytes before a frame's data. */
  static final int FRAME = 16;

  /** The longest name of a build. */
  static final int BUILD = 16;

  private static final int MAGIC = 0x52594c42; // BLYR
  private static final int VERSION = 1;

  /** What the planner says. */
  enum Frame {
    /** Its build: before it has read anything. */
    HELLO(1),
    /** A plan, which follows. */
    PLAN(2),
    /** Bytes for a descriptor, which follow; the caller answers. */
    WRITE(3),
    /** That many bytes are to be read from a descriptor; the caller answers. */
    READ(4),
    /** The end. */
    EXIT(5),
    /** This planner is not for this caller; {@link #LATER}: not now. */
    ELSEWHERE(6);

    private final int code;

    Frame(int code) {
      this.code = code;
    }
  }

  /** With ELSEWHERE: there is too much to do. */
  static final int LATER = 1;

  /** The caller wants this planner; before that it does nothing of what was asked. */
  static final int GO = 16;

  /** Its answer to WRITE and READ. */
  static final int ANSWER = 17;

  /** The caller is of another build, and will start a planner of its own. */
  static final int LEAVE = 18;

  private CallFrames() {}

  /** A frame with its data. */
  static byte[] frame(Frame kind, long value, byte[] data) {
    return frame(kind, value, data.length, data);
  }

  /** A frame that says {@code length} and has no data. */
  static byte[] frame(Frame kind, long value, int length) {
    return frame(kind, value, length, new byte[0]);
  }

  private static byte[] frame(Frame kind, long value, int length, byte[] data) {
    return ByteBuffer.allocate(FRAME + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(kind.code)
        .putInt(length)
        .putLong(value)
        .put(data)
        .array();
  }

  /** The beginning of a request. */
  record Head(int terminals, int size, int arguments, int variables, int pid) {
    /**
     * Of its {@link #REQUEST} bytes.
     *
     * @param most bytes of strings that are taken
     * @throws IOException if it is none
     */
    static Head parse(byte[] bytes, int most) throws IOException {
      var b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      if (b.getInt(0) != MAGIC || b.getShort(4) != VERSION) {
        throw new IOException("no request");
      }
      var head = new Head(b.getShort(6), b.getInt(8), b.getInt(12), b.getInt(16), b.getInt(20));
      if (head.size < 0 || head.size > most) {
        throw new IOException("a request of " + Integer.toUnsignedString(head.size) + " bytes");
      }
      return head;
    }

    /**
     * The request, with its strings: program, directory, arguments, variables, each ended by NUL.
     *
     * @param caller its process id, where that is known otherwise; else 0
     * @throws IOException if these are not as many as was said
     */
    Call call(byte[] strings, long caller) throws IOException {
      var all = strings(strings);
      if (arguments < 0 || variables < 0 || all.size() != 2L + arguments + variables) {
        throw new IOException("a request with " + all.size() + " strings");
      }
      var directory = all.get(1);
      if (!directory.startsWith("/")) {
        throw new IOException("a request from " + directory);
      }
      var descriptors = new HashSet<Integer>();
      for (int fd = 0; fd < 3; fd++) {
        if ((terminals >> fd & 1) != 0) {
          descriptors.add(fd);
        }
      }
      return new Call(
          all.getFirst(),
          new Origin(directory, variables(all.subList(2 + arguments, all.size()))),
          all.subList(2, 2 + arguments),
          caller == 0 ? pid : caller,
          descriptors);
    }

    private static Map<String, String> variables(List<String> entries) {
      var variables = new LinkedHashMap<String, String>();
      for (var entry : entries) {
        int equals = entry.indexOf('=');
        if (equals > 0) { // of a name that occurs twice the first counts, as for getenv(3)
          variables.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
        }
      }
      return variables;
    }

    private static List<String> strings(byte[] bytes) {
      var all = new ArrayList<String>();
      int from = 0;
      for (int at = 0; at < bytes.length; at++) {
        if (bytes[at] == 0) {
          all.add(KernelText.decode(bytes, from, at));
          from = at + 1;
        }
      }
      return all;
    }
  }
}
