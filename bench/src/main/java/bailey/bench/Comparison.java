package bailey.bench;

import bailey.core.spec.ContainerSpec;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The same container by different means, in turns: each round does each subject once, so that what
 * else the machine does meets all of them alike.
 */
final class Comparison {
  /** Rounds before the measured ones, for the JVM to compile what is hot. */
  private static final int WARM_UP = 2500;

  /** Of these all subjects take part, for their files to be in memory. */
  private static final int WARM_UP_OF_ALL = 5;

  static final String FLOOR = "floor: the system calls alone, in C";
  static final String RESIDENT_FLOOR = "floor, without starting its process";
  static final String LIBRARY = "**bailey, library, equal to the bundle**";
  static final String CRUN = "crun --cgroup-manager=disabled run";
  static final String LIMITED = "**bailey, library, memory and pids limits**";
  static final String RUNC = "runc run, memory and pids limits";
  static final String WARM = "**bailey, command line, its planner there**";
  static final String ASKED = "bailey, command line, no plan kept";
  static final String COLD = "**bailey, command line, nothing resident**";

  private final Bundle bundle;
  private final Library library;
  private final Optional<Library> onDisk;
  private final Optional<File> commandLine;

  /**
   * Of a bundle.
   *
   * @param library with its records in memory
   * @param onDisk with its records on a disk, where that is what /run is on
   * @param commandLine bailey's program, if it is built
   */
  Comparison(Bundle bundle, Library library, Optional<Library> onDisk, Optional<File> commandLine) {
    this.bundle = bundle;
    this.library = library;
    this.onDisk = onDisk;
    this.commandLine = commandLine;
  }

  /** Runs it: names of subjects to their times, in the order of the table. */
  Map<String, Sample> run(int rounds) {
    var subjects = subjects();
    try {
      return inTurns(subjects, WARM_UP, WARM_UP_OF_ALL, rounds);
    } finally {
      subjects.forEach(Subject::close);
    }
  }

  /**
   * Runs each subject once in each round, in an order that changes: what ran before leaves the
   * processor's caches to it, or does not.
   *
   * @param warmUp rounds before the measured ones, for code of this JVM
   * @param ofAll of these those in which all take part
   */
  static Map<String, Sample> inTurns(List<Subject> subjects, int warmUp, int ofAll, int rounds) {
    var times = new long[subjects.size()][rounds];
    var order = new ArrayList<>(IntStream.range(0, subjects.size()).boxed().toList());
    var random = new Random(1);
    for (int round = -warmUp; round < rounds; round++) {
      Collections.shuffle(order, random);
      for (int i : order) {
        var subject = subjects.get(i);
        if (round >= -ofAll || subject.inProcess()) {
          long nanos = subject.run();
          if (round >= 0) {
            times[i][round] = nanos;
          }
        }
      }
    }
    var samples = new LinkedHashMap<String, Sample>();
    for (int i = 0; i < subjects.size(); i++) {
      samples.put(subjects.get(i).name(), new Sample(times[i]));
    }
    return samples;
  }

  private List<Subject> subjects() {
    var root = bundle.root().toString();
    var floor = bundle.program("floor");
    var subjects = new ArrayList<Subject>();
    subjects.add(Stopwatch.of("the program alone", bundle, List.of(bundle.program("true"))));
    subjects.add(Stopwatch.resident(RESIDENT_FLOOR, bundle, List.of(floor, root, "--resident")));
    subjects.add(Stopwatch.of(FLOOR, bundle, List.of(floor, root)));
    subjects.add(library.subject(LIBRARY, UnaryOperator.identity()));
    onDisk.ifPresent(
        disk ->
            subjects.add(disk.subject("bailey, its records on a disk", UnaryOperator.identity())));
    subjects.add(library.subject("bailey, with seccomp", spec -> spec.seccomp(true)));
    subjects.add(library.subject("bailey, with seccomp and process 1", Comparison::guarded));
    subjects.add(library.subject("bailey, all defaults", spec -> guarded(spec).accounted(true)));
    peers(subjects);
    subjects.add(
        library.subject(
            LIMITED, spec -> spec.memory(Long.toString(Bundle.MEMORY)).pids(Bundle.PIDS)));
    var number = ProcessHandle.current().pid();
    find("runc")
        .ifPresent(
            runc ->
                subjects.add(
                    Stopwatch.of(
                        RUNC,
                        bundle,
                        List.of(runc, "run", "-b", bundle.bundle("limited"), "bench-" + number))));
    commandLine.ifPresent(
        bailey -> {
          var words = List.of(bailey.getPath(), "run", "--rm", "--root", root, "--", "/bin/true");
          subjects.add(Stopwatch.of(WARM, bundle, words, Map.of("BAILEY_IDLE", "20s")));
          var asking = Map.of("BAILEY_IDLE", "20s", "BAILEY_PLANS", "off");
          subjects.add(Stopwatch.of(ASKED, bundle, words, asking));
          subjects.add(Stopwatch.of(COLD, bundle, words, Map.of("BAILEY_SERVE", "off")));
        });
    return subjects;
  }

  private void peers(List<Subject> subjects) {
    var root = bundle.root().toString();
    var number = ProcessHandle.current().pid();
    find("unshare")
        .ifPresent(
            unshare ->
                subjects.add(
                    Stopwatch.of(
                        "unshare -mupinCf --mount-proc",
                        bundle,
                        List.of(unshare, "-mupinCf", "--mount-proc", bundle.program("true")))));
    find("bwrap")
        .ifPresent(
            bwrap ->
                subjects.add(
                    Stopwatch.of(
                        "bwrap --unshare-all --bind --proc --dev",
                        bundle,
                        List.of(
                            bwrap,
                            "--unshare-all",
                            "--bind",
                            root,
                            "/",
                            "--proc",
                            "/proc",
                            "--dev",
                            "/dev",
                            "/bin/true"))));
    find("crun")
        .ifPresent(
            crun ->
                subjects.add(
                    Stopwatch.withoutHybrid(
                        CRUN,
                        bundle,
                        List.of(
                            crun,
                            "--cgroup-manager=disabled",
                            "run",
                            "-b",
                            bundle.bundle("plain"),
                            "bench-" + number))));
  }

  private static ContainerSpec.Builder guarded(ContainerSpec.Builder spec) {
    return spec.seccomp(true).init(true);
  }

  /** Where a program is; a peer that is not installed is left out. */
  static Optional<String> find(String program) {
    var folders = System.getenv("PATH") + ":/usr/sbin:/sbin";
    return Arrays.stream(folders.split(":"))
        .map(folder -> new File(folder, program))
        .filter(File::canExecute)
        .map(File::getPath)
        .findFirst();
  }

  /** The table of all and that of the targets. */
  static String text(Map<String, Sample> samples) {
    var text = new StringBuilder();
    rows(text, samples, FLOOR, CRUN);
    text.append("\n| target | wanted | measured | |\n|---|---:|---:|---|\n");
    target(text, samples, "library start, of crun", LIBRARY, CRUN, 0.35);
    target(text, samples, "library start, of the floor", LIBRARY, FLOOR, 2.2);
    target(text, samples, "with limits on v1, of runc", LIMITED, RUNC, 0.15);
    target(text, samples, "command line, of crun", WARM, CRUN, 0.39);
    if (samples.get(COLD) != null) {
      double millis = samples.get(COLD).median() / 1e3;
      text.append(Results.target("command line, nothing resident, ms", 100, millis, millis <= 100));
    }
    return text.toString();
  }

  /**
   * The table of all.
   *
   * @param floor name of the subject that is one base
   * @param crun name of that which is the other
   */
  static void rows(StringBuilder text, Map<String, Sample> samples, String floor, String crun) {
    text.append("| | median ms | of the floor | of crun | middle half, ms |\n");
    text.append("|---|---:|---:|---:|---|\n");
    samples.forEach(
        (name, sample) ->
            text.append("| ")
                .append(name)
                .append(" | ")
                .append(Sample.millis(sample.median()))
                .append(" | ")
                .append(ratio(samples, sample, floor))
                .append(" | ")
                .append(ratio(samples, sample, crun))
                .append(" | ")
                .append(Sample.millis(sample.micros(0.25)))
                .append(" to ")
                .append(Sample.millis(sample.micros(0.75)))
                .append(" |\n"));
  }

  private static String ratio(Map<String, Sample> samples, Sample sample, String to) {
    var base = samples.get(to);
    return base == null ? "" : String.format(Locale.ROOT, "%.2f", sample.median() / base.median());
  }

  /** A row of a table of targets, where both were measured. */
  static void target(
      StringBuilder text,
      Map<String, Sample> samples,
      String what,
      String subject,
      String of,
      double most) {
    var measured = samples.get(subject);
    var base = samples.get(of);
    if (measured != null && base != null) {
      double ratio = measured.median() / base.median();
      text.append(Results.target(what, most, ratio, ratio <= most));
    }
  }
}
