package bailey.cli.command;

import bailey.cli.output.Colour;
import bailey.cli.output.HumanText;
import bailey.cli.output.Json;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanText;
import java.util.Locale;

/** Plans for people and for programs. */
final class PlanListing {
  private PlanListing() {}

  /** A step a line, in the manner of strace, below what asked for it. */
  static String text(Plan plan, Colour colour) {
    var out = new StringBuilder();
    var lines = PlanText.lines(plan);
    out.append(HumanText.printable(plan.title())).append(": ").append(lines.size());
    out.append(lines.size() == 1 ? " step\n" : " steps\n");
    int digits = Integer.toString(lines.size()).length();
    String because = "";
    for (var line : lines) {
      if (!line.because().equals(because)) {
        because = line.because();
        out.append(colour.green("# " + HumanText.printable(because))).append('\n');
      }
      String number = Integer.toString(line.number());
      out.append(colour.dim(" ".repeat(digits - number.length()) + number)).append("  ");
      out.append("  ".repeat(line.depth())).append(HumanText.printable(line.step())).append('\n');
    }
    return out.toString();
  }

  /** Everything that is known of each step. */
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
