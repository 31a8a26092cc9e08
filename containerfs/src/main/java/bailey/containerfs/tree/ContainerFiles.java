package bailey.containerfs.tree;

import bailey.Container;
import bailey.core.abi.Errno;
import bailey.core.container.OnEmpty;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import bailey.core.isolation.Tie;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Files that each container has, besides the control files of its subsystems. */
final class ContainerFiles {
  static final List<FileKinds.Unplaced> ALL =
      List.of(
          FileKinds.Unplaced.setting(
              "procs",
              (folder, _) -> numbers(folder.container().processNumbers()),
              (folder, text, caller) ->
                  attach(folder, TaskNumbers.processes(folder, text, caller), caller)),
          FileKinds.Unplaced.setting(
              "tasks",
              (folder, _) -> numbers(folder.container().threadNumbers()),
              (folder, text, caller) ->
                  folder.container().attachThreads(TaskNumbers.threads(text, caller))),
          FileKinds.Unplaced.report(
              "container.state", (folder, _) -> word(folder.container().state()) + "\n"),
          FileKinds.Unplaced.setting(
              "container.on_empty",
              (folder, _) -> folder.container().onEmpty() + "\n",
              (folder, text, _) ->
                  folder.container().onEmpty(OnEmpty.parse("container.on_empty", text))),
          FileKinds.Unplaced.report(
              "container.boundary", (folder, _) -> folder.container().hasBoundary() + "\n"),
          FileKinds.Unplaced.report("container.events", (folder, _) -> events(folder.container())),
          FileKinds.Unplaced.report("container.report", (folder, _) -> report(folder)),
          FileKinds.Unplaced.report(
              "container.self_contained", (folder, _) -> ties(folder.container())),
          FileKinds.Unplaced.command(
              "container.kill", (folder, text, _) -> kill(folder.container(), text)),
          FileKinds.Unplaced.command(
              "container.apply",
              (folder, text, caller) ->
                  Transaction.apply(
                      folder.container(),
                      text,
                      name -> isRoot(folder, caller) || FileKinds.isOfMaker(name))),
          TopFiles.LAST_ERROR);

  private ContainerFiles() {}

  private static boolean isRoot(Folder folder, Caller caller) {
    return caller.uid() == folder.tree().uid();
  }

  private static void attach(Folder folder, long[] pids, Caller caller) {
    if (isRoot(folder, caller) || !(folder instanceof ContainerFolder own)) {
      var _ = folder.container().attach(pids);
    } else {
      var within = own.outermost().path().toString();
      var _ = folder.container().attachOwn(caller.uid(), within, pids);
    }
  }

  /** Whether what is written to it are tasks that are to be moved. */
  static boolean moves(FileKind kind) {
    return kind.name().equals("procs") || kind.name().equals("tasks");
  }

  private static String numbers(List<Long> numbers) {
    return numbers.stream().map(number -> number + "\n").collect(Collectors.joining());
  }

  /** As the kernel has its own (cgroup.events): a line for each. */
  static String events(Container container) {
    return container.events().entrySet().stream()
        .map(count -> count.getKey() + " " + count.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Nothing, until it has ended. */
  private static String report(Folder folder) {
    try {
      return folder.system().report(folder.path().toString()).sentence() + "\n";
    } catch (ContainerBusy | NoSuchContainer _) {
      return "";
    }
  }

  /** {@code true}, or every reason why not, one on each line after {@code false}. */
  private static String ties(Container container) {
    var reasons = container.processNumbers().isEmpty() ? List.<Tie>of() : container.ties();
    return reasons.isEmpty()
        ? "true\n"
        : reasons.stream()
            .map(tie -> word(tie.kind()) + " " + tie.pid() + " " + tie.what() + "\n")
            .collect(Collectors.joining("", "false\n", ""));
  }

  private static void kill(Container container, String text) {
    if (!text.strip().equals("1")) {
      throw new FileRefused(
          Errno.EINVAL, "container.kill: " + text + " is not 1, which kills all tasks");
    }
    container.kill();
  }
}
