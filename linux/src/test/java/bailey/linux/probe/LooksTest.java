package bailey.linux.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LooksTest {
  @TempDir Path folder;

  private final Looks looks = new Looks();
  private Path file;

  @BeforeEach
  void makeFile() throws IOException {
    file = Files.writeString(folder.resolve("file"), "one");
  }

  @Test
  void textOfTheSameTimeAndSize() throws IOException {
    assertThat(looks.text(file.toString())).isEqualTo("one");
    assertThat(looks.same()).isTrue();
    var time = Files.getLastModifiedTime(file);
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, FileTime.from(time.toInstant()));
    assertThat(looks.same()).isFalse();
    Files.writeString(file, "one");
    assertThat(looks.same()).isTrue();
  }

  @Test
  void textThatComesAndGoes() throws IOException {
    var other = folder.resolve("other");
    assertThat(looks.text(other.toString())).isEmpty();
    assertThat(looks.same()).isTrue();
    Files.writeString(other, ""); // an empty file is not a file that is not there
    assertThat(looks.same()).isFalse();
    Files.delete(other);
    assertThat(looks.text(file.toString())).isEqualTo("one");
    Files.delete(file);
    assertThat(looks.same()).isFalse();
  }

  @Test
  void textThatIsLong() throws IOException {
    var text = "0123456789abcdef".repeat(2048);
    Files.writeString(file, text);
    assertThat(looks.text(file.toString())).isEqualTo(text);
    assertThat(looks.same()).isTrue();
    Files.writeString(file, text.substring(1) + "-");
    assertThat(looks.same()).isFalse();
  }

  @Test
  void whatMayBeExecuted() throws IOException {
    assertThat(looks.executable(file.toString())).isFalse();
    assertThat(looks.same()).isTrue();
    assertThat(file.toFile().setExecutable(true)).isTrue();
    assertThat(looks.same()).isFalse();
  }

  @Test
  void whatMayBeWritten() throws IOException {
    assertThat(looks.writable(file.toString())).isTrue();
    assertThat(looks.same()).isTrue();
    Files.delete(file);
    assertThat(looks.same()).isFalse();
  }

  @Test
  void whatIsThere() throws IOException {
    assertThat(looks.exists(folder.resolve("other").toString())).isFalse();
    assertThat(looks.same()).isTrue();
    Files.createDirectory(folder.resolve("other"));
    assertThat(looks.same()).isFalse();
  }

  @Test
  void namesInDirectories() throws IOException {
    looks.names(List.of(folder.toString(), folder.resolve("other").toString()));
    assertThat(looks.same()).isTrue();
    Files.move(file, folder.resolve("renamed"));
    assertThat(looks.same()).isFalse();
    Files.move(folder.resolve("renamed"), file);
    assertThat(looks.same()).isTrue();
    Files.writeString(Files.createDirectory(folder.resolve("other")).resolve("file"), "");
    assertThat(looks.same()).isFalse();
  }
}
