package bailey.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.ContainerKeys;
import bailey.core.error.StateDamaged;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The secret of a state directory. */
class SecretFileTest {
  @TempDir Path folder;

  private byte[] read() {
    return SecretFile.read(folder, "secret");
  }

  @Test
  void itStaysWhatItIs() {
    assertThat(read()).hasSize(ContainerKeys.SECRET).isEqualTo(read());
  }

  @Test
  void onlyItsUserMayReadIt() throws IOException {
    read();
    var mode = Files.getPosixFilePermissions(folder.resolve("secret"));
    assertThat(PosixFilePermissions.toString(mode)).isEqualTo("rw-------");
  }

  @Test
  void allWhoAskAtOnceGetTheSame() throws InterruptedException, ExecutionException {
    try (var threads = Executors.newFixedThreadPool(8)) {
      Callable<String> ask = () -> new String(read(), StandardCharsets.ISO_8859_1);
      var seen = new HashSet<String>();
      for (var answer : threads.invokeAll(Stream.generate(() -> ask).limit(64).toList())) {
        seen.add(answer.get());
      }
      assertThat(seen).hasSize(1);
    }
    assertThat(folder.toFile().list()).containsExactly("secret");
  }

  @Test
  void oneThatIsDamagedIsRefused() throws IOException {
    Files.writeString(folder.resolve("secret"), "short");
    assertThatThrownBy(this::read)
        .isInstanceOf(StateDamaged.class)
        .hasMessage(folder + "/secret has 5 bytes, not 16; remove it");
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Files.createSymbolicLink(folder.resolve("secret"), Path.of("/dev/zero"));
    assertThatThrownBy(this::read).isInstanceOf(StateDamaged.class);
  }
}
