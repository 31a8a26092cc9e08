package bailey.containerfs.view;

import java.util.List;

/**
 * /proc/stat (proc_stat(5)). Not shown are the numbers of each interrupt: by them one watches when
 * keys are pressed on the machine. {@code btime} stays the machine's: the kernel tells of each
 * process when it started after that (proc_pid_stat(5)), and ps adds both.
 */
public final class Stat {
  private static final long TICK = 10_000_000;

  private Stat() {}

  /**
   * The time of a CPU, in nanoseconds.
   *
   * @param number of the CPU
   * @param idle it had nothing to do
   * @param stolen there was something to do, and it did not get the time
   */
  public record Line(int number, long user, long system, long idle, long stolen) {}

  /**
   * The text.
   *
   * @param machine the machine's, of whose lines those that are unknown stay
   * @param cpus one for each that it sees, rising
   */
  public static String render(String machine, List<Line> cpus, int running, int waiting) {
    var out = new StringBuilder(machine.length());
    machine
        .lines()
        .forEach(
            line -> {
              int space = line.indexOf(' ');
              var name = space < 0 ? line : line.substring(0, space);
              switch (name) {
                case "cpu" -> times(out, cpus);
                case "intr" -> out.append(line, 0, next(line, space + 1)).append('\n');
                case "procs_running" -> out.append("procs_running ").append(running).append('\n');
                case "procs_blocked" -> out.append("procs_blocked ").append(waiting).append('\n');
                default -> {
                  if (!name.matches("cpu[0-9]+")) {
                    out.append(line).append('\n');
                  }
                }
              }
            });
    return out.toString();
  }

  private static int next(String line, int from) {
    int space = line.indexOf(' ', from);
    return space < 0 ? line.length() : space;
  }

  private static void times(StringBuilder out, List<Line> cpus) {
    long user = 0;
    long system = 0;
    long idle = 0;
    long stolen = 0;
    for (var cpu : cpus) {
      user += cpu.user();
      system += cpu.system();
      idle += cpu.idle();
      stolen += cpu.stolen();
    }
    line(out, "cpu ", new Line(0, user, system, idle, stolen));
    cpus.forEach(cpu -> line(out, "cpu" + cpu.number(), cpu));
  }

  /** user nice system idle iowait irq softirq steal guest guest_nice, in ticks of 1/100 s. */
  private static void line(StringBuilder out, String name, Line times) {
    out.append(name)
        .append(' ')
        .append(times.user() / TICK)
        .append(" 0 ")
        .append(times.system() / TICK)
        .append(' ')
        .append(times.idle() / TICK)
        .append(" 0 0 0 ")
        .append(times.stolen() / TICK)
        .append(" 0 0\n");
  }
}
