package bailey.containerfs.view;

/**
 * What the memory of a control group is used for, in bytes. What v1 does not tell is 0.
 *
 * @param file cache of files, what is in tmpfs included
 */
public record MemoryStat(
    long anon,
    long file,
    long shmem,
    long mapped,
    long dirty,
    long writeback,
    long activeAnon,
    long inactiveAnon,
    long activeFile,
    long inactiveFile,
    long unevictable,
    long slabReclaimable,
    long slabUnreclaimable,
    long kernelStack,
    long pageTables,
    long perCpu,
    long swapCached,
    long anonHuge,
    long fileHuge,
    long shmemHuge,
    long compressed,
    long uncompressed) {
  /** Of memory.stat of v2. */
  static MemoryStat v2(String text) {
    var stat = Figures.parse(text);
    return new MemoryStat(
        stat.get("anon"),
        stat.get("file"),
        stat.get("shmem"),
        stat.get("file_mapped"),
        stat.get("file_dirty"),
        stat.get("file_writeback"),
        stat.get("active_anon"),
        stat.get("inactive_anon"),
        stat.get("active_file"),
        stat.get("inactive_file"),
        stat.get("unevictable"),
        stat.get("slab_reclaimable"),
        stat.get("slab_unreclaimable"),
        stat.get("kernel_stack"),
        stat.get("pagetables"),
        stat.get("percpu"),
        stat.get("swapcached"),
        stat.get("anon_thp"),
        stat.get("file_thp"),
        stat.get("shmem_thp"),
        stat.get("zswap"),
        stat.get("zswapped"));
  }

  /** Of memory.stat of v1, where the sums with the groups in it have names of their own. */
  static MemoryStat v1(Figures stat) {
    return new MemoryStat(
        total(stat, "rss"),
        total(stat, "cache"),
        total(stat, "shmem"),
        total(stat, "mapped_file"),
        total(stat, "dirty"),
        total(stat, "writeback"),
        total(stat, "active_anon"),
        total(stat, "inactive_anon"),
        total(stat, "active_file"),
        total(stat, "inactive_file"),
        total(stat, "unevictable"),
        0,
        0,
        0,
        0,
        0,
        total(stat, "swapcached"),
        total(stat, "rss_huge"),
        0,
        0,
        0,
        0);
  }

  private static long total(Figures stat, String name) {
    return stat.first("total_" + name, name);
  }

  /** What the kernel takes back when memory gets short, without swapping. */
  long reclaimable() {
    return activeFile + inactiveFile + slabReclaimable;
  }
}
