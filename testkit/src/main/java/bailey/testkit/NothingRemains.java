package bailey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Compares the machine before and after each test: mounts of containers, control groups below
 * bailey's, descendants of this process, descriptors that are easily lost. What others do on the
 * machine meanwhile does not matter. Runs around the methods before and after each test.
 */
public final class NothingRemains implements BeforeEachCallback, AfterEachCallback {
  /** Where the kernel says where its hierarchies are. */
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private static final List<String> LEAKY = List.of("pipe:", "socket:", "anon_inode:[pidfd]");

  private final Predicate<String> ours;
  private Map<String, List<String>> before = Map.of();

  /**
   * A check.
   *
   * @param ours whether a group or mount, by its path, is one that the test may have made
   */
  public NothingRemains(Predicate<String> ours) {
    this.ours = ours;
  }

  /** What the names of all groups of a state directory end in that is not the usual one. */
  public static String groupSuffix(String state) {
    var crc = new CRC32();
    crc.update(state.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "-%08x", crc.getValue());
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    before = look();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    assertThat(look()).as("what is left of %s", context.getDisplayName()).isEqualTo(before);
  }

  private Map<String, List<String>> look() {
    var found = new TreeMap<String, List<String>>();
    found.put("mounts", mounts());
    found.put("cgroups", groups());
    found.put("processes", processes());
    found.put("descriptors", descriptors());
    return found;
  }

  private List<String> mounts() {
    try {
      return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream().filter(ours).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> groups() {
    var found = new TreeSet<String>();
    for (var hierarchy : list(CGROUPS)) {
      for (var group : list(hierarchy)) {
        if (ours.test(group.toString())) {
          found.add(group.toString());
          list(group).stream().filter(Files::isDirectory).forEach(g -> found.add(g.toString()));
        }
      }
    }
    list(CGROUPS).stream().map(Path::toString).filter(ours).forEach(found::add); // v2 alone
    return List.copyOf(found);
  }

  private static List<Path> list(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    } catch (IOException e) {
      return List.of(); // gone meanwhile
    }
  }

  private static List<String> processes() {
    return ProcessHandle.current()
        .descendants()
        .filter(ProcessHandle::isAlive)
        .map(p -> p.pid() + " " + p.info().commandLine().orElse(""))
        .sorted()
        .toList();
  }

  private static List<String> descriptors() {
    return list(Path.of("/proc/self/fd")).stream()
        .map(link -> link.getFileName() + " " + target(link))
        .filter(text -> LEAKY.stream().anyMatch(kind -> text.contains(" " + kind)))
        .sorted()
        .toList();
  }

  /** Empty for the descriptor by which the directory itself was read. */
  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException _) {
      return "";
    }
  }
}
