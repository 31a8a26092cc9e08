package bailey.core.kernel;

/**
 * Files in which the kernel tells of the whole machine what programs take for theirs: those of
 * which a container can be shown its own (proc(5), Documentation/accounting/psi.rst, {@code
 * Documentation/ABI/testing/sysfs-devices-system-cpu}).
 */
public enum ProcFile {
  /** Memory and swap. */
  MEMINFO("meminfo", "/proc/meminfo"),
  /** A paragraph for each CPU. */
  CPUINFO("cpuinfo", "/proc/cpuinfo"),
  /** Time of all CPUs and of each. */
  STAT("stat", "/proc/stat"),
  /** Seconds since the start, and of all CPUs idle. */
  UPTIME("uptime", "/proc/uptime"),
  /** How many tasks ran or waited for a disk. */
  LOADAVG("loadavg", "/proc/loadavg"),
  /** Where is swapped to. */
  SWAPS("swaps", "/proc/swaps"),
  /** What was read and written. */
  DISKSTATS("diskstats", "/proc/diskstats"),
  /** Time that was lost for want of CPUs. */
  PRESSURE_CPU("pressure.cpu", "/proc/pressure/cpu"),
  /** Time that was lost for want of disks. */
  PRESSURE_IO("pressure.io", "/proc/pressure/io"),
  /** Time that was lost for want of memory. */
  PRESSURE_MEMORY("pressure.memory", "/proc/pressure/memory"),
  /** The CPUs that can be used. */
  CPU_ONLINE("online", "/sys/devices/system/cpu/online");

  private final String fileName;
  private final String path;

  ProcFile(String fileName, String path) {
    this.fileName = fileName;
    this.path = path;
  }

  /** What stands for it in a directory that has all of them. */
  public String fileName() {
    return fileName;
  }

  /** Where the kernel has it. */
  public String path() {
    return path;
  }
}
