package bailey.kernel.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A C source of this folder, compiled for one test class. */
record CProgram(Path binary) {
  /** The end of a run; its standard error goes to that of the test. */
  record Outcome(int exit, List<String> lines) {}

  /** Compiles {@code name}.c of this folder to {@code folder}. */
  static CProgram build(String name, Path folder) throws IOException, InterruptedException {
    var source =
        Path.of(
            System.getProperty("bailey.home"),
            "kernel-tests/src/test/java/bailey/kernel/seccomp",
            name + ".c");
    var binary = folder.resolve(name);
    var gcc = new CProgram(Path.of("gcc"));
    var outcome =
        gcc.run("-O1", "-Wall", "-Wextra", "-Werror", "-o", binary.toString(), source.toString());
    assertThat(outcome.exit()).as("gcc " + source).isZero();
    return new CProgram(binary);
  }

  Outcome run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(binary.toString());
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output.lines().toList());
  }
}
