package bailey.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * OCI runtimes with the same bundle, in turns, each a whole process or several: {@code run}, create
 * with start and delete, {@code exec}, one hundred one after the other, four hundred at once.
 */
final class OciRuntimes {
  private static final String FLOOR = "floor: the system calls alone, in C";
  private static final String KEPT = "**bailey-oci run**";
  private static final String COLD = "**bailey-oci run**, no planner there";
  private static final String WARM = "bailey-oci run, no plan kept";
  private static final String MISS = "bailey-oci run, no plan kept, no planner there";
  private static final String CRUN = "crun run";
  private static final String LIMITED = "**bailey-oci run**, limits";
  private static final String RUNC = "runc run, limits";
  private static final String THREE = "**bailey-oci** create, start, delete";
  private static final String CRUN_THREE = "crun create, start, delete";
  private static final String RUNC_THREE = "runc create, start, delete, limits";
  private static final String EXEC = "**bailey-oci exec**";
  private static final String CRUN_EXEC = "crun exec";
  private static final String NEWEST = "crun-newest run";
  private static final String NEWEST_THREE = "crun-newest create, start, delete";
  private static final String NEWEST_EXEC = "crun-newest exec";

  private static final int WARM_UP = 40;
  private static final int IN_TURN = 100;
  private static final int AT_ONCE = 400;
  private static final int CROWDS = 5;

  private static final List<String> NO_GROUPS = List.of("--cgroup-manager=disabled");
  private static final List<String> NO_OPTIONS = List.of();

  private final Bundle tools;
  private final OciBundle bundles;
  private final String bailey;
  private final Optional<String> crun = Comparison.find("crun");

  /** Of Debian's newest suite, by bench/newest-crun. */
  private final Optional<String> newest = Comparison.find("crun-newest");

  private final Optional<String> runc = Comparison.find("runc");

  /**
   * With these bundles.
   *
   * @param tools where the benchmark's own programs are
   * @param bailey path of bailey-oci
   */
  OciRuntimes(Bundle tools, OciBundle bundles, String bailey) {
    this.tools = tools;
    this.bundles = bundles;
    this.bailey = bailey;
  }

  /** Measures all. */
  String text(int rounds) {
    var subjects = subjects();
    var waiting = new ArrayList<Stopwatch>();
    try {
      waiting.add(once(bailey, "kept", "create", "-b", bundles.bundle("waiting"), "waits"));
      waiting.add(once(bailey, "kept", "start", "waits"));
      crun.ifPresent(
          program -> {
            waiting.add(once(program, "crun", "create", "-b", bundles.bundle("waiting"), "waits"));
            waiting.add(once(program, "crun", "start", "waits"));
          });
      waiting.forEach(Stopwatch::run);
      var samples = Comparison.inTurns(subjects, WARM_UP, WARM_UP, rounds);
      return table(samples) + crowds();
    } finally {
      once(bailey, "kept", "delete", "--force", "waits").runAndClose();
      crun.ifPresent(program -> once(program, "crun", "delete", "--force", "waits").runAndClose());
      waiting.forEach(Stopwatch::close);
      subjects.forEach(Subject::close);
    }
  }

  // ---- one at a time ----

  private List<Subject> subjects() {
    var all = new ArrayList<Subject>();
    all.add(
        Stopwatch.of(FLOOR, tools, List.of(tools.program("floor"), bundles.root(), "--bundle")));
    all.add(bailey(KEPT, "kept", Map.of(), run("kept", NO_GROUPS, "plain")));
    all.add(bailey(WARM, "kept", Map.of("BAILEY_PLANS", "off"), run("warm", NO_GROUPS, "plain")));
    // the planner that is asked the first time ends at once
    all.add(bailey(COLD, "cold", Map.of("BAILEY_IDLE", "0"), run("cold", NO_GROUPS, "plain")));
    all.add(bailey(MISS, "miss", Map.of("BAILEY_SERVE", "off"), run("miss", NO_GROUPS, "plain")));
    var run = verb("run", "plain");
    crun.ifPresent(program -> all.add(crun(CRUN, words(program, "crun", NO_GROUPS, run))));
    newest.ifPresent(program -> all.add(crun(NEWEST, words(program, "newest", NO_GROUPS, run))));
    all.add(bailey(LIMITED, "kept", Map.of(), run("limited", NO_OPTIONS, "limited")));
    runc.ifPresent(
        program ->
            all.add(
                Stopwatch.of(
                    RUNC, tools, words(program, "runc", NO_OPTIONS, verb("run", "limited")))));
    all.add(bailey(THREE, "kept", Map.of(), three(bailey, "three", NO_GROUPS, "plain")));
    crun.ifPresent(
        program -> all.add(crun(CRUN_THREE, three(program, "crun", NO_GROUPS, "plain"))));
    newest.ifPresent(
        program -> all.add(crun(NEWEST_THREE, three(program, "newest", NO_GROUPS, "plain"))));
    runc.ifPresent(
        program ->
            all.add(
                Stopwatch.of(RUNC_THREE, tools, three(program, "runc", NO_OPTIONS, "limited"))));
    var exec = List.of("exec", "waits", "/bin/true");
    all.add(bailey(EXEC, "kept", Map.of(), words(bailey, "kept", NO_GROUPS, exec)));
    crun.ifPresent(program -> all.add(crun(CRUN_EXEC, words(program, "crun", NO_GROUPS, exec))));
    newest.ifPresent(
        program -> all.add(crun(NEWEST_EXEC, words(program, "crun", NO_GROUPS, exec))));
    return all;
  }

  private static List<String> words(
      String program, String state, List<String> options, List<String> verb, OciBundle bundles) {
    var words = new ArrayList<String>();
    words.add(program);
    words.addAll(options);
    words.addAll(List.of("--root", bundles.state(state)));
    words.addAll(verb);
    return words;
  }

  private List<String> words(
      String program, String state, List<String> options, List<String> verb) {
    return words(program, state, options, verb, bundles);
  }

  private List<String> verb(String verb, String bundle) {
    return List.of(verb, "-b", bundles.bundle(bundle), verb + "-1");
  }

  private List<String> run(String state, List<String> options, String bundle) {
    return words(bailey, state, options, verb("run", bundle));
  }

  private List<String> three(String program, String state, List<String> options, String bundle) {
    var all = new ArrayList<>(words(program, state, options, verb("create", bundle)));
    all.add(";");
    all.addAll(words(program, state, options, List.of("start", "create-1")));
    all.add(";");
    all.addAll(words(program, state, options, List.of("delete", "--force", "create-1")));
    return all;
  }

  /**
   * A subject that is bailey.
   *
   * @param state of the planner that is asked
   * @param environment besides that
   */
  private Stopwatch bailey(
      String name, String state, Map<String, String> environment, List<String> command) {
    return Stopwatch.of(name, tools, command, environment(state, environment));
  }

  private Map<String, String> environment(String state, Map<String, String> more) {
    var all = new LinkedHashMap<String, String>();
    all.put("BAILEY_STATE", bundles.state("planner-" + state));
    all.put("BAILEY_IDLE", "20s");
    all.putAll(more);
    return all;
  }

  private Stopwatch crun(String name, List<String> command) {
    return Stopwatch.withoutHybrid(name, tools, command);
  }

  private Stopwatch once(String program, String state, String... verb) {
    var command = words(program, state, NO_GROUPS, List.of(verb));
    return program.equals(bailey)
        ? bailey(verb[0], "kept", Map.of(), command)
        : crun(verb[0], command);
  }

  // ---- many ----

  private String crowds() {
    var text = new StringBuilder("\n| | 100 one after the other, ms | 400 at once, ms |\n");
    text.append("|---|---:|---:|\n");
    var run = List.of("run", "-b", bundles.bundle("plain"), "crowd@");
    row(text, KEPT, words(bailey, "kept", NO_GROUPS, run), false);
    crun.ifPresent(program -> row(text, CRUN, words(program, "crun", NO_GROUPS, run), true));
    var limited = List.of("run", "-b", bundles.bundle("limited"), "crowd@");
    row(text, LIMITED, words(bailey, "limited", NO_OPTIONS, limited), false);
    runc.ifPresent(program -> row(text, RUNC, words(program, "runc", NO_OPTIONS, limited), false));
    return text.toString();
  }

  private void row(StringBuilder text, String name, List<String> command, boolean withoutHybrid) {
    text.append("| ").append(name);
    for (var how : List.of(List.of("--times", "" + IN_TURN), List.of("--at-once", "" + AT_ONCE))) {
      var words = new ArrayList<>(how);
      words.addAll(command);
      var crowd =
          withoutHybrid
              ? Stopwatch.withoutHybrid(name, tools, words)
              : bailey(name, "kept", Map.of(), words);
      var nanos = new long[CROWDS];
      try {
        crowd.run(); // not measured
        for (int i = 0; i < CROWDS; i++) {
          nanos[i] = crowd.run();
        }
      } finally {
        crowd.close();
      }
      text.append(" | ")
          .append(String.format(Locale.ROOT, "%.0f", new Sample(nanos).median() / 1e3));
    }
    text.append(" |\n");
  }

  // ---- the tables ----

  private static String table(Map<String, Sample> samples) {
    var text = new StringBuilder();
    Comparison.rows(text, samples, FLOOR, CRUN);
    text.append("\n| target | wanted | measured | |\n|---|---:|---:|---|\n");
    Comparison.target(text, samples, "run, of crun", KEPT, CRUN, 0.36);
    Comparison.target(text, samples, "run, of the newest crun", KEPT, NEWEST, 0.36);
    Comparison.target(text, samples, "run with limits, of runc", LIMITED, RUNC, 0.12);
    Comparison.target(text, samples, "run, of the floor", KEPT, FLOOR, 1.5);
    Comparison.target(text, samples, "run without a planner, plan kept, of crun", COLD, CRUN, 0.4);
    Comparison.target(text, samples, "create, start, delete, of crun", THREE, CRUN_THREE, 0.36);
    Comparison.target(
        text, samples, "create, start, delete, of the newest crun", THREE, NEWEST_THREE, 0.36);
    Comparison.target(text, samples, "exec, of crun", EXEC, CRUN_EXEC, 0.4);
    Comparison.target(text, samples, "exec, of the newest crun", EXEC, NEWEST_EXEC, 0.4);
    var miss = samples.get(MISS);
    if (miss != null) {
      double millis = miss.median() / 1e3;
      text.append(Results.target("no plan kept, no planner there, ms", 60, millis, millis <= 60));
    }
    return text.toString();
  }
}
