package bailey.kernel.readme;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A shell in which commands are typed one after another, so that each finds the variables and the
 * exit status that the one before has left.
 *
 * @param folder where it starts
 * @param shell program and arguments to which the name of a script is added
 * @param environment what differs from this process's; an empty value: not set
 */
record Session(Path folder, List<String> shell, Map<String, String> environment) {
  /** A hanging command is a failure, but slow machines emulate others: no time is measured here. */
  private static final long PATIENCE_SECONDS = 900;

  private static final char MARK = '\u0001';

  /**
   * Types these commands.
   *
   * @param script a file to be written for it
   * @return the lines that each has printed, output and errors as they came; fewer lists than
   *     commands if the shell ended before
   */
  List<List<String>> type(List<Exchange> exchanges, Path script) throws IOException {
    var text = new StringBuilder("exec 2>&1\n");
    for (var exchange : exchanges) {
      text.append(exchange.command()).append('\n');
      text.append("{ status=$?; printf '\\001'; (exit $status); }\n");
    }
    Files.writeString(script, text);
    var words = new ArrayList<>(shell);
    words.add(script.toString());
    var builder = new ProcessBuilder(words).directory(folder.toFile());
    builder.redirectInput(new File("/dev/null"));
    environment.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    return outputs(run(builder));
  }

  private static String run(ProcessBuilder builder) throws IOException {
    var process = builder.start();
    var output = CompletableFuture.supplyAsync(() -> readAll(process.getInputStream()));
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return output.join();
  }

  private static String readAll(InputStream in) {
    var bytes = new ByteArrayOutputStream();
    try (in) {
      in.transferTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static List<List<String>> outputs(String text) {
    var outputs = new ArrayList<List<String>>();
    int from = 0;
    for (int mark = text.indexOf(MARK); mark >= 0; mark = text.indexOf(MARK, from)) {
      outputs.add(text.substring(from, mark).lines().toList());
      from = mark + 1;
    }
    return outputs;
  }
}
