package bailey.containerfs.view;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * /proc/diskstats (Documentation/admin-guide/iostats.rst) of a container: the disks that it has
 * used, with what it read, wrote and discarded. How long that took the kernel does not tell.
 */
public final class Diskstats {
  private static final long SECTOR = 512;

  private final Map<String, Map<Count, Long>> disks = new HashMap<>();

  private Diskstats() {}

  /** What is counted of a disk, in this order. */
  private enum Count {
    READS,
    READ_BYTES,
    WRITES,
    WRITTEN_BYTES,
    DISCARDS,
    DISCARDED_BYTES
  }

  /** From io.stat of v2: {@code 8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6}. */
  public static Diskstats v2(String text) {
    var stats = new Diskstats();
    text.lines()
        .forEach(
            line -> {
              var words = line.split(" ", -1);
              for (int i = 1; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                var count = equals < 0 ? null : counted(words[i].substring(0, equals));
                if (count != null) {
                  stats.add(words[0], count, words[i].substring(equals + 1));
                }
              }
            });
    return stats;
  }

  private static @Nullable Count counted(String name) {
    return switch (name) {
      case "rios" -> Count.READS;
      case "rbytes" -> Count.READ_BYTES;
      case "wios" -> Count.WRITES;
      case "wbytes" -> Count.WRITTEN_BYTES;
      case "dios" -> Count.DISCARDS;
      case "dbytes" -> Count.DISCARDED_BYTES;
      default -> null;
    };
  }

  /**
   * From v1: lines such as {@code 8:0 Read 4096}.
   *
   * @param serviced blkio.throttle.io_serviced_recursive
   * @param bytes blkio.throttle.io_service_bytes_recursive
   */
  public static Diskstats v1(String serviced, String bytes) {
    var stats = new Diskstats();
    stats.addV1(serviced, Count.READS, Count.WRITES, Count.DISCARDS);
    stats.addV1(bytes, Count.READ_BYTES, Count.WRITTEN_BYTES, Count.DISCARDED_BYTES);
    return stats;
  }

  private void addV1(String text, Count read, Count write, Count discard) {
    text.lines()
        .map(line -> line.split(" ", -1))
        .filter(words -> words.length == 3)
        .forEach(
            words -> {
              switch (words[1]) {
                case "Read" -> add(words[0], read, words[2]);
                case "Write" -> add(words[0], write, words[2]);
                case "Discard" -> add(words[0], discard, words[2]);
                default -> {} // the same, counted in another way
              }
            });
  }

  private void add(String disk, Count count, String number) {
    disks
        .computeIfAbsent(disk, _ -> new EnumMap<>(Count.class))
        .merge(count, Figures.one(number), Long::sum);
  }

  /** The text: in the machine's order, which also tells the disks' names. */
  public String render(String machine) {
    var out = new StringBuilder();
    machine
        .lines()
        .forEach(
            line -> {
              var words = line.strip().split("\\s+", -1);
              var counts = words.length < 3 ? null : disks.get(words[0] + ":" + words[1]);
              if (counts != null) {
                out.append(line(words, counts)).append('\n');
              }
            });
    return out.toString();
  }

  private static String line(String[] words, Map<Count, Long> counts) {
    return String.format(
        Locale.ROOT,
        "%4s %7s %s %d 0 %d 0 %d 0 %d 0 0 0 0 %d 0 %d 0 0 0",
        words[0],
        words[1],
        words[2],
        counts.getOrDefault(Count.READS, 0L),
        counts.getOrDefault(Count.READ_BYTES, 0L) / SECTOR,
        counts.getOrDefault(Count.WRITES, 0L),
        counts.getOrDefault(Count.WRITTEN_BYTES, 0L) / SECTOR,
        counts.getOrDefault(Count.DISCARDS, 0L),
        counts.getOrDefault(Count.DISCARDED_BYTES, 0L) / SECTOR);
  }
}
