package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The only file of a kept plan in a folder, by its format (kept.h). To see whether a plan is done
 * that was kept, it is changed to say {@code bad} where the call says {@code one}.
 */
public final class KeptFile {
  private static final int PLAN_AT = 16;
  private static final int SUM_AT = 32;

  private final Path folder;

  /** In the folder of a planner's socket. */
  public KeptFile(Path folder) {
    this.folder = folder;
  }

  /** All there are, of which there should be one. */
  public List<Path> all() throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("plan-")).toList();
    }
  }

  /** The file. */
  public Path path() throws IOException {
    var plans = all();
    assertThat(plans).hasSize(1);
    return plans.getFirst();
  }

  /** Has the plan in it say bad; returns what it is then. */
  public byte[] sayBad() throws IOException {
    var bytes = Files.readAllBytes(path());
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    int plan = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(PLAN_AT);
    var bad = text.substring(0, plan) + text.substring(plan).replace("echo one", "echo bad");
    assertThat(bad).isNotEqualTo(text);
    return writeSummed(bad.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Changes the first byte of what was seen of something that the plan depends on. */
  public void changeFact(String nameEnd) throws IOException {
    var bytes = Files.readAllBytes(path());
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(nameEnd + "\0");
    assertThat(at).as(nameEnd).isPositive();
    bytes[at + nameEnd.length() + 1] ^= 1; // a kind is one letter
    var _ = writeSummed(bytes);
  }

  /** Writes it as it is. */
  public byte[] write(byte[] bytes) throws IOException {
    Files.write(path(), bytes);
    return bytes;
  }

  /** Writes it as the planner would have, with its sum. */
  public byte[] writeSummed(byte[] bytes) throws IOException {
    var words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(SUM_AT, 0);
    long sum = 0x9e3779b97f4a7c15L;
    for (int at = 0; at < bytes.length; at += 8) {
      sum = (sum ^ words.getLong(at)) * 0xff51afd7ed558ccdL;
      sum ^= sum >>> 32;
    }
    words.putLong(SUM_AT, sum);
    return write(bytes);
  }
}
