package bailey.testkit.machine;

import bailey.core.abi.KernelText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A running command of the fake machine, as its program sees it. */
public final class Command {
  private final FakeKernel kernel;
  private final FakeProcess process;

  Command(FakeKernel kernel, FakeProcess process) {
    this.kernel = kernel;
    this.process = process;
  }

  /** Program and arguments. */
  public List<String> arguments() {
    return process.arguments();
  }

  /** A line of its input, without its end; null at the end of the input. */
  public @Nullable String readLine() throws InterruptedException {
    var line = new StringBuilder();
    var one = new byte[1];
    while (read(one) > 0) {
      if (one[0] == '\n') {
        return line.toString();
      }
      line.append((char) one[0]);
    }
    return line.isEmpty() ? null : line.toString();
  }

  private int read(byte[] into) throws InterruptedException {
    synchronized (kernel) {
      var input = process.descriptor(0);
      return input == null ? 0 : input.read(process, into, into.length);
    }
  }

  /** Writes to its output. */
  public void print(String text) throws InterruptedException {
    write(1, text);
  }

  /** Writes to its errors. */
  public void printError(String text) throws InterruptedException {
    write(2, text);
  }

  private void write(int number, String text) throws InterruptedException {
    synchronized (kernel) {
      var output = process.descriptor(number);
      if (output != null) {
        output.write(process, KernelText.encode(text));
      }
    }
  }

  /** Starts a child that runs {@code program}; nobody waits for it. */
  public void fork(Program program) {
    synchronized (kernel) {
      kernel.run(process.fork(), program);
    }
  }

  /** Waits for its death. */
  public void sleepForEver() throws InterruptedException {
    synchronized (kernel) {
      while (true) {
        process.pause();
      }
    }
  }
}
