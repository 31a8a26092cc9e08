package bailey.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A checkout with the real launcher in it, and beside it in place of the build, the program and the
 * JDKs small scripts that say how they were called.
 */
final class Checkout {
  private static final Path HOME = Path.of(System.getProperty("bailey.home"));

  final Path base;
  final Path folder;
  final Path jvms;
  final Path tools;

  /** Where each call of the build leaves a line: the user id that it ran with. */
  final Path builds;

  /** What a launcher printed, and its exit status. */
  record Outcome(int status, List<String> out, List<String> err) {}

  Checkout(Path base) throws IOException {
    this.base = Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
    folder = Files.createDirectories(base.resolve("checkout"));
    jvms = Files.createDirectories(base.resolve("jvm"));
    tools = Files.createDirectories(base.resolve("tools"));
    builds = base.resolve("builds");
    script(folder.resolve("bailey"), Files.readString(HOME.resolve("bailey")));
    Files.createDirectories(folder.resolve("tools"));
    Files.writeString(
        folder.resolve("tools/jdk.sh"),
        Files.readString(HOME.resolve("tools/jdk.sh")).replace("/usr/lib/jvm", jvms.toString()));
    source("core/src/main/java/A.java");
    Files.writeString(folder.resolve("pom.xml"), "");
    Files.writeString(folder.resolve("core/pom.xml"), "");
    for (var tool :
        List.of(
            "cut",
            "env",
            "find",
            "flock",
            "getent",
            "grep",
            "head",
            "id",
            "mkdir",
            "readlink",
            "setpriv",
            "sh",
            "stat",
            "touch",
            "cat",
            "chmod",
            "gcc")) {
      tool(tool);
    }
    jdk("jdk-25", "25.0.3+9");
    mavenMakes("");
  }

  private void tool(String tool) throws IOException {
    for (var bin : List.of("/usr/bin", "/bin", "/usr/sbin")) {
      if (Files.exists(Path.of(bin, tool))) {
        script(tools.resolve(tool), "#!/bin/sh\nexec %s/%s \"$@\"\n".formatted(bin, tool));
        return;
      }
    }
    script(tools.resolve(tool), "#!/bin/sh\n"); // a C compiler need only be there
  }

  static Path script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  Path source(String name) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "");
  }

  /** A JDK with this {@code JAVA_RUNTIME_VERSION}. */
  Path jdk(String name, String version) throws IOException {
    var jdk = Files.createDirectories(jvms.resolve(name));
    Files.createDirectories(jdk.resolve("bin"));
    script(jdk.resolve("bin/java"), "#!/bin/sh\n");
    script(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    Files.writeString(
        jdk.resolve("release"),
        "IMPLEMENTOR=\"A\"\nJAVA_RUNTIME_VERSION=\"%s\"\nJAVA_VERSION=\"%s\"\n"
            .formatted(version, version.replaceAll("\\+.*", "")));
    return jdk;
  }

  /**
   * Has the build run {@code commands}, then make a distribution whose program prints its name and
   * its arguments.
   */
  void mavenMakes(String commands) throws IOException {
    script(
        folder.resolve("mvnw"),
        """
        #!/bin/sh
        id -u >> %s
        %s
        mkdir -p cli/target/dist/lib cli/target/dist/bin
        cd cli/target/dist
        printf '%%s/bin/java\\n' "$JAVA_HOME" > lib/launch
        printf '#!/bin/sh\\nprintf "%%%%s\\\\n" "$0" "$@"\\n' > bin/bailey
        chmod 755 bin/bailey
        touch lib/built
        """
            .formatted(builds, commands));
  }

  int buildCount() throws IOException {
    return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
  }

  /** Makes {@code file} newer than the last build. */
  void change(Path file) throws IOException {
    var built = Files.getLastModifiedTime(folder.resolve("cli/target/dist/lib/built"));
    Files.setLastModifiedTime(file, FileTime.from(built.toInstant().plusSeconds(1)));
  }

  /**
   * Moves all into the past, the build after the sources, so that what happens now is surely newer.
   */
  void age() throws IOException {
    var now = Instant.now();
    try (var files = Files.walk(folder)) {
      for (var file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(now.minusSeconds(60)));
      }
    }
    var built = folder.resolve("cli/target/dist/lib/built");
    Files.setLastModifiedTime(built, FileTime.from(now.minusSeconds(30)));
  }

  Process start(List<String> command) throws IOException {
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("HOME", base.toString());
    return builder.start();
  }

  Outcome run(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("./bailey"));
    command.addAll(List.of(arguments));
    return outcome(start(command));
  }

  static Outcome outcome(Process process) throws Exception {
    process.getOutputStream().close();
    var out = process.inputReader(UTF_8).lines().toList();
    var err = process.errorReader(UTF_8).lines().toList();
    return new Outcome(process.waitFor(), out, err);
  }
}
