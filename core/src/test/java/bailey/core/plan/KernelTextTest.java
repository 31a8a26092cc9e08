package bailey.core.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.abi.KernelText;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes of the kernel survive being Java strings. */
class KernelTextTest {
  @Test
  void anyBytesComeBack() {
    var random = new Random(20261122);
    for (int round = 0; round < 20_000; round++) {
      var bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      String text = KernelText.decode(bytes, 0, bytes.length);
      assertThat(KernelText.encode(text)).containsExactly(bytes);
    }
  }

  @Test
  void validTextIsUtf8() {
    for (var text : new String[] {"", "plain", "h\u00e9", "\u4e16\u754c", "\ud83c\udff0 bailey"}) {
      byte[] bytes = text.getBytes(UTF_8);
      assertThat(KernelText.encode(text)).containsExactly(bytes);
      assertThat(KernelText.decode(bytes, 0, bytes.length)).isEqualTo(text);
    }
  }

  @Test
  void longerThanNeededAndSurrogatesAreNotText() {
    byte[] overlong = {(byte) 0xC0, (byte) 0xAF};
    assertThat(KernelText.decode(overlong, 0, 2)).isEqualTo("\udcc0\udcaf");
    byte[] surrogate = {(byte) 0xED, (byte) 0xA0, (byte) 0x80};
    assertThat(KernelText.decode(surrogate, 0, 3)).isEqualTo("\udced\udca0\udc80");
  }
}
