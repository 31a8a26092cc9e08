package bailey.core.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Plans as text, a step a line, in the manner of strace, with what asked for each step. */
public final class PlanText {
  private PlanText() {}

  /** One line of a printed plan. */
  public record Line(int number, int depth, String step, String what, String because) {}

  /** The lines of {@code plan}, in the order of {@link Plan#flattened}. */
  public static List<Line> lines(Plan plan) {
    var lines = new ArrayList<Line>();
    add(plan.steps(), 0, lines);
    return lines;
  }

  private static void add(List<Step> steps, int depth, List<Line> lines) {
    for (var step : steps) {
      var note = step.note();
      lines.add(new Line(lines.size() + 1, depth, text(step), note.what(), note.because()));
      add(Plan.inside(step), depth + 1, lines);
    }
  }

  /** The whole plan, columns aligned to {@code width} characters for the step. */
  public static String print(Plan plan, int width) {
    var out = new StringBuilder();
    for (var line : lines(plan)) {
      String step = "  ".repeat(line.depth()) + line.step();
      out.append(String.format(Locale.ROOT, "%4d  ", line.number())).append(step);
      if (!line.because().isEmpty()) {
        if (step.length() > width) {
          out.append("\n      ").append(" ".repeat(width));
        } else {
          out.append(" ".repeat(width - step.length()));
        }
        out.append("  # ").append(line.because());
      }
      out.append('\n');
    }
    return out.toString();
  }

  /** One step, without its note. */
  public static String text(Step step) {
    return switch (step) {
      case Step.Call call -> call(call);
      case Step.Attempt attempt ->
          call(attempt.call())
              + ", unless "
              + attempt.errors().stream().map(Enum::name).collect(Collectors.joining("|"))
              + ":";
      case Step.When when ->
          "when " + when.left() + " " + when.test().sign() + " " + when.right() + ":";
      case Step.Spawn spawn ->
          into(spawn.pid()) + "clone3(" + spawn.arguments() + ") -> " + spawn.role() + ":";
      case Step.Watch watch ->
          "whenever "
              + watch.group()
              + " gets empty, clone3("
              + watch.arguments()
              + ") -> "
              + watch.role()
              + ":";
      case Step.Undo undo -> "on failure or at the end: " + undo.note().what() + ":";
      case Step.Unwind unwind -> "undo everything, end with " + unwind.status();
      case Step.End end -> "end with " + end.status();
      case Step.Fail fail -> "fail with " + fail.error();
      case Step.Assign assign -> assign.into() + " = " + assign.value();
      case Step.Load load -> load.into() + " = " + place(load.from(), load.offset());
      case Step.Store store -> place(store.to(), store.offset()) + " = " + store.value();
      case Step.Decimal decimal ->
          into(decimal.end())
              + "decimal("
              + place(decimal.to(), decimal.offset())
              + ", "
              + decimal.value()
              + ")";
      case Step.Append append ->
          "append("
              + append.to()
              + "+"
              + append.offset()
              + ", "
              + quoted(append.text().value())
              + ")";
      case Step.Await await -> "wait for " + await.descriptor();
      case Step.Handshake handshake -> "handshake on " + handshake.descriptor();
      case Step.ReportTo report -> "report failures to " + report.descriptor();
      case Step.Report report -> "report " + report.signal() + " " + report.value();
      case Step.Collect collect ->
          "collect " + collect.key() + " = " + collect.directory() + "/" + collect.path().value();
      case Step.CollectNumber collect -> "collect " + collect.key() + " = " + collect.value();
      case Step.Find find -> find.into() + " = number after " + quoted(find.word());
      case Step.WriteRecord write -> write.into() + " = write the record to " + write.descriptor();
      case Step.SendRecord _ -> "send the record";
      case Step.DropBounding drop -> "drop from the bounding set " + drop.text();
      case Step.Supervise supervise -> supervise(supervise);
      case Step.Init init -> init.status() + " = be process 1 until " + init.main() + " ends";
      case Step.Reap reap -> reap.into() + " = reap " + reap.pidfd();
      case Step.ExitCode exit -> exit.into() + " = exit status of " + exit.waitStatus();
      case Step.MoveListed move -> "move all in " + move.from() + " to " + move.to();
      case Step.RemoveGroups remove ->
          "remove " + quoted(remove.path().value()) + " and all groups in it";
      case Step.PlaceListed place ->
          into(place.into())
              + (place.leaving() ? "move all in " : "move each in ")
              + quoted(place.from().value())
              + " to "
              + quoted(place.to().value());
      case Step.CopyTree copy -> "copy all in " + copy.from() + " to " + copy.to();
      case Step.KillListed kill -> "kill all in " + kill.descriptor();
      case Step.KillNoted kill -> "kill the process in " + quoted(kill.path().value());
    };
  }

  private static String supervise(Step.Supervise step) {
    return into(step.timedOut())
        + "supervise "
        + step.pidfd()
        + (step.timeoutMillis() == 0 ? "" : " for at most " + step.timeoutMillis() + " ms")
        + (step.terminal() == null ? "" : ", terminal " + step.terminal());
  }

  private static String call(Step.Call call) {
    var text =
        into(call.into())
            + call.call().callName()
            + call.arguments().stream()
                .map(Operand::toString)
                .collect(Collectors.joining(", ", "(", ")"));
    return switch (call.onError()) {
      case OnError.Fail() -> text;
      case OnError.Ignore() -> text + " or not";
      case OnError.Allow(var errors) ->
          text + " or " + errors.stream().map(Enum::name).collect(Collectors.joining("|"));
    };
  }

  private static String into(@Nullable Register register) {
    return register == null ? "" : register + " = ";
  }

  private static String place(Datum datum, int offset) {
    return offset == 0 ? "[" + datum + "]" : "[" + datum + "+" + offset + "]";
  }

  /**
   * {@code value} in double quotes, what is not printable as escapes, shortened where it is long.
   */
  static String quoted(String value) {
    var out = new StringBuilder("\"");
    for (int i = 0; i < value.length() && i < 160; i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7f) {
            out.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
          } else if (c >= 0xDC80 && c <= 0xDCFF) {
            out.append(String.format(Locale.ROOT, "\\x%02x", c - 0xDC00));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append(value.length() > 160 ? "\"..." : "\"").toString();
  }
}
