package bailey.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long programs take to use the containers as files, beside the kernel's own files, those of
 * lxcfs, and a server in C of the same protocol (fileserver.c), by turns.
 */
final class ContainerFiles {
  private static final int ROUNDS = 20;
  private static final int OFTEN = 500;
  private static final int SELDOM = 20;
  private static final int WARM_UP = 20;
  private static final int MANY = 10_000;
  private static final int CLIENTS = 4;
  private static final String LIMIT = "pids.max";
  private static final String FIGURE = "pids.current";
  private static final String VALUE = "100";

  private final Bundle bundle;
  private final MountedContainers containers;
  private final Map<String, FileClient> clients = new LinkedHashMap<>();

  private ContainerFiles(Bundle bundle, MountedContainers containers) {
    this.bundle = bundle;
    this.containers = containers;
  }

  /**
   * Measures it.
   *
   * @param program bailey
   * @param state a directory that does not exist
   */
  static String text(Bundle bundle, String program, Path state) throws IOException {
    var folder = Files.createDirectory(bundle.directory().resolve("containers"));
    try (var containers = MountedContainers.mount(program, state, folder)) {
      return new ContainerFiles(bundle, containers).measured();
    }
  }

  private String measured() throws IOException {
    var name = "bench-" + ProcessHandle.current().pid();
    var folder = containers.make(name);
    var groups = MountedContainers.groups(name);
    var group =
        groups.stream().filter(path -> Files.exists(path.resolve(LIMIT))).findFirst().orElseThrow();
    var other = Files.createDirectory(bundle.directory().resolve("fileserver"));
    var views = Files.createDirectory(bundle.directory().resolve("lxcfs-files"));
    try (var lxcfs = Lxcfs.start(views);
        var server = FileServer.start(bundle, other, group.resolve(LIMIT), MANY)) {
      usual(folder, group, server.folder("c0"));
      lxcfs.file("uptime").ifPresent(file -> add("lxcfs", "read", OFTEN, file));
      making(containers.top(), groups, server.top());
      turns();
      var text = table() + "\n" + clientsTable(folder, server.folder("c0"));
      clients.clear();
      return text + "\n" + many(server.top());
    }
  }

  private void usual(Path folder, Path group, Path other) {
    add("bailey", "read", OFTEN, folder.resolve(LIMIT));
    add("C", "read", OFTEN, other.resolve("value"));
    add("kernel", "read", OFTEN, group.resolve(LIMIT));
    add("/proc", "read", OFTEN, Path.of("/proc/uptime"));
    add("bailey", "write", OFTEN, folder.resolve(LIMIT), VALUE);
    add("C", "write", OFTEN, other.resolve("value"), VALUE);
    add("kernel", "write", OFTEN, group.resolve(LIMIT), VALUE);
    add("bailey", "kept", OFTEN, folder.resolve(LIMIT));
    add("C", "kept", OFTEN, other.resolve("value"));
    add("kernel", "kept", OFTEN, group.resolve(LIMIT));
    add("bailey, figure", "kept", OFTEN, folder.resolve(FIGURE));
    add("kernel, figure", "kept", OFTEN, group.resolve(FIGURE));
  }

  private void making(Path folder, List<Path> groups, Path other) {
    add("bailey", "make", SELDOM, folder.resolve("made"));
    add("C", "make", SELDOM, other.resolve("made"));
    var made = groups.stream().map(path -> path.resolveSibling("made").toString()).toList();
    clients.put(key("kernel", "make"), client("kernel", "make", SELDOM, made));
  }

  private static String key(String subject, String operation) {
    return subject + " " + operation;
  }

  private void add(String subject, String operation, int count, Path path, String... more) {
    var arguments = new ArrayList<>(List.of(path.toString()));
    arguments.addAll(List.of(more));
    clients.put(key(subject, operation), client(subject, operation, count, arguments));
  }

  private FileClient client(String subject, String operation, int count, List<String> arguments) {
    return new FileClient(
        subject + ", " + operation, bundle.program("files"), operation, count, arguments);
  }

  private void turns() {
    for (int i = 0; i < WARM_UP; i++) {
      clients.values().forEach(FileClient::run);
    }
    clients.values().forEach(FileClient::forget);
    var order = new ArrayList<>(clients.values());
    for (int i = 0; i < ROUNDS; i++) {
      order.forEach(FileClient::run);
      order.addFirst(order.removeLast());
    }
  }

  private double median(String subject, String operation) {
    var client = clients.get(key(subject, operation));
    return client == null ? Double.NaN : client.median();
  }

  private String table() {
    double read = median("bailey", "read");
    double write = median("bailey", "write");
    double beyond = median("bailey", "make") - median("kernel", "make");
    double kept = median("bailey, figure", "kept");
    return "| us | bailey | C server | of that | the kernel's own |\n|---|---:|---:|---:|---:|\n"
        + row("a limit: open, read, close", "read")
        + row("a limit: open, write, close", "write")
        + row("a limit that stays open: read", "kept")
        + figures("a figure that stays open: read", kept, median("kernel, figure", "kept"))
        + row("a container: mkdir, rmdir", "make")
        + figures("/proc/uptime: open, read, close", Double.NaN, median("/proc", "read"))
        + figures("the same of lxcfs", Double.NaN, median("lxcfs", "read"))
        + "\n| target | wanted | measured | |\n|---|---:|---:|---|\n"
        + most("a limit: open, read, close, us", 25, read)
        + most("of the C server", 1.15, read / median("C", "read"))
        + most("a limit: open, write, close, us", 32, write)
        + most("mkdir and rmdir beyond what the kernel takes for its groups, us", 60, beyond)
        + most("a figure that stays open, us", 0.75, kept);
  }

  private String row(String what, String operation) {
    double own = median("bailey", operation);
    double other = median("C", operation);
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.2f | %.2f |%n",
        what,
        own,
        other,
        own / other,
        median("kernel", operation));
  }

  private static String figures(String what, double own, double kernel) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | | | %s |%n",
        what,
        Double.isNaN(own) ? "" : String.format(Locale.ROOT, "%.2f", own),
        Double.isNaN(kernel) ? "" : String.format(Locale.ROOT, "%.2f", kernel));
  }

  private static String most(String what, double wanted, double measured) {
    return Results.target(what, wanted, measured, measured <= wanted);
  }

  /** Clients at the same time, each with a container of its own. */
  private String clientsTable(Path folder, Path other) throws IOException {
    var own = new ArrayList<Path>(List.of(folder.resolve(LIMIT)));
    var others = new ArrayList<Path>(List.of(other.resolve("value")));
    for (int i = 1; i < CLIENTS; i++) {
      own.add(containers.make("client-" + i).resolve(LIMIT));
      others.add(other.resolveSibling("c" + i).resolve("value"));
    }
    double one = 0;
    double all = 0;
    double oneOther = 0;
    double allOther = 0;
    for (int i = 0; i < ROUNDS; i++) {
      one += rate(own.subList(0, 1));
      oneOther += rate(others.subList(0, 1));
      all += rate(own);
      allOther += rate(others);
    }
    return String.format(
        Locale.ROOT,
        "| open, read, close, a second | bailey | C server |%n|---|---:|---:|%n"
            + "| one client | %.0f | %.0f |%n| %d clients | %.0f | %.0f |%n",
        one / ROUNDS,
        oneOther / ROUNDS,
        CLIENTS,
        all / ROUNDS,
        allOther / ROUNDS);
  }

  private double rate(List<Path> files) {
    var reading =
        files.stream()
            .map(file -> client("at once", "read", OFTEN * 4, List.of(file.toString())))
            .toList();
    var running = reading.stream().map(FileClient::begin).toList();
    long longest = 0;
    for (int i = 0; i < files.size(); i++) {
      longest = Math.max(longest, reading.get(i).end(running.get(i)));
    }
    return files.size() * OFTEN * 4 * 1e9 / longest;
  }

  private String many(Path other) throws IOException {
    var folder = containers.top();
    double before = containers.resident();
    for (int i = 0; i < MANY; i++) {
      var _ = containers.make("c" + i);
    }
    add("bailey", "list", SELDOM, folder);
    add("C", "list", SELDOM, other);
    turns();
    double listed = median("bailey", "list");
    double resident = containers.resident();
    double grep = grep(folder);
    double after = containers.resident();
    return String.format(
            Locale.ROOT,
            "| %d containers | |%n|---|---:|%n| all names (readdir), us | %.0f |%n"
                + "| the same of the C server | %.0f |%n| grep -r through all files, s | %.1f |%n"
                + "| memory of the server before, MB | %.0f |%n| with them | %.0f |%n"
                + "| after grep | %.0f |%n%n",
            MANY,
            listed,
            median("C", "list"),
            grep,
            before,
            resident,
            after)
        + "| target | wanted | measured | |\n|---|---:|---:|---|\n"
        + most("readdir of 10,000 containers, us", 2000, listed)
        + most("memory of the server with them, MB", 100, Math.max(resident, after));
  }

  /** Seconds that it takes to look for a word in all files; what is there meanwhile is read too. */
  private static double grep(Path folder) {
    long from = System.nanoTime();
    try {
      var _ =
          new ProcessBuilder("grep", "-rs", "no such word", folder.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return (System.nanoTime() - from) / 1e9;
  }
}
