package bailey.linux.proc;

/** How much memory a process has, from /proc/PID/status (proc_pid_status(5)). */
public final class ResidentMemory {
  private ResidentMemory() {}

  /**
   * Bytes of anonymous and shared memory: what is charged to a group because of this process, and
   * not because a file was read. 0 where the file does not tell (before Linux 4.5, threads of the
   * kernel).
   */
  public static long unshared(String status) {
    return kibibytes(status, "RssAnon:") + kibibytes(status, "RssShmem:");
  }

  private static long kibibytes(String status, String field) {
    for (var line : KernelFile.lines(status)) {
      if (line.startsWith(field)) {
        var words = KernelFile.words(line.substring(field.length()));
        return words.isEmpty() ? 0 : Digits.decimal(words.getFirst()).orElse(0) * 1024;
      }
    }
    return 0;
  }
}
