package bailey.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.kernel.Pipe;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import org.junit.jupiter.api.Test;

class LinuxPipeTest {
  @Test
  void toAProgram() throws Exception {
    try (var pipe = LinuxPipe.open(Pipe.Direction.TO_PROGRAM)) {
      try (var program = new FileInputStream("/proc/self/fd/" + pipe.far())) {
        pipe.releaseFar();
        pipe.write("xhello".getBytes(UTF_8), 1, 5);
        assertThat(program.readNBytes(5)).asString(UTF_8).isEqualTo("hello");
      }
      assertThatThrownBy(() -> pipe.write(new byte[1], 0, 1))
          .isInstanceOf(Pipe.Broken.class)
          .hasMessageContaining("Broken pipe");
      assertThatThrownBy(() -> pipe.read(new byte[1], 0, 1))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void fromAProgram() throws Exception {
    try (var pipe = LinuxPipe.open(Pipe.Direction.FROM_PROGRAM)) {
      try (var program = new FileOutputStream("/proc/self/fd/" + pipe.far())) {
        pipe.releaseFar();
        assertThat(pipe.available()).isZero();
        program.write("hello".getBytes(UTF_8));
        assertThat(pipe.available()).isEqualTo(5);
      }
      byte[] text = new byte[9];
      assertThat(pipe.read(text, 2, 7)).isEqualTo(5);
      assertThat(new String(text, 2, 5, UTF_8)).isEqualTo("hello");
      assertThat(pipe.read(text, 0, 1)).isEqualTo(-1);
      assertThatThrownBy(() -> pipe.write(text, 0, 1)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closesBothEnds() throws Exception {
    LinuxPipe.open(Pipe.Direction.TO_PROGRAM).close();
    int before = descriptors();
    for (var direction : Pipe.Direction.values()) {
      var pipe = LinuxPipe.open(direction);
      assertThat(descriptors()).isEqualTo(before + 2);
      pipe.close();
      pipe.close();
      assertThat(descriptors()).isEqualTo(before);
      assertThatThrownBy(pipe::far).isInstanceOf(IllegalStateException.class);
    }
  }

  private static int descriptors() {
    var names = new File("/proc/self/fd").list();
    assertThat(names).isNotNull();
    return names.length;
  }
}
