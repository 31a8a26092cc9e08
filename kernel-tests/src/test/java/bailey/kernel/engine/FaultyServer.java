package bailey.kernel.engine;

import bailey.ContainerSystem;
import bailey.containerfs.ContainerFs;
import bailey.core.kernel.FileServing;
import bailey.core.kernel.FileWatching;
import bailey.linux.LinuxKernel;
import bailey.linux.fuse.LinuxFileServing;
import bailey.linux.sys.PidFd;
import bailey.linux.sys.SystemCallRefused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Serves the containers as files, and kills itself (SIGKILL) where a file tells it to: once, at one
 * opcode. Started by the holder of a mount, again and again.
 */
final class FaultyServer {
  /** When a request is answered. */
  enum Point {
    /** It was read, nothing is done yet. */
    READ,
    /** It was done, and nobody knows. */
    DONE,
    /** It was answered. */
    ANSWERED
  }

  private FaultyServer() {}

  /** Where is mounted, the state directory, the file that tells, the descriptor. */
  public static void main(String[] arguments) throws InterruptedException {
    try (var kernel = new LinuxKernel();
        var system = ContainerSystem.open(kernel, arguments[1]);
        var files =
            ContainerFs.takeOver(
                new Faulty(Path.of(arguments[2]), system),
                system,
                arguments[0],
                Optional.empty(),
                Integer.parseInt(arguments[3]))) {
      files.await();
    }
  }

  /**
   * What the file says.
   *
   * @param container whose pids.max is set to {@code value} before the death, as a trace of it
   */
  private record Order(int opcode, Point point, String container, String value) {
    static Order parse(String text) {
      var words = text.strip().split(" ", -1);
      return new Order(Integer.parseInt(words[0]), Point.valueOf(words[1]), words[2], words[3]);
    }

    static String text(int opcode, Point point, String container, String value) {
      return opcode + " " + point + " " + container + " " + value;
    }
  }

  /** Has the server die, at the next request of an opcode. */
  static void order(Path file, int opcode, Point point, String container, String value)
      throws IOException {
    var fresh = file.resolveSibling("fresh");
    Files.writeString(fresh, Order.text(opcode, point, container, value));
    Files.move(fresh, file);
  }

  private record Faulty(FileServing serving, Path file, ContainerSystem system)
      implements FileServing {
    Faulty(Path file, ContainerSystem system) {
      this(new LinuxFileServing(), file, system);
    }

    @Override
    public Channel mount(String source, String directory) {
      return serving.mount(source, directory);
    }

    @Override
    public Channel adopt(int descriptor) {
      return new FaultyChannel(serving.adopt(descriptor), this);
    }

    @Override
    public boolean unmount(String directory, boolean force) {
      return serving.unmount(directory, force);
    }

    @Override
    public FileWatching watching(String directory) {
      return serving.watching(directory);
    }

    /** Dies, if this is where. */
    void pass(int opcode, Point point) {
      try {
        var order = Order.parse(Files.readString(file));
        if (order.opcode() == opcode && order.point() == point) {
          system.find(order.container()).ifPresent(it -> it.set("pids.max", order.value()));
          Files.delete(file); // upon which the test goes on, also before the death
          PidFd.open(ProcessHandle.current().pid()).send(9);
        }
      } catch (NoSuchFileException _) {
        // it is to live, or another thread dies
      } catch (SystemCallRefused e) {
        throw new IllegalStateException(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private record FaultyChannel(FileServing.Channel channel, Faulty faulty)
      implements FileServing.Channel {
    @Override
    public int write(ByteBuffer from) {
      return channel.write(from);
    }

    @Override
    public int lend(int descriptor) {
      return channel.lend(descriptor);
    }

    @Override
    public void takeBack(int number) {
      channel.takeBack(number);
    }

    /** The thread that reads a request answers it. */
    @Override
    public Lane lane(ByteBuffer request, ByteBuffer answer) {
      var lane = channel.lane(request, answer);
      return new Lane() {
        @Override
        public int take() {
          int size = lane.take();
          if (size > 0) {
            faulty.pass(request.getInt(4), Point.READ);
          }
          return size;
        }

        @Override
        public void await() {
          lane.await();
        }

        @Override
        public void join(int thread) {
          lane.join(thread);
        }

        @Override
        public int write() {
          int opcode = request.getInt(4);
          faulty.pass(opcode, Point.DONE);
          int result = lane.write();
          faulty.pass(opcode, Point.ANSWERED);
          return result;
        }
      };
    }

    @Override
    public int descriptor() {
      return channel.descriptor();
    }

    @Override
    public void close() {
      channel.close();
    }
  }
}
