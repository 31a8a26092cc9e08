package bailey.linux.sys;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.linux.proc.KernelFile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilePagesTest {
  private static long kibibytes(String field) {
    return KernelFile.readOrEmpty("/proc/self/status")
        .lines()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theProcessGoesOnWithLess() {
    long before = kibibytes("RssFile:");
    long own = kibibytes("RssAnon:");
    FilePages.release();
    assertThat(kibibytes("RssFile:")).isLessThan(before);
    assertThat(kibibytes("RssAnon:")).isGreaterThan(own / 2);
    var numbers = new ArrayList<>(List.of(3, 1, 2));
    numbers.sort(null);
    assertThat(numbers).containsExactly(1, 2, 3);
  }
}
