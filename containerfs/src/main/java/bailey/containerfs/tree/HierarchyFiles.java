package bailey.containerfs.tree;

import java.util.List;

/** Files of the folder of a hierarchy. */
final class HierarchyFiles {
  static final List<FileKinds.Unplaced> ALL =
      List.of(
          TopFiles.LAST_ERROR,
          FileKinds.Unplaced.report(
              "subsystems",
              (folder, _) -> String.join("\n", folder.system().boundSubsystems()) + "\n"),
          FileKinds.Unplaced.setting(
              "container.release_agent",
              (folder, _) -> folder.system().releaseAgent() + "\n",
              (folder, text, _) -> folder.system().releaseAgent(text)));

  private HierarchyFiles() {}
}
