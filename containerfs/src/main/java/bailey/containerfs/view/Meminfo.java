package bailey.containerfs.view;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * /proc/meminfo (proc_meminfo(5)) of a container. Total is its limit, the lowest of its own and
 * those around it; free and available are the least that is left anywhere on the way up, the
 * machine itself included, since that is what it can have.
 */
public final class Meminfo {
  private static final long KIB = 1024;
  private static final List<String> NOT_DIVIDED =
      List.of("Buffers", "NFS_Unstable", "Bounce", "WritebackTmp");

  private final Map<String, Long> machine;
  private final Map<String, Long> own = new HashMap<>();

  private Meminfo(Map<String, Long> machine) {
    this.machine = machine;
  }

  /** Total, free and the like of swap, in bytes. */
  public record Swap(long total, long used) {
    /** Of a container, from the innermost group to the outermost. */
    static Swap of(Map<String, Long> machine, List<MemoryLevel> levels) {
      long total = machine.getOrDefault("SwapTotal", 0L);
      for (var level : levels) {
        total = Math.min(total, level.swapLimit());
      }
      return new Swap(total, Math.min(total, levels.getFirst().swapped()));
    }
  }

  /** Of a container in these groups: its own first, then those around it; none: the machine's. */
  public static Swap swap(String machine, List<MemoryLevel> levels) {
    var parsed = parse(machine);
    if (levels.isEmpty()) {
      long total = parsed.getOrDefault("SwapTotal", 0L);
      return new Swap(total, total - parsed.getOrDefault("SwapFree", 0L));
    }
    return Swap.of(parsed, levels);
  }

  /**
   * The text.
   *
   * @param text the machine's
   * @param levels its own group first, then those that limit it further: as {@link #swap}
   */
  public static String render(String text, List<MemoryLevel> levels) {
    if (levels.isEmpty()) {
      return text;
    }
    var meminfo = new Meminfo(parse(text));
    meminfo.limits(levels);
    meminfo.parts(levels.getFirst().stat());
    return meminfo.put(text);
  }

  private static Map<String, Long> parse(String text) {
    var all = new HashMap<String, Long>();
    text.lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0 && line.endsWith(" kB")) {
                all.put(
                    line.substring(0, colon),
                    Figures.one(line.substring(colon + 1, line.length() - 3)) * KIB);
              }
            });
    return all;
  }

  private long ofMachine(String name) {
    return machine.getOrDefault(name, 0L);
  }

  private void limits(List<MemoryLevel> levels) {
    long total = ofMachine("MemTotal");
    long free = ofMachine("MemFree");
    long available = ofMachine("MemAvailable");
    for (var level : levels) {
      total = Math.min(total, level.limit());
      free = Math.min(free, level.free());
      available = Math.min(available, level.available());
    }
    own.put("MemTotal", total);
    own.put("MemFree", Math.min(total, free));
    own.put("MemAvailable", Math.min(total, available));
    var swap = Swap.of(machine, levels);
    own.put("SwapTotal", swap.total());
    own.put("SwapFree", Math.min(swap.total() - swap.used(), ofMachine("SwapFree")));
    own.put("CommitLimit", commitLimit(total, swap.total()));
  }

  /** The machine's rule (vm.overcommit_ratio) for what the container has. */
  private long commitLimit(long total, long swap) {
    double ratio =
        (double) (ofMachine("CommitLimit") - ofMachine("SwapTotal"))
            / Math.max(1, ofMachine("MemTotal"));
    return Math.round(Math.max(0, ratio) * total) / KIB * KIB + swap;
  }

  private void parts(MemoryStat stat) {
    own.put("Cached", stat.file());
    own.put("SwapCached", stat.swapCached());
    own.put("Active", stat.activeAnon() + stat.activeFile());
    own.put("Inactive", stat.inactiveAnon() + stat.inactiveFile());
    own.put("Active(anon)", stat.activeAnon());
    own.put("Inactive(anon)", stat.inactiveAnon());
    own.put("Active(file)", stat.activeFile());
    own.put("Inactive(file)", stat.inactiveFile());
    own.put("Unevictable", stat.unevictable());
    own.put("Mlocked", Math.min(stat.unevictable(), ofMachine("Mlocked")));
    own.put("Dirty", stat.dirty());
    own.put("Writeback", stat.writeback());
    own.put("AnonPages", stat.anon());
    own.put("Mapped", stat.mapped());
    own.put("Shmem", stat.shmem());
    own.put("KReclaimable", stat.slabReclaimable());
    own.put("SReclaimable", stat.slabReclaimable());
    own.put("SUnreclaim", stat.slabUnreclaimable());
    own.put("Slab", stat.slabReclaimable() + stat.slabUnreclaimable());
    own.put("KernelStack", stat.kernelStack());
    own.put("PageTables", stat.pageTables());
    own.put("Percpu", stat.perCpu());
    own.put("AnonHugePages", stat.anonHuge());
    own.put("FileHugePages", stat.fileHuge());
    own.put("ShmemHugePages", stat.shmemHuge());
    own.put("Zswap", stat.compressed());
    own.put("Zswapped", stat.uncompressed());
    NOT_DIVIDED.forEach(name -> own.put(name, 0L));
  }

  /** In the machine's lines, of which those that are unknown or concern no limit stay. */
  private String put(String text) {
    var out = new StringBuilder(text.length());
    text.lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              Optional.of(line)
                  .filter(known -> colon > 0 && known.endsWith(" kB"))
                  .map(known -> own.get(known.substring(0, colon)))
                  .ifPresentOrElse(
                      bytes -> line(out, line, colon, bytes / KIB), () -> out.append(line));
              out.append('\n');
            });
    return out.toString();
  }

  /** With the number at the end of the same column. */
  private static void line(StringBuilder out, String line, int colon, long kib) {
    var digits = Long.toString(kib);
    out.append(line, 0, colon + 1);
    int width = line.length() - " kB".length() - (colon + 1);
    out.append(" ".repeat(Math.max(1, width - digits.length()))).append(digits).append(" kB");
  }
}
