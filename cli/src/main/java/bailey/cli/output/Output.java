package bailey.cli.output;

import bailey.core.abi.KernelText;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Where results and errors go. Text is {@link KernelText}, so that a name comes out with the bytes
 * that it came in with.
 */
public final class Output {
  private final OutputStream out;
  private final OutputStream err;
  private final Colour colour;
  private final StringBuilder pending = new StringBuilder();

  /** To these streams; {@code colour} is for {@code out}. */
  public Output(OutputStream out, OutputStream err, Colour colour) {
    this.out = out;
    this.err = err;
    this.colour = colour;
  }

  /** How results are coloured. */
  public Colour colour() {
    return colour;
  }

  /** Adds to the results. */
  public void print(String text) {
    pending.append(text);
  }

  /** Adds a line to the results. */
  public void line(String text) {
    pending.append(text).append('\n');
  }

  /**
   * Writes the results so far.
   *
   * @throws OutputFailed if they cannot be written
   */
  public void flush() {
    if (pending.isEmpty()) {
      return;
    }
    var bytes = KernelText.encode(pending.toString());
    pending.setLength(0);
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new OutputFailed(e);
    }
  }

  /** Writes {@code bailey: SENTENCE} to standard error, after the results so far. */
  public void error(String sentence) {
    note("bailey: " + sentence + "\n");
  }

  /** Writes {@code text} to standard error, after the results so far. */
  public void note(String text) {
    flush();
    try {
      err.write(KernelText.encode(text));
      err.flush();
    } catch (IOException _) { // there is nowhere left to say it
    }
  }

  /** The results could not be written. */
  public static final class OutputFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutputFailed(IOException cause) {
      super("cannot write the output: " + cause.getMessage(), cause);
    }

    /** Whether the reader went away, which is no error to tell about. */
    public boolean readerGone() {
      var message = getCause() == null ? null : getCause().getMessage();
      return message != null && (message.contains("Broken pipe") || message.contains("EPIPE"));
    }
  }
}
