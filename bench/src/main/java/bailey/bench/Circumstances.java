package bailey.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What was measured where: without that the figures mean nothing. */
final class Circumstances {
  private Circumstances() {}

  /** The machine, what runs this, and how busy it is, in one line. */
  static String machine() throws IOException {
    return "Linux "
        + System.getProperty("os.version")
        + ", "
        + processor()
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " processors, JDK "
        + Runtime.version()
        + "; load average "
        + Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
  }

  /** As a list. */
  static String text() throws IOException {
    var text = new StringBuilder();
    text.append("- ").append(machine()).append(" at the start\n");
    for (var peer :
        List.of(
            List.of("crun", "--version"),
            List.of("crun-newest", "--version"),
            List.of("runc", "--version"),
            List.of("bwrap", "--version"),
            List.of("unshare", "--version"))) {
      text.append("- ").append(version(peer)).append('\n');
    }
    return text.toString();
  }

  private static String processor() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }

  private static String version(List<String> command) throws IOException {
    var program = Comparison.find(command.getFirst());
    if (program.isEmpty()) {
      return command.getFirst() + ": not installed, left out";
    }
    var process =
        new ProcessBuilder(program.get(), command.get(1)).redirectErrorStream(true).start();
    var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines();
    return lines.findFirst().orElse(command.getFirst());
  }
}
