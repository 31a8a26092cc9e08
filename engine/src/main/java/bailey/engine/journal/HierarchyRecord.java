package bailey.engine.journal;

import bailey.core.container.Bindings;
import bailey.core.error.ContainerException;
import bailey.core.error.StateDamaged;
import bailey.core.subsystem.Subsystems;
import java.util.ArrayList;
import java.util.List;

/**
 * What is recorded of the hierarchies: one file, whose name tells how often it changed.
 *
 * @param boot of the machine when it was written: what was mounted before is not mounted any more
 * @param bindings which subsystem is bound to which
 */
public record HierarchyRecord(String boot, Bindings bindings) {
  private static final String FILE = "bindings-";
  private static final String FORMAT = "1";

  /** Nothing was mounted yet. */
  public static HierarchyRecord none() {
    return new HierarchyRecord("", unbound());
  }

  private static Bindings unbound() {
    var names = new ArrayList<String>();
    for (var subsystem : Subsystems.standard().all()) {
      names.add(subsystem.name());
    }
    return Bindings.of(names);
  }

  /** Whether there is none but the default one. */
  public boolean isEmpty() {
    return bindings.hierarchies().size() == 1;
  }

  /** What was so in another life of the machine is nothing now. */
  public HierarchyRecord at(String now) {
    return boot.equals(now) ? this : none();
  }

  /** As text. */
  public String text() {
    var entries = new RecordEntries();
    entries.put("bailey.bindings", FORMAT);
    entries.put("boot", boot);
    var mounted = bindings.hierarchies().subList(1, bindings.hierarchies().size());
    entries.put("hierarchy", mounted);
    mounted.forEach(name -> entries.put("subsystem." + name, bindings.subsystems(name)));
    return RecordText.write(entries.all());
  }

  /**
   * Of its text, of which nothing means none.
   *
   * @throws StateDamaged if it is not whole, or of a later version; the sentence is about {@code
   *     path}
   */
  static HierarchyRecord parse(String path, String text) {
    if (text.isEmpty()) {
      return none();
    }
    var entries = new RecordEntries(path, RecordText.read(path, text));
    if (!entries.text("bailey.bindings").equals(FORMAT)) {
      throw entries.damaged(
          "it is of version "
              + entries.text("bailey.bindings")
              + ", this bailey reads version "
              + FORMAT);
    }
    var bindings = unbound();
    try {
      for (var name : entries.texts("hierarchy")) {
        bindings = bindings.mount(name, entries.texts("subsystem." + name), _ -> List.of());
      }
    } catch (ContainerException e) {
      throw entries.damaged(String.valueOf(e.getMessage()));
    }
    return new HierarchyRecord(entries.text("boot"), bindings);
  }

  /** The name of the file after that many changes. */
  static String file(long changes) {
    return FILE + changes;
  }

  /** After how many changes a file has that name; -1 if it is none. */
  static long number(String file) {
    if (!file.startsWith(FILE) || file.length() > FILE.length() + 18) {
      return -1;
    }
    try {
      return Long.parseUnsignedLong(file, FILE.length(), file.length(), 10);
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  /** The path of the file that follows the one at {@code path}. */
  public static String next(String path) {
    int slash = path.lastIndexOf('/');
    return path.substring(0, slash + 1) + file(number(path.substring(slash + 1)) + 1);
  }
}
