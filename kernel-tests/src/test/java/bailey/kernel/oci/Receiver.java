package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A program that listens at a socket to which the runtime sends a descriptor: receiver.c. */
final class Receiver {
  private static final Path SOURCE =
      Path.of(
          System.getProperty("bailey.home"),
          "kernel-tests/src/test/java/bailey/kernel/oci/receiver.c");

  private final Path socket;
  private final CompletableFuture<Program.Result> end;

  /** Begins to listen at {@code name} in a directory. */
  Receiver(Path directory, String name) throws IOException {
    var binary = directory.resolve("receiver");
    if (!Files.exists(binary)) {
      var gcc =
          List.of("gcc", "-O1", "-Wall", "-Werror", "-o", binary.toString(), SOURCE.toString());
      var compiled = Program.run(directory, gcc);
      assertThat(compiled.status()).as(compiled.err()).isZero();
    }
    socket = directory.resolve(name);
    end =
        CompletableFuture.supplyAsync(
            () -> Program.run(directory, List.of(binary.toString(), socket.toString())));
    while (!Files.exists(socket) && !end.isDone()) {
      Thread.onSpinWait();
    }
  }

  /** Where it listens. */
  String socket() {
    return socket.toString();
  }

  /** What it printed, when it has ended. */
  String heard() {
    var result = end.join();
    assertThat(result.status()).isZero();
    return result.out();
  }
}
