package bailey.linux;

import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Pipe;
import bailey.linux.exec.DescriptorStreams;
import bailey.linux.sys.OwnedFd;
import bailey.linux.sys.PipeEnds;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A pipe whose near end is a stream of the JDK; both ends are closed on exec. */
final class LinuxPipe implements Pipe {
  private final OwnedFd far;
  private final @Nullable FileInputStream in;
  private final @Nullable FileOutputStream out;

  private LinuxPipe(OwnedFd far, @Nullable FileInputStream in, @Nullable FileOutputStream out) {
    this.far = far;
    this.in = in;
    this.out = out;
  }

  /**
   * A new pipe.
   *
   * @throws NotPossibleHere where this process may open no more files
   */
  static Pipe open(Direction direction) {
    PipeEnds ends = null;
    try {
      ends = PipeEnds.open();
      return switch (direction) {
        case TO_PROGRAM -> new LinuxPipe(ends.read(), null, DescriptorStreams.output(ends.write()));
        case FROM_PROGRAM ->
            new LinuxPipe(ends.write(), DescriptorStreams.input(ends.read()), null);
      };
    } catch (IOException e) {
      if (ends != null) {
        ends.close();
      }
      throw new NotPossibleHere(
          "opening a pipe failed: " + e.getMessage() + ". Raise the limit of open files: ulimit -n",
          e);
    }
  }

  @Override
  public int far() {
    return far.number();
  }

  @Override
  public void releaseFar() {
    far.close();
  }

  @Override
  public int read(byte[] into, int offset, int length) throws Broken {
    try {
      return input().read(into, offset, length);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  @Override
  public int available() throws Broken {
    try {
      return input().available();
    } catch (IOException e) {
      throw broken(e);
    }
  }

  @Override
  public void write(byte[] from, int offset, int length) throws Broken {
    if (out == null) {
      throw new IllegalStateException("this end of the pipe is for reading");
    }
    try {
      out.write(from, offset, length);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private FileInputStream input() {
    if (in == null) {
      throw new IllegalStateException("this end of the pipe is for writing");
    }
    return in;
  }

  private static Broken broken(IOException e) {
    return new Broken(String.valueOf(e.getMessage()));
  }

  @Override
  public void close() {
    far.close();
    try (var _ = in;
        var _ = out) {
      // only closes
    } catch (IOException e) {
      // Neither stream has a buffer, so no byte is lost; the descriptor is freed in any case.
      return;
    }
  }
}
