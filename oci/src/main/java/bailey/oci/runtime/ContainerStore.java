package bailey.oci.runtime;

import bailey.core.abi.KernelText;
import bailey.core.bundle.BundleState;
import bailey.core.error.BadRequest;
import bailey.core.error.NoSuchContainer;
import bailey.core.error.StateDamaged;
import bailey.core.kept.Fact;
import bailey.core.kernel.Processes;
import bailey.core.kernel.TaskInfo;
import bailey.core.planner.BundleStepsPlanner;
import bailey.core.state.FirstTask;
import bailey.oci.config.OciConfig;
import bailey.oci.config.OciReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The directory in which what is known of containers is kept, one directory each. */
final class ContainerStore {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_+.-]{1,1024}");

  private final Path root;
  private final Processes processes;

  ContainerStore(Path root, Processes processes) {
    this.root = root;
    this.processes = processes;
  }

  /**
   * The files of a container, whether it is there or not.
   *
   * @throws BadRequest if that cannot be an id
   */
  BundleState state(String id) {
    if (!ID.matcher(id).matches() || id.equals(".") || id.equals("..")) {
      throw new BadRequest(
          "container id \""
              + id
              + "\": an id has letters, digits, and _ + - . only; choose another");
    }
    return new BundleState(root.toString(), root.resolve(id).toString());
  }

  /** Whether there is one of that id. */
  boolean exists(String id) {
    return Files.isDirectory(Path.of(state(id).directory()));
  }

  /**
   * A container.
   *
   * @throws NoSuchContainer if there is none of that id
   */
  Container find(String id) {
    return find(id, text -> Optional.of(ContainerRecord.parse(id, text)));
  }

  /**
   * A container that is to be removed, whatever its record has become.
   *
   * @throws NoSuchContainer if there is none of that id
   */
  Container findAnyhow(String id) {
    return find(
        id,
        text -> {
          try {
            return Optional.of(ContainerRecord.parse(id, text));
          } catch (StateDamaged _) {
            return Optional.empty(); // its process and its files are found without
          }
        });
  }

  private Container find(String id, Function<byte[], Optional<ContainerRecord>> parser) {
    var state = state(id);
    if (!Files.isDirectory(Path.of(state.directory()))) {
      throw new NoSuchContainer(
          "container " + id + " does not exist; list shows those below " + root);
    }
    var record = read(id, state, BundleState.RECORD);
    var first = read(id, state, BundleState.FIRST);
    return new Container(
        id,
        state,
        // an empty one was just being written, before anything else was made
        record.filter(text -> text.length > 0).flatMap(parser),
        first
            .map(stat -> new String(stat, StandardCharsets.ISO_8859_1))
            .flatMap(FirstTask::parse)
            .flatMap(this::lives),
        Files.exists(Path.of(state.file(BundleState.FIRST))),
        Files.exists(Path.of(state.file(BundleState.START))),
        new ContainerGround(state, text(record), text(first)));
  }

  private static String text(Optional<byte[]> bytes) {
    return bytes.map(text -> KernelText.decode(text, 0, text.length)).orElse("");
  }

  /** Those there are, by their ids. */
  List<String> ids() {
    var ids = new ArrayList<String>();
    try (var directories = Files.newDirectoryStream(root)) {
      for (var directory : directories) {
        if (Files.isDirectory(directory)
            && ID.matcher(directory.getFileName().toString()).matches()) {
          ids.add(directory.getFileName().toString());
        }
      }
    } catch (NoSuchFileException | NotDirectoryException _) {
      return List.of();
    } catch (IOException | DirectoryIteratorException e) {
      throw new StateDamaged(
          "the state directory " + root + " cannot be read: " + e.getMessage(), e);
    }
    ids.sort(null);
    return ids;
  }

  private static Optional<byte[]> read(String id, BundleState state, String file) {
    try {
      return Optional.of(Files.readAllBytes(Path.of(state.file(file))));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StateDamaged(
          "container "
              + id
              + ": "
              + state.file(file)
              + " cannot be read: "
              + e.getMessage()
              + "; run as the user who created it",
          e);
    }
  }

  /** Why its program could not be executed: the kernel's error number; empty if that is not so. */
  static OptionalInt failure(Container container) {
    return read(container.id(), container.state(), BundleState.FAILED)
        .map(BundleStepsPlanner::failure)
        .orElseGet(OptionalInt::empty);
  }

  /** The configuration that a container was created with. */
  static OciConfig config(Container container) {
    return config(container, new Ground());
  }

  /**
   * The same.
   *
   * @param ground by which it is read
   */
  static OciConfig config(Container container, Ground ground) {
    var text = read(container.id(), container.state(), BundleState.CONFIG);
    text.ifPresent(
        bytes ->
            ground.saw(
                new Fact.Text(
                    container.state().file(BundleState.CONFIG),
                    KernelText.decode(bytes, 0, bytes.length))));
    return OciReader.config(
        text.orElseThrow(
            () ->
                new StateDamaged(
                    "container "
                        + container.id()
                        + ": its configuration is not there; delete --force removes what is left of"
                        + " it")));
  }

  private Optional<TaskInfo> lives(FirstTask first) {
    return processes
        .find(first.pid())
        .filter(task -> task.startTicks() == first.startTicks())
        .filter(task -> task.state() != 'Z');
  }
}
