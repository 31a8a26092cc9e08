package bailey.testkit.machine;

import bailey.core.abi.Errno;
import bailey.core.kernel.CgroupFiles;
import bailey.core.spec.NamespaceKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/** An open file description: shared by the descriptors that refer to it. */
abstract class OpenFile {
  private int references = 1;

  OpenFile share() {
    references++;
    return this;
  }

  final void release() {
    references--;
    if (references == 0) {
      closed();
    }
  }

  /** How many bytes were read; 0 at the end. */
  int read(FakeProcess process, byte[] into, int length) throws InterruptedException {
    throw new Refused(Errno.EBADF);
  }

  int write(FakeProcess process, byte[] bytes) throws InterruptedException {
    throw new Refused(Errno.EBADF);
  }

  void closed() {}

  /** The kernel's refusal of a system call. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Errno errno;

    Refused(Errno errno) {
      super(errno.sentence());
      this.errno = errno;
    }

    Errno errno() {
      return errno;
    }
  }

  /** Something whose content does not matter. */
  static final class Nothing extends OpenFile {
    @Override
    int read(FakeProcess process, byte[] into, int length) {
      return 0;
    }

    @Override
    int write(FakeProcess process, byte[] bytes) {
      return bytes.length;
    }
  }

  /** A file that can only be read, such as one of /proc. */
  static final class Text extends OpenFile {
    private final byte[] text;
    private int at;

    Text(byte[] text) {
      this.text = text;
    }

    @Override
    int read(FakeProcess process, byte[] into, int length) {
      int n = Math.min(length, text.length - at);
      System.arraycopy(text, at, into, 0, n);
      at += n;
      return n;
    }
  }

  /** A file of the state directory. */
  static final class OnDisk extends OpenFile {
    private final String path;
    private final FileChannel channel;
    private final FakeLocks locks;

    OnDisk(String path, FileChannel channel, FakeLocks locks) {
      this.path = path;
      this.channel = channel;
      this.locks = locks;
    }

    String path() {
      return path;
    }

    @Override
    int read(FakeProcess process, byte[] into, int length) {
      try {
        return Math.max(0, channel.read(ByteBuffer.wrap(into, 0, length)));
      } catch (IOException e) {
        throw new Refused(Errno.EIO);
      }
    }

    @Override
    int write(FakeProcess process, byte[] bytes) {
      try {
        return channel.write(ByteBuffer.wrap(bytes));
      } catch (IOException e) {
        throw new Refused(Errno.ENOSPC);
      }
    }

    @Override
    void closed() {
      locks.release(this);
      try {
        channel.close();
      } catch (IOException e) {
        throw new Refused(Errno.EIO);
      }
    }
  }

  /** A group, or a file in it. */
  static final class OfGroup extends OpenFile {
    private final CgroupFiles groups;
    private final String controller;
    private final String path;
    private final String file;
    private boolean read;

    OfGroup(CgroupFiles groups, String controller, String path, String file) {
      this.groups = groups;
      this.controller = controller;
      this.path = path;
      this.file = file;
    }

    void enter(FakeProcess process) {
      process.enter(controller, path);
    }

    String[] lines() {
      return groups.read(controller, path, file).lines().toArray(String[]::new);
    }

    /** Whether tasks are in it, as the events of v2 or the list of v1 tell. */
    boolean populated() {
      var text = refusing(() -> groups.read(controller, path, file));
      return text.startsWith("populated ") ? text.startsWith("populated 1") : !text.isEmpty();
    }

    @Override
    int read(FakeProcess process, byte[] into, int length) {
      if (read) {
        return 0;
      }
      read = true;
      byte[] text =
          refusing(() -> groups.read(controller, path, file)).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(text, 0, into, 0, Math.min(length, text.length));
      return Math.min(length, text.length);
    }

    @Override
    int write(FakeProcess process, byte[] bytes) {
      var text = new String(bytes, StandardCharsets.US_ASCII);
      refusing(
          () -> {
            if (text.equals("0") && (file.equals("tasks") || file.equals("cgroup.procs"))) {
              enter(process);
            } else {
              groups.write(controller, path, file, text);
            }
            return "";
          });
      return bytes.length;
    }

    static String refusing(Supplier<String> operation) {
      try {
        return operation.get();
      } catch (CgroupFiles.Refused refused) {
        throw new Refused(refused.errno().orElse(Errno.EIO));
      }
    }
  }

  /** A descriptor of a process. */
  static final class OfProcess extends OpenFile {
    private final FakeProcess process;

    OfProcess(FakeProcess process) {
      this.process = process;
    }

    FakeProcess process() {
      return process;
    }
  }

  /** A namespace. */
  static final class OfNamespace extends OpenFile {
    private final NamespaceKind kind;
    private final long inode;

    OfNamespace(NamespaceKind kind, long inode) {
      this.kind = kind;
      this.inode = inode;
    }

    NamespaceKind kind() {
      return kind;
    }

    long inode() {
      return inode;
    }
  }

  /** What both ends of a pipe share. */
  static final class PipeBuffer {
    private static final int CAPACITY = 65536;

    private final FakeKernel kernel;
    private byte[] content = {};
    private int readers;
    private int writers;

    PipeBuffer(FakeKernel kernel) {
      this.kernel = kernel;
    }

    int available() {
      return content.length;
    }
  }

  /** The end of a pipe that is read. */
  static final class ReadEnd extends OpenFile {
    private final PipeBuffer pipe;

    ReadEnd(PipeBuffer pipe) {
      this.pipe = pipe;
      pipe.readers++;
    }

    PipeBuffer pipe() {
      return pipe;
    }

    @Override
    int read(FakeProcess process, byte[] into, int length) throws InterruptedException {
      while (pipe.content.length == 0 && pipe.writers > 0) {
        process.pause();
      }
      int n = Math.min(length, pipe.content.length);
      System.arraycopy(pipe.content, 0, into, 0, n);
      pipe.content = Arrays.copyOfRange(pipe.content, n, pipe.content.length);
      pipe.kernel.notifyAll();
      return n;
    }

    @Override
    void closed() {
      pipe.readers--;
      pipe.kernel.notifyAll();
    }
  }

  /** The end of a pipe that is written. */
  static final class WriteEnd extends OpenFile {
    private final PipeBuffer pipe;

    WriteEnd(PipeBuffer pipe) {
      this.pipe = pipe;
      pipe.writers++;
    }

    @Override
    int write(FakeProcess process, byte[] bytes) throws InterruptedException {
      while (pipe.readers > 0 && pipe.content.length >= PipeBuffer.CAPACITY) {
        process.pause();
      }
      if (pipe.readers == 0) {
        throw new Refused(Errno.EPIPE);
      }
      int before = pipe.content.length;
      pipe.content = Arrays.copyOf(pipe.content, before + bytes.length);
      System.arraycopy(bytes, 0, pipe.content, before, bytes.length);
      pipe.kernel.notifyAll();
      return bytes.length;
    }

    @Override
    void closed() {
      pipe.writers--;
      pipe.kernel.notifyAll();
    }
  }
}
