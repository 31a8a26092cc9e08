package bailey.core.subsystem;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How the value of a control file is read: the kernel's files to read, and what their texts mean.
 */
public final class Reading {
  private final List<KernelFile> files;
  private final Function<Map<String, String>, String> meaning;

  private Reading(List<KernelFile> files, Function<Map<String, String>, String> meaning) {
    this.files = List.copyOf(files);
    this.meaning = meaning;
  }

  /**
   * From several files of one controller.
   *
   * @param meaning from the texts by file name, without the last line end, to the value
   */
  static Reading of(
      String controller, List<String> names, Function<Map<String, String>, String> meaning) {
    return new Reading(
        names.stream().map(name -> new KernelFile(controller, name)).toList(), meaning);
  }

  /** The files to read, all of them. */
  public List<KernelFile> files() {
    return files;
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
