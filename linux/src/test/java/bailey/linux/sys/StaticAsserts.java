package bailey.linux.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A C file of static assertions, which compiles where all of them hold. */
final class StaticAsserts {
  private final StringBuilder source = new StringBuilder();
  private int count;

  StaticAsserts(String... lines) {
    for (var line : lines) {
      source.append(line).append('\n');
    }
  }

  /** The headers' name has this value. */
  void equal(String name, long value) {
    count++;
    String both = name + " == " + value;
    source.append(
        String.format(Locale.ROOT, "_Static_assert((%s) == %dLL, \"%s\");\n", name, value, both));
  }

  /** The same, if the headers are new enough to have the name. */
  void equalIfThere(String name, long value) {
    source.append("#ifdef ").append(name).append('\n');
    equal(name, value);
    source.append("#endif\n");
  }

  /** Compiles the file in {@code folder}; what the compiler says is the failure. */
  void hold(Path folder, String name) throws IOException, InterruptedException {
    assertThat(count).isPositive();
    var file = folder.resolve(name + ".c");
    Files.writeString(file, source);
    var gcc =
        new ProcessBuilder("gcc", "-std=gnu17", "-fsyntax-only", file.toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).isEmpty();
    assertThat(gcc.waitFor()).isZero();
  }
}
