package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.Container;
import bailey.ContainerSystem;
import bailey.Usage;
import bailey.cli.output.Colour;
import bailey.cli.output.HumanText;
import bailey.cli.output.Json;
import bailey.cli.output.Table;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Shows what containers use, once or again and again. */
final class StatsCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("stats", "shows what containers use")
        .description(
            "Shows what each container NAME, or each in which something runs, uses: memory, CPU,"
                + " tasks, and bytes read from and written to disks.")
        .arguments("[NAME...]", 0, Integer.MAX_VALUE, Completes.CONTAINER)
        .group(
            "Options",
            flag("follow", "shows it again and again, with the share of CPU, until Ctrl-C")
                .letter('f'),
            value("interval", "TIME", "5s", "with --follow: how long from one to the next; 1s"),
            flag("json", "prints JSON with exact values; with --follow one object a line"))
        .inHierarchy()
        .example("bailey stats", "once")
        .example("bailey stats -f web", "watch one container")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    long interval =
        Durations.parse("--interval", invocation.parsed().value("interval", "1s")).toMillis();
    boolean follow = invocation.has("follow");
    try (var system = invocation.open()) {
      var output = invocation.output();
      var screen = new Screen(follow, output.colour());
      do {
        var rows = screen.rows(containers(invocation, system), System.nanoTime());
        output.print(invocation.has("json") ? json(rows, follow) : screen.text(rows));
        output.flush();
      } while (follow && pause(interval));
    }
    return 0;
  }

  /** Ctrl-C ends the process; nothing else ends the waiting. */
  private static boolean pause(long millis) {
    try {
      return !new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      return false;
    }
  }

  private static List<Container> containers(Invocation invocation, ContainerSystem system) {
    var containers = new ArrayList<Container>();
    if (invocation.arguments().isEmpty()) {
      for (var container : Listed.of(system.containers())) {
        if (container.active()) {
          containers.add(container.container());
        }
      }
    } else {
      invocation.arguments().forEach(name -> containers.add(system.container(name)));
    }
    return containers;
  }

  /** One line: {@code share} of one CPU since the line before, in percent. */
  record Row(String name, Usage usage, OptionalLong share) {}

  private static String json(List<Row> rows, boolean follow) {
    if (!follow) {
      return Json.pretty(
          out -> {
            out.writeStartArray();
            for (var row : rows) {
              write(out, row);
            }
            out.writeEndArray();
          });
    }
    var lines = new StringBuilder();
    for (var row : rows) {
      lines.append(Json.line(out -> write(out, row)));
    }
    return lines.toString();
  }

  private static void write(JsonGenerator out, Row row) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", row.name());
    UsageReader.write(out, row.usage());
    out.writeEndObject();
  }

  /** Remembers the round before. */
  private static final class Screen {
    private final boolean follow;
    private final Colour colour;
    private Map<String, Long> cpu = new HashMap<>();
    private long before;
    private int lines;

    Screen(boolean follow, Colour colour) {
      this.follow = follow;
      this.colour = colour;
    }

    List<Row> rows(List<Container> containers, long now) {
      var rows = new ArrayList<Row>();
      var next = new HashMap<String, Long>();
      for (var container : containers) {
        var usage = UsageReader.read(container);
        var share = OptionalLong.empty();
        if (usage.cpuMicros().isPresent()) {
          long micros = usage.cpuMicros().getAsLong();
          next.put(container.name(), micros);
          if (cpu.containsKey(container.name())) {
            long used = micros - cpu.get(container.name());
            share = OptionalLong.of(used * 100_000 / Math.max(1, now - before));
          }
        }
        rows.add(new Row(container.name(), usage, share));
      }
      cpu = next;
      before = now;
      return rows;
    }

    /** The table; on a terminal over the one before. */
    String text(List<Row> rows) {
      String text = table(rows).print(colour);
      String over = colour == Colour.ON && lines > 0 ? "\033[" + lines + "A\033[J" : "";
      lines = (int) text.lines().count();
      return over + text;
    }

    private Table table(List<Row> rows) {
      var headings =
          new ArrayList<>(
              List.of(
                  "NAME",
                  ">MEMORY",
                  ">PEAK",
                  ">LIMIT",
                  ">CPU TIME",
                  ">THROTTLED",
                  ">TASKS",
                  ">PEAK",
                  ">READ",
                  ">WRITTEN"));
      if (follow) {
        headings.add(4, ">CPU");
      }
      var table = new Table(headings.toArray(new String[0]));
      for (var row : rows) {
        var usage = row.usage();
        var cells =
            new ArrayList<>(
                List.of(
                    row.name(),
                    HumanText.bytes(usage.memoryBytes()),
                    HumanText.bytes(usage.peakMemoryBytes()),
                    HumanText.bytes(usage.memoryLimitBytes()),
                    HumanText.micros(usage.cpuMicros()),
                    HumanText.micros(usage.throttledMicros()),
                    HumanText.number(usage.tasks()),
                    HumanText.number(usage.peakTasks()),
                    HumanText.bytes(usage.ioReadBytes()),
                    HumanText.bytes(usage.ioWriteBytes())));
        if (follow) {
          cells.add(4, row.share().isPresent() ? row.share().getAsLong() + "%" : "-");
        }
        table.row(cells.toArray(new String[0]));
      }
      return table;
    }
  }
}
