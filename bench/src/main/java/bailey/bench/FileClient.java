package bailey.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A program that does something with files, again and again (files.c), and what that took. */
final class FileClient {
  private final String name;
  private final List<String> command;
  private final int count;
  private long[] nanos = {};

  /**
   * Of an operation.
   *
   * @param name of it in errors
   * @param program files.c, compiled
   * @param operation read, write, kept, list or make
   * @param count how often it is done each time
   * @param arguments the path, and what more the operation takes
   */
  FileClient(String name, String program, String operation, int count, List<String> arguments) {
    this.name = name;
    this.count = count;
    this.command = new ArrayList<>(List.of(program, operation, Integer.toString(count)));
    command.addAll(arguments);
  }

  /** Begins; {@link #end} has the result. */
  Process begin() {
    try {
      return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits for what began.
   *
   * @return how long all took together, nanoseconds
   */
  long end(Process process) {
    try {
      var bytes = process.getInputStream().readAllBytes();
      int status = process.waitFor();
      if (status != 0 || bytes.length != count * Long.BYTES) {
        throw new IllegalStateException(name + ": ended with status " + status);
      }
      var fresh = new long[count];
      ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asLongBuffer().get(fresh);
      int before = nanos.length;
      nanos = Arrays.copyOf(nanos, before + count);
      System.arraycopy(fresh, 0, nanos, before, count);
      return Arrays.stream(fresh).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Once more. */
  void run() {
    var _ = end(begin());
  }

  /** Forgets what was measured so far. */
  void forget() {
    nanos = new long[0];
  }

  /** The median of all, microseconds. */
  double median() {
    return new Sample(nanos).median();
  }
}
