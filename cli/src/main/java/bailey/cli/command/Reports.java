package bailey.cli.command;

import bailey.ExitReport;
import bailey.cli.output.Colour;
import bailey.cli.output.HumanText;
import bailey.cli.output.Json;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Exit reports for people and for programs. */
final class Reports {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private static final int NAME_WIDTH = 13;

  private Reports() {}

  /** One sentence, then what it used; times as in {@code zone}. */
  static String text(ExitReport report, ZoneId zone, Colour colour) {
    var out = new StringBuilder();
    String sentence = HumanText.printable(report.sentence());
    out.append(report.status() == 0 ? sentence : colour.red(sentence)).append('\n');
    line(out, "command", HumanText.printable(HumanText.command(report.command())));
    line(
        out,
        "time",
        TIME.format(report.started().atZone(zone))
            + " to "
            + TIME.format(report.ended().atZone(zone)));
    line(
        out,
        "memory",
        "at most "
            + HumanText.bytes(report.peakMemoryBytes())
            + known(report.memoryLimitBytes(), " of ", HumanText.bytes(report.memoryLimitBytes())));
    line(
        out,
        "CPU",
        HumanText.micros(report.cpuMicros())
            + positive(
                report.throttledMicros(),
                ", held back for " + HumanText.micros(report.throttledMicros())));
    line(
        out,
        "tasks",
        "at most "
            + HumanText.number(report.peakTasks())
            + positive(
                report.refusedTasks(), ", refused " + HumanText.number(report.refusedTasks())));
    report.victim().ifPresent(victim -> line(out, "killed", HumanText.printable(victim)));
    return out.toString();
  }

  private static void line(StringBuilder out, String name, String value) {
    out.append("  ").append(name).append(" ".repeat(NAME_WIDTH - name.length()));
    out.append(value).append('\n');
  }

  private static String known(OptionalLong value, String before, String text) {
    return value.isPresent() ? before + text : "";
  }

  private static String positive(OptionalLong value, String text) {
    return value.orElse(0) > 0 ? text : "";
  }

  /** Everything, exact. */
  static String json(ExitReport report) {
    return Json.pretty(
        out -> {
          out.writeStartObject();
          out.writeStringField("name", report.name());
          Json.strings(out, "command", report.command());
          out.writeStringField("sentence", report.sentence());
          out.writeStringField("started", report.started().toString());
          out.writeStringField("ended", report.ended().toString());
          out.writeNumberField("status", report.status());
          Json.number(out, "exitCode", wide(report.exitCode()));
          Json.number(out, "signal", wide(report.signal()));
          Json.text(out, "limit", report.limit());
          out.writeBooleanField("outOfMemory", report.outOfMemory());
          Json.text(out, "victim", report.victim());
          Json.number(out, "peakMemoryBytes", report.peakMemoryBytes());
          Json.number(out, "memoryLimitBytes", report.memoryLimitBytes());
          Json.number(out, "cpuMicros", report.cpuMicros());
          Json.number(out, "throttledMicros", report.throttledMicros());
          Json.number(out, "peakTasks", report.peakTasks());
          Json.number(out, "refusedTasks", report.refusedTasks());
          out.writeEndObject();
        });
  }

  private static OptionalLong wide(OptionalInt value) {
    return value.isPresent() ? OptionalLong.of(value.getAsInt()) : OptionalLong.empty();
  }
}
