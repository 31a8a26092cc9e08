package bailey.containerfs.tree;

import bailey.containerfs.tree.FileKinds.Unplaced;
import bailey.core.abi.Errno;
import bailey.core.container.Access;
import bailey.core.container.ControlFile;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Files as a guest sees them. */
final class GuestFiles {
  private static final FileKind.Reader STATE =
      (folder, _) -> folder.container().state().name().toLowerCase(Locale.ROOT) + "\n";

  /** Of its own container. */
  static final List<Unplaced> OF_BOUNDARY =
      List.of(
          Unplaced.report("procs", (folder, _) -> numbers(guest(folder))),
          Unplaced.report("container.state", STATE),
          Unplaced.report(
              "container.events", (folder, _) -> ContainerFiles.events(folder.container())),
          Unplaced.report("container.boundary", (_, _) -> "true\n"),
          TopFiles.LAST_ERROR);

  /** Of the containers that it has. */
  static final List<Unplaced> OF_INNER =
      List.of(
          Unplaced.setting(
              "procs",
              (folder, _) -> numbers(guest(folder)),
              (folder, text, caller) -> attach(guest(folder), text, caller)),
          Unplaced.report("container.state", STATE),
          Unplaced.command("container.kill", (folder, text, _) -> kill(folder, text)),
          TopFiles.LAST_ERROR);

  private GuestFiles() {}

  private static GuestFolder guest(Folder folder) {
    if (folder instanceof GuestFolder guest) {
      return guest;
    }
    throw new FileRefused(Errno.ESTALE, "this is nothing that a guest sees");
  }

  /** A control file of its own container: what holds, which only the outside changes. */
  static Unplaced held(ControlFile file) {
    return new Unplaced(
        file.name(),
        file.internal().readable() ? Access.READ : Access.NONE,
        (folder, _) -> guest(folder).view().get(file.name()) + "\n",
        (_, _, _) -> {
          throw new FileRefused(
              Errno.EROFS,
              file.name()
                  + ": from inside of the boundary this is only read"
                  + (file.isLimit()
                      ? "; set your own in " + file.name() + FileKinds.INTERNAL
                      : ""));
        });
  }

  /** Its own value of a limit. */
  static Unplaced own(ControlFile file) {
    return Unplaced.setting(
        file.name() + FileKinds.INTERNAL,
        (folder, _) -> guest(folder).view().own(file.name()) + "\n",
        (folder, text, _) -> guest(folder).view().set(file.name(), text));
  }

  private static String numbers(GuestFolder folder) {
    return folder.view().processNumbers(folder.named()).stream()
        .map(number -> number + "\n")
        .collect(Collectors.joining());
  }

  private static void attach(GuestFolder folder, String text, Caller caller) {
    long process = folder.system().processOf(caller.thread()).orElse(-1);
    folder
        .view()
        .attach(
            folder.named().orElseThrow(() -> new FileRefused(Errno.ESTALE, "it is gone")),
            process,
            TaskNumbers.parse(text));
  }

  private static void kill(Folder folder, String text) {
    if (!text.strip().equals("1")) {
      throw new FileRefused(
          Errno.EINVAL, "container.kill: " + text + " is not 1, which kills all tasks");
    }
    folder.container().kill();
  }
}
