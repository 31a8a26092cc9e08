package bailey.engine.operation;

import bailey.ExitReport;
import bailey.core.abi.WaitStatus;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.PlanRecord;
import bailey.core.planner.StateFiles;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.Subsystems;
import bailey.engine.journal.Intent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes a report of the end out of what the executor collected: the kernel's own texts, whose
 * meaning depends on the kernel.
 */
final class ReportReading {
  private static final long NANOS = 1_000_000_000;

  private final KernelFeatures features;
  private final PlanRecord record;

  ReportReading(KernelFeatures features, PlanRecord record) {
    this.features = features;
    this.record = record;
  }

  /** The report of the container whose intent is in the record. */
  ExitReport report(String path) {
    return report(Intent.parseBeginning(path, record.file(StateFiles.INTENT)));
  }

  /** The report of a container of which that much is known. */
  ExitReport report(Intent.Beginning intent) {
    var status = new WaitStatus((int) record.number("status").orElse(0));
    boolean timedOut = record.number("timed_out").orElse(0) != 0;
    long kills = line("memory.events", "oom_kill").orElse(0);
    long refused = line("pids.events", "max").orElse(0);
    return new ExitReport(
        intent.name().toString(),
        intent.command(),
        intent.created(),
        ended(),
        status.exitStatus(),
        status.signal(),
        limit(timedOut, kills, refused),
        kills > 0,
        kills > 0 ? Optional.of(victim(status, kills)) : Optional.empty(),
        number("memory.peak"),
        number("memory.max"),
        number("cpuacct.usage"),
        line("cpu.stat", "throttled_usec"),
        number("pids.peak"),
        refused > 0 ? OptionalLong.of(refused) : OptionalLong.empty());
  }

  private Instant ended() {
    return Instant.EPOCH
        .plusSeconds(record.number("ended_s").orElse(0))
        .plusNanos(record.number("ended_ns").orElse(0) % NANOS);
  }

  private static Optional<String> limit(boolean timedOut, long kills, long refused) {
    if (timedOut) {
      return Optional.of(ExitReport.TIMEOUT);
    }
    if (kills > 0) {
      return Optional.of(ExitReport.MEMORY);
    }
    return refused > 0 ? Optional.of(ExitReport.PIDS) : Optional.empty();
  }

  /** The kernel says how many were killed, not who: the command is known by how it ended. */
  private static String victim(WaitStatus status, long kills) {
    if (status.signal().orElse(0) == 9) {
      return kills == 1 ? "its command" : "its command and others, " + kills + " in all";
    }
    return kills == 1 ? "a process of it" : kills + " processes of it";
  }

  private OptionalLong number(String control) {
    return value(control)
        .filter(text -> !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9'))
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  private OptionalLong line(String control, String key) {
    return value(control).map(text -> flat(text, key)).orElse(OptionalLong.empty());
  }

  /** The number in the line {@code KEY NUMBER}. */
  static OptionalLong flat(String text, String key) {
    return text.lines()
        .filter(line -> line.startsWith(key + " "))
        .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1).strip()))
        .findFirst();
  }

  /** The value of a control file at the end; empty where it was not collected. */
  private Optional<String> value(String control) {
    var found = Subsystems.standard().find(control);
    if (!(found.subsystem() instanceof Controller controller)) {
      return Optional.empty();
    }
    try {
      var reading = controller.reading(features.controllers(), found.file());
      var texts = new ArrayList<String>();
      for (var file : reading.files()) {
        var text = record.file(file.controller() + "/" + file.name());
        if (text.isEmpty()) {
          return Optional.empty();
        }
        texts.add(text);
      }
      return Optional.of(reading.value(texts));
    } catch (NotPossibleHere | IllegalStateException _) {
      return Optional.empty(); // this kernel has no such file, or its text did not fit the record
    }
  }
}
