package bailey.containerfs.tree;

/** Files of the folder of all hierarchies. */
final class TopFiles {
  /** What was last refused there. */
  static final FileKinds.Unplaced LAST_ERROR =
      FileKinds.Unplaced.report("container.last_error", (folder, _) -> line(folder));

  private TopFiles() {}

  static String line(Folder folder) {
    var sentence = folder.tree().lastError(folder);
    return sentence.isEmpty() ? "" : sentence + "\n";
  }
}
