package bailey.kernel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.containerfs.ContainerFs;
import bailey.linux.fuse.LinuxFileServing;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The containers of an engine as files, and programs that use them. */
final class MountedFiles implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  /** Nothing is mounted. */
  static final MountedFiles NONE = new MountedFiles(Path.of("/nonexistent"), null);

  private final Path top;
  private final @Nullable ContainerFs files;

  private MountedFiles(Path top, @Nullable ContainerFs files) {
    this.top = top;
    this.files = files;
  }

  static MountedFiles of(Engine engine) throws IOException {
    KernelAbility.require(Files.exists(Path.of("/dev/fuse")), "/dev/fuse");
    var top = Files.createDirectory(engine.folder().resolve("files"));
    return new MountedFiles(
        top,
        ContainerFs.mount(
            new LinuxFileServing(), engine.system(), top.toString(), Optional.empty()));
  }

  @Override
  public void close() {
    if (files != null) {
      files.close();
    }
  }

  Path top() {
    return top;
  }

  /** A container's directory. */
  Path path(String name) {
    return top.resolve("default").resolve(name);
  }

  record Result(int status, String out) {}

  /** Runs a script in the hierarchy's directory; what it leaves running, it must end itself. */
  Result sh(String script) throws IOException {
    var process =
        new ProcessBuilder("bash", "-c", script)
            .directory(top.resolve("default").toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(script).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return new Result(process.exitValue(), out);
  }

  String out(String script) throws IOException {
    var result = sh(script);
    assertThat(result.status()).as("%s: %s", script, result.out()).isZero();
    return result.out();
  }
}
