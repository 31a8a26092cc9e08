package bailey.core.subsystem;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How the value of a control file is read: the kernel's files to read, and what their texts mean.
 */
public final class Reading {
  private final List<KernelFile> files;
  private final boolean plain;
  private final Function<Map<String, String>, String> meaning;

  private Reading(
      List<KernelFile> files, boolean plain, Function<Map<String, String>, String> meaning) {
    this.files = List.copyOf(files);
    this.plain = plain;
    this.meaning = meaning;
  }

  /**
   * From several files of one controller.
   *
   * @param plain whether the value is the text of the one file, unchanged
   * @param meaning from the texts by file name, without the last line end, to the value
   */
  static Reading of(
      String controller,
      List<String> names,
      boolean plain,
      Function<Map<String, String>, String> meaning) {
    return new Reading(
        names.stream().map(name -> new KernelFile(controller, name)).toList(), plain, meaning);
  }

  /** Whether the value is the text of the one file, unchanged. */
  public boolean isPlain() {
    return plain;
  }

  /** The files to read, all of them. */
  public List<KernelFile> files() {
    return files;
  }

  /** As {@link #value(List)} where one file is read. */
  String value(String text) {
    var stripped = text.stripTrailing();
    return plain ? stripped : meaning.apply(Map.of(files.getFirst().name(), stripped));
  }

  /**
   * The value of the control file.
   *
   * @param texts what was read, in the order of {@link #files()}; last line ends do not matter
   * @throws UnexpectedText where a text is not what the kernel documents
   */
  public String value(List<String> texts) {
    if (texts.size() != files.size()) {
      throw new IllegalArgumentException(files + " are read, not " + texts.size() + " files");
    }
    var byName = new java.util.HashMap<String, String>();
    for (int i = 0; i < files.size(); i++) {
      byName.put(files.get(i).name(), texts.get(i).stripTrailing());
    }
    return meaning.apply(byName);
  }
}
