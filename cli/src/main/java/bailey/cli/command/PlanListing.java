package bailey.cli.command;

import bailey.cli.output.Colour;
import bailey.cli.output.Json;
import bailey.cli.output.Readable;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanText;
import java.util.Locale;

/** Plans for people and for programs. */
final class PlanListing {
  private static final int COLUMN = 74;

  private PlanListing() {}

  /** A step a line, what it is in the manner of strace, then what asked for it. */
  static String text(Plan plan, Colour colour) {
    var out = new StringBuilder();
    var lines = PlanText.lines(plan);
    out.append(colour.bold(Readable.printable(plan.title())));
    out.append(": ").append(lines.size()).append(lines.size() == 1 ? " step\n" : " steps\n");
    int digits = Integer.toString(lines.size()).length();
    for (var line : lines) {
      String step = Readable.printable("  ".repeat(line.depth()) + line.step());
      String number = Integer.toString(line.number());
      out.append(colour.dim(" ".repeat(digits - number.length()) + number)).append("  ");
      out.append(step);
      if (!line.because().isEmpty()) {
        boolean fits = step.length() <= COLUMN;
        out.append(fits ? "" : "\n" + " ".repeat(digits + 2));
        out.append(" ".repeat(fits ? COLUMN - step.length() : COLUMN));
        out.append(colour.green("  # " + Readable.printable(line.because())));
      }
      out.append('\n');
    }
    return out.toString();
  }

  static String json(Plan plan) {
    return Json.pretty(
        out -> {
          out.writeStartObject();
          out.writeStringField("title", plan.title());
          out.writeStringField("arch", plan.arch().name().toLowerCase(Locale.ROOT));
          out.writeArrayFieldStart("steps");
          for (var line : PlanText.lines(plan)) {
            out.writeStartObject();
            out.writeNumberField("number", line.number());
            out.writeNumberField("depth", line.depth());
            out.writeStringField("step", line.step());
            out.writeStringField("what", line.what());
            out.writeStringField("because", line.because());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }
}
