package bailey.containerfs.tree;

import bailey.core.abi.Errno;
import bailey.core.kernel.ProcFile;
import java.util.Arrays;
import java.util.List;

/** Files in which a container sees itself in /proc. */
final class ProcFiles {
  static final List<FileKinds.Unplaced> ALL =
      Arrays.stream(ProcFile.values())
          .map(
              file -> FileKinds.Unplaced.report(file.fileName(), (folder, _) -> read(folder, file)))
          .toList();

  private ProcFiles() {}

  private static String read(Folder folder, ProcFile file) {
    if (!(folder instanceof ProcFolder proc)) {
      throw new FileRefused(Errno.ESTALE, "this is nothing that a container sees of itself");
    }
    return proc.view()
        .read(file)
        .orElseThrow(() -> new FileRefused(Errno.ENOTSUP, "this kernel has no " + file.path()));
  }
}
