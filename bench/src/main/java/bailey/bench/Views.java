package bailey.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How long a program in a container takes to open, read and close files in which it sees itself:
 * bailey's, those of lxcfs where that is installed, and the kernel's own.
 */
final class Views {
  private static final int ROUNDS = 5_000;
  private static final int WARM_UP = 20_000;
  private static final List<String> FILES =
      List.of("uptime", "loadavg", "meminfo", "stat", "cpuinfo");

  private final Bundle bundle;
  private final String program;

  Views(Bundle bundle, File program) {
    this.bundle = bundle;
    this.program = program.toString();
  }

  /** Measures it. */
  String text() throws IOException {
    var folder = Files.createDirectory(bundle.directory().resolve("lxcfs"));
    try (var lxcfs = Lxcfs.start(folder)) {
      var table =
          new StringBuilder(
              """
              | file | bailey, us | lxcfs, us | of lxcfs | the kernel's, us |
              |---|---:|---:|---:|---:|
              """);
      double ratio = Double.NaN;
      for (var file : FILES) {
        var medians = medians(file, lxcfs.file(file).orElse(null));
        double own = medians[0];
        double other = medians.length > 2 ? medians[2] : Double.NaN;
        ratio = file.equals("uptime") ? own / other : ratio;
        table.append(
            String.format(
                Locale.ROOT,
                "| /proc/%s | %.1f | %.1f | %.2f | %.1f |%n",
                file,
                own,
                other,
                own / other,
                medians[1]));
      }
      return table
          + "\n| target | wanted | measured | |\n|---|---:|---:|---|\n"
          + Results.target("/proc/uptime inside, of lxcfs", 0.5, ratio, ratio <= 0.5);
    }
  }

  /** Of bailey's, the kernel's and that of lxcfs, if there is one: microseconds. */
  private double[] medians(String file, @Nullable Path other) {
    var subjects = new ArrayList<Subject>();
    subjects.add(reader("bailey", file, List.of("--proc", "view")));
    subjects.add(reader("the kernel", file, List.of()));
    if (other != null) {
      subjects.add(reader("lxcfs", file, List.of("--bind", other + ":/proc/" + file + ":ro")));
    }
    try {
      for (int i = 0; i < WARM_UP; i++) {
        subjects.getFirst().run();
      }
      var nanos = new long[subjects.size()][ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < nanos.length; i++) {
          nanos[i][round] = subjects.get(i).run();
        }
      }
      var medians = new double[nanos.length];
      for (int i = 0; i < nanos.length; i++) {
        medians[i] = new Sample(nanos[i]).median();
      }
      return medians;
    } finally {
      subjects.forEach(Subject::close);
    }
  }

  private Stopwatch reader(String name, String file, List<String> options) {
    var words = new ArrayList<>(List.of(program, "run", "--memory", "256M", "--cpus", "1"));
    words.addAll(options);
    words.addAll(List.of("--bind", bundle.program("reader") + ":/reader:ro", "--"));
    words.addAll(List.of("/reader", "/proc/" + file));
    return Stopwatch.resident(name, bundle, words);
  }
}
