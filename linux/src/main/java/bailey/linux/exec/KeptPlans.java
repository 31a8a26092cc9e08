package bailey.linux.exec;

import bailey.core.kept.Fact;
import bailey.core.kept.KeptPlanCodec;
import bailey.core.kept.Template;
import bailey.core.kernel.Call;
import bailey.linux.proc.KernelFile;
import bailey.linux.sys.Directory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files of kept plans to the folder of the socket. What cannot be written is not kept:
 * the next call is answered as this one was. Any thread.
 */
public final class KeptPlans {
  /** {@code off}: none are kept. The executor reads it too (kept.h). */
  public static final String WANTED = "BAILEY_PLANS";

  private static final String PREFIX = "plan-";
  private static final int MOST_FILES = 64;
  private static final int MOST_WAITING = 4;
  private static final int MOST_CALLS = 256;

  /**
   * A plan to be kept.
   *
   * @param call the last argument of which is the name, where the template has places for one
   * @param onlyAgain whether it is kept only if the call was made before: most calls with such a
   *     plan are never made again
   */
  public record Entry(
      Call call, List<Fact> facts, boolean onlyAgain, Supplier<Optional<Template>> template) {
    /** Copies. */
    public Entry {
      facts = List.copyOf(facts);
    }
  }

  /** The last used is the last. */
  private final Set<Integer> calls = new LinkedHashSet<>();

  private final List<Entry> waiting = new ArrayList<>();
  private @Nullable Directory folder;
  private String build = "";

  /** With no folder yet: what is to be kept waits. */
  public KeptPlans() {}

  /** From now on writes to {@code path}, if that is {@code uid}'s alone. */
  public synchronized void open(String path, String ofBuild, int uid) {
    try {
      SocketCalls.make(Path.of(path));
      var opened = Directory.open(path);
      if (!opened.belongsTo(uid)) {
        opened.close();
        return;
      }
      folder = opened;
      build = ofBuild;
    } catch (IOException _) {
      return;
    }
    waiting.forEach(this::keep);
    waiting.clear();
  }

  /** Keeps one, now or when there is a folder. */
  public synchronized void keep(Entry entry) {
    var into = folder;
    if (into == null) {
      if (waiting.size() < MOST_WAITING) {
        waiting.add(entry);
      }
      return;
    }
    if (entry.onlyAgain() && !calledBefore(entry.call())) {
      return;
    }
    entry
        .template()
        .get()
        .flatMap(template -> KeptPlanCodec.encode(build, entry.call(), entry.facts(), template))
        .ifPresent(bytes -> write(into, KeptPlanCodec.fileName(entry.call()), bytes));
  }

  /**
   * By a sum of its arguments, so that one call may be taken for another: that is kept for once.
   */
  private boolean calledBefore(Call call) {
    boolean before = calls.remove(call.arguments().hashCode());
    calls.add(call.arguments().hashCode());
    if (calls.size() > MOST_CALLS) {
      calls.remove(calls.iterator().next());
    }
    return before;
  }

  /** Whole or not at all, under a name that no reader looks for until then. */
  private static void write(Directory into, String name, byte[] bytes) {
    var fresh = Path.of(into.path(name + ".new"));
    try {
      Files.deleteIfExists(fresh);
      try (var out =
          Files.newByteChannel(
              fresh,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        var rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
      }
      Files.move(fresh, Path.of(into.path(name)), StandardCopyOption.ATOMIC_MOVE);
      removeOldest(into);
    } catch (IOException _) {
      // no place left, or somebody removes the folder
    }
  }

  private static void removeOldest(Directory into) throws IOException {
    var files = new ArrayList<Path>();
    try (var all = Files.newDirectoryStream(Path.of(into.path(".")), PREFIX + "*")) {
      all.forEach(files::add);
    }
    if (files.size() > MOST_FILES) {
      files.sort(Comparator.comparing(KeptPlans::modified));
      for (var file : files.subList(0, files.size() - MOST_FILES)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException _) {
      return FileTime.fromMillis(0); // it is being removed
    }
  }

  /**
   * What every plan of this process depends on: the start of the machine, and where in it this
   * process stands ({@link Standing}).
   */
  public static List<Fact> standing() {
    var facts = new ArrayList<Fact>();
    facts.add(text("/proc/sys/kernel/random/boot_id"));
    facts.add(
        new Fact.Lines(
            "/proc/self/status",
            Standing.credentials(KernelFile.readOrEmpty("/proc/self/status"))));
    for (var kind : Standing.NAMESPACES) {
      var link = Path.of("/proc/self/ns", kind);
      try {
        facts.add(new Fact.Link(link.toString(), Files.readSymbolicLink(link).toString()));
      } catch (IOException _) {
        // this kernel lacks it, and so will the next caller's
      }
    }
    String label = KernelFile.readOrEmpty("/proc/self/attr/current");
    if (!label.isEmpty()) {
      facts.add(new Fact.Text("/proc/self/attr/current", label));
    }
    return facts;
  }

  private static Fact text(String path) {
    return new Fact.Text(path, KernelFile.readOrEmpty(path));
  }
}
