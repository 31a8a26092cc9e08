package bailey.linux.exec;

import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a JVM that an executor has started finds that. */
public final class CallSources {
  private static final int MOST_BYTES = 64 << 20; // more than the kernel takes (ARG_MAX, execve(2))

  private static final String IN = "/proc/self/fd/4";
  private static final String OUT = "/proc/self/fd/3";

  private CallSources() {}

  /**
   * The executor that has started this JVM with two pipes as its descriptors 3 and 4.
   *
   * @throws NotPossibleHere if it was started otherwise
   */
  public static Caller starter() {
    // Looked at first: in another JVM these are any files, and opening one to write empties it.
    if (!isPipe(IN) || !isPipe(OUT)) {
      throw new NotPossibleHere(
          "cannot answer: this JVM was not started by the bailey program; call that");
    }
    return starter(IN, OUT);
  }

  private static boolean isPipe(String link) {
    try {
      return Files.readSymbolicLink(Path.of(link)).toString().startsWith("pipe:[");
    } catch (IOException _) {
      return false;
    }
  }

  static Caller starter(String in, String out) {
    try {
      var link = new PipeLink(in, out);
      var head = new byte[CallFrames.REQUEST];
      if (!link.fill(head)) {
        throw new IOException("it has ended");
      }
      var request = CallFrames.Head.parse(head, MOST_BYTES);
      var strings = new byte[request.size()];
      if (!link.fill(strings) && strings.length > 0) {
        throw new IOException("it has ended");
      }
      return new LinkedCaller(link, request.call(strings, 0), () -> {});
    } catch (IOException e) {
      throw new NotPossibleHere(
          "cannot answer: what the bailey program has sent is no call: " + e.getMessage(), e);
    }
  }
}
