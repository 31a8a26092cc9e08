package bailey;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How and why a container ended, and what it used.
 *
 * @param name of the container
 * @param command program and arguments; of a very long command the first ones
 * @param started when it was made
 * @param ended when its end was seen
 * @param exitCode of its command, 0 to 255, if that exited
 * @param signal that killed its command, if one did
 * @param limit which limit ended it or stood in its way: {@code memory}, {@code pids}, {@code
 *     timeout}
 * @param outOfMemory whether the kernel killed a task of it for memory
 * @param victim who was killed for memory, if somebody was
 * @param peakMemoryBytes the most memory it had
 * @param memoryLimitBytes how much it might have had
 * @param cpuMicros processor time that it used, microseconds
 * @param throttledMicros time for which it was held back by {@code cpu.max}, microseconds
 * @param peakTasks the most tasks it had
 * @param refusedTasks how often it could not make a task because of {@code pids.max}
 */
public record ExitReport(
    String name,
    List<String> command,
    Instant started,
    Instant ended,
    OptionalInt exitCode,
    OptionalInt signal,
    Optional<String> limit,
    boolean outOfMemory,
    Optional<String> victim,
    OptionalLong peakMemoryBytes,
    OptionalLong memoryLimitBytes,
    OptionalLong cpuMicros,
    OptionalLong throttledMicros,
    OptionalLong peakTasks,
    OptionalLong refusedTasks) {
  /** {@link #limit} where its time ran out. */
  public static final String TIMEOUT = "timeout";

  /** {@link #limit} where a task was killed for memory. */
  public static final String MEMORY = "memory";

  /** {@link #limit} where a task could not be made. */
  public static final String PIDS = "pids";

  /** Copies. */
  public ExitReport {
    command = List.copyOf(command);
  }

  /** How long it ran. */
  public Duration lasted() {
    return Duration.between(started, ended);
  }

  /** The exit status as a shell has it: that of the command, or 128 and the signal. */
  public int status() {
    return exitCode.isPresent() ? exitCode.getAsInt() : 128 + signal.orElse(0);
  }

  /** Why it ended, as one sentence. */
  public String sentence() {
    var text = new StringBuilder(name).append(' ').append(end());
    limit.ifPresent(
        which ->
            text.append(
                switch (which) {
                  case TIMEOUT -> " because its time was up";
                  case MEMORY -> outOfMemoryClause();
                  case PIDS ->
                      ", it could not start a task "
                          + times(refusedTasks.orElse(0))
                          + " because of pids.max";
                  default -> " because of its limit of " + which;
                }));
    return text.append(" after ").append(duration(lasted())).toString();
  }

  private String end() {
    return signal.isPresent()
        ? "was killed by signal " + signal.getAsInt() + name(signal.getAsInt())
        : "exited with status " + exitCode.orElse(0);
  }

  private String outOfMemoryClause() {
    var clause = new StringBuilder();
    clause
        .append(signal.isPresent() ? " because it needed" : ", a task of it was killed that needed")
        .append(" more memory than it may have");
    memoryLimitBytes.ifPresent(bytes -> clause.append(" (").append(bytes).append(" bytes)"));
    return clause.toString();
  }

  private static String times(long n) {
    return n == 1 ? "once" : n + " times";
  }

  private static String name(int signal) {
    return switch (signal) {
      case 1 -> " (HUP)";
      case 2 -> " (INT)";
      case 3 -> " (QUIT)";
      case 4 -> " (ILL)";
      case 6 -> " (ABRT)";
      case 7 -> " (BUS)";
      case 8 -> " (FPE)";
      case 9 -> " (KILL)";
      case 11 -> " (SEGV)";
      case 13 -> " (PIPE)";
      case 14 -> " (ALRM)";
      case 15 -> " (TERM)";
      case 24 -> " (XCPU)";
      case 31 -> " (SYS)";
      default -> "";
    };
  }

  /** {@code 12 ms}, {@code 3.4 s}, {@code 5 min 6 s}, {@code 7 h 8 min}. */
  private static String duration(Duration time) {
    long millis = Math.max(0, time.toMillis());
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    return time.toHours() == 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : time.toHours() + " h " + time.toMinutesPart() + " min";
  }
}
