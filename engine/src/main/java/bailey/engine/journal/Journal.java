package bailey.engine.journal;

import bailey.core.abi.KernelText;
import bailey.core.container.ContainerPath;
import bailey.core.error.StateDamaged;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.KernelFeatures;
import bailey.core.planner.StateFiles;
import bailey.core.spec.NamespaceKind;
import bailey.core.state.Evidence;
import bailey.core.state.Evidence.First;
import bailey.core.state.FirstTask;
import bailey.engine.group.Freezer;
import bailey.engine.group.Groups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Reads what is recorded of containers. Any thread; each answer is that of one moment. */
public final class Journal {
  private static final int MOST_BYTES = 16 << 20;

  private final Kernel kernel;
  private final KernelFeatures features;
  private final CgroupFiles cgroups;
  private final StateDirectory state;
  private final NameLists lists = new NameLists();
  private final KnownIntents intents = new KnownIntents();
  private volatile Intent.@Nullable Maker self;

  /** Of a state directory on a machine. */
  public Journal(
      Kernel kernel, KernelFeatures features, CgroupFiles cgroups, StateDirectory state) {
    this.kernel = kernel;
    this.features = features;
    this.cgroups = cgroups;
    this.state = state;
  }

  /** The names that are taken, each before those in it. */
  public List<ContainerPath> names() {
    var names = new ArrayList<ContainerPath>();
    walk(state.containers(), "", names);
    names.sort(null);
    return names;
  }

  /**
   * The names directly in {@code name} that are taken, sorted; the same list as before where they
   * are the same and were for a moment.
   */
  public List<ContainerPath> children(ContainerPath name) {
    return lists.in(name, name.isRoot() ? state.containers() : state.directory(name));
  }

  /** Whether the name is taken. */
  public boolean isTaken(ContainerPath name) {
    return Files.isDirectory(state.directory(name), LinkOption.NOFOLLOW_LINKS);
  }

  private static void walk(Path directory, String above, List<ContainerPath> names) {
    try (var entries = Files.newDirectoryStream(directory, "{c,b}-*")) {
      for (var entry : entries) {
        if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          continue;
        }
        String below = above + entry.getFileName();
        ContainerPath.ofDirectory(below)
            .ifPresent(
                name -> {
                  names.add(name);
                  walk(entry, below + "/", names);
                });
      }
    } catch (NoSuchFileException | NotDirectoryException _) {
      // removed meanwhile, or no container
    } catch (IOException e) {
      throw StateDirectory.failure("listing", directory, e);
    }
  }

  /** What is recorded of {@code name}. */
  public Recorded read(ContainerPath name) {
    try {
      return readFiles(name);
    } catch (StateDamaged damage) { // one of them is no file that bailey has made
      return unread(name, Evidence.Intent.DAMAGED, isAttended(name), Optional.of(damage));
    }
  }

  private Recorded readFiles(ContainerPath name) {
    var directory = state.directory(name);
    if (!Files.isDirectory(directory)) {
      return nothing(name);
    }
    // What is intended before the lock: where it is whole and the lock is free, whoever held that
    // has written all that there is.
    var text = intents.text(directory.resolve(StateFiles.INTENT));
    var recorded = read(name, text, isAttended(name));
    if (recorded.evidence().attended()) {
      return recorded;
    }
    if (recorded.intent().isEmpty()) {
      return readAlone(name);
    }
    return isAttended(name) ? readFiles(name) : recorded; // it was started meanwhile
  }

  /**
   * What begins or ends right now looks abandoned for a moment; with the gate held nothing does. If
   * somebody else has the gate, it may be for this container.
   */
  private Recorded readAlone(ContainerPath name) {
    var text = intents.text(intentFile(name));
    var alone = new AtomicReference<>(read(name, text, true));
    state.withGateIfFree(
        () -> {
          var directory = state.directory(name);
          var now = intents.text(directory.resolve(StateFiles.INTENT));
          alone.set(
              Files.isDirectory(directory) ? read(name, now, isAttended(name)) : nothing(name));
        });
    return alone.get();
  }

  private Recorded read(ContainerPath name, Optional<String> text, boolean attended) {
    if (text.filter(found -> !found.isEmpty()).isEmpty()) {
      return unread(name, Evidence.Intent.BLANK, attended, Optional.empty());
    }
    try {
      var path = intentFile(name);
      return read(name, intents.parse(path, text.get()), attended);
    } catch (StateDamaged damage) {
      // An intent is written under the lock, so what is cut short there is on its way, unless its
      // first process shows that it was whole before.
      var first = first(name);
      return attended && first.isEmpty()
          ? unread(name, Evidence.Intent.BLANK, true, Optional.empty())
          : unread(name, Evidence.Intent.DAMAGED, attended, Optional.of(damage));
    }
  }

  /**
   * What {@code name} is meant to be, without looking at what became of it; empty if unreadable.
   */
  public Optional<Intent> intent(ContainerPath name) {
    var path = intentFile(name);
    try {
      return intents
          .text(path)
          .filter(text -> !text.isEmpty())
          .map(text -> intents.parse(path, text));
    } catch (StateDamaged _) {
      return Optional.empty();
    }
  }

  /**
   * As {@link #intent}, but perhaps as it was before: for who finds out by its id whether it is
   * still the same container.
   */
  public Optional<Intent> lastIntent(ContainerPath name) {
    return intents.last(intentFile(name)).or(() -> intent(name));
  }

  /**
   * As {@link #intent}, but of one that this process has made within the last 10 ms as it was then.
   */
  public Optional<Intent> recentIntent(ContainerPath name) {
    return intents.fresh(intentFile(name)).or(() -> intent(name));
  }

  /** Notes an intent that was just written. */
  public void wrote(Intent intent, String text) {
    intents.wrote(intentFile(intent.name()), intent, text);
  }

  /** Notes that a container is gone. */
  public void forget(ContainerPath name) {
    intents.forget(intentFile(name));
  }

  private Path intentFile(ContainerPath name) {
    return state.directory(name).resolve(StateFiles.INTENT);
  }

  private static Recorded nothing(ContainerPath name) {
    return new Recorded(
        name, Evidence.NOTHING, Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  private static Recorded unread(
      ContainerPath name, Evidence.Intent intent, boolean attended, Optional<StateDamaged> damage) {
    var evidence = new Evidence(intent, attended, false, First.NONE, false, false);
    return new Recorded(name, evidence, Optional.empty(), damage, Optional.empty(), false);
  }

  private Recorded read(ContainerPath name, Intent intent, boolean attended) {
    var directory = state.directory(name);
    var first = first(name);
    boolean sameBoot = intent.maker().boot().equals(self().boot());
    boolean foreign = sameBoot && isForeign(intent.maker());
    boolean made = Files.exists(directory.resolve(StateFiles.MADE));
    var evidence =
        new Evidence(
            Evidence.Intent.WHOLE,
            attended,
            made
                && sameBoot
                && (foreign || intent.spec().detached() || lives(owner(intent.maker()))),
            first
                .map(task -> sameBoot && (foreign || lives(task)))
                .map(Journal::seen)
                .orElse(First.NONE),
            Files.exists(state.reports().resolve(intent.report())),
            attended && frozen(name, intent));
    return new Recorded(name, evidence, Optional.of(intent), Optional.empty(), first, foreign);
  }

  /** The first process of {@code name}; empty if it has none yet, or is gone. */
  public Optional<FirstTask> first(ContainerPath name) {
    return content(state.directory(name).resolve(StateFiles.FIRST)).flatMap(FirstTask::parse);
  }

  /** The process that waits until {@code name} gets empty; empty where none does. */
  public Optional<FirstTask> keeper(ContainerPath name) {
    return kernel.locks().isHeld(state.directory(name).resolve(StateFiles.KEEPER).toString())
        ? content(state.directory(name).resolve(StateFiles.KEEPER_TASK)).flatMap(FirstTask::parse)
        : Optional.empty();
  }

  private static First seen(boolean lives) {
    return lives ? First.LIVES : First.GONE;
  }

  private static FirstTask owner(Intent.Maker maker) {
    return new FirstTask(maker.pid(), maker.startTicks());
  }

  /** Numbers of processes mean something else in another pid namespace. */
  private boolean isForeign(Intent.Maker maker) {
    return maker.pidNamespace() != 0 && maker.pidNamespace() != self().pidNamespace();
  }

  /** This process: nothing of that ever changes. */
  public Intent.Maker self() {
    var known = self;
    if (known == null) {
      var processes = kernel.processes();
      var task = processes.self();
      known =
          new Intent.Maker(
              task.pid(),
              task.startTicks(),
              processes.boot(),
              processes.namespace(task.pid(), NamespaceKind.PID).orElse(0));
      self = known;
    }
    return known;
  }

  private boolean lives(FirstTask task) {
    return kernel.processes().runs(task.pid(), task.startTicks());
  }

  private boolean frozen(ContainerPath name, Intent intent) {
    return groups(name, intent).map(groups -> new Freezer(groups).frozen()).orElse(false);
  }

  /** The groups of a container; empty where it has none. */
  public Optional<Groups> groups(ContainerPath name, Intent intent) {
    return intent.cgroups().isEmpty()
        ? Optional.empty()
        : Optional.of(Groups.of(cgroups, features, intent.cgroups(), name));
  }

  /** Whether an executor looks after a container: it has its lock. */
  private boolean isAttended(ContainerPath name) {
    var lock = lock(name);
    return Files.isRegularFile(Path.of(lock), LinkOption.NOFOLLOW_LINKS)
        && kernel.locks().isHeld(lock);
  }

  /** Waits until nobody looks after a container. */
  public void awaitRelease(ContainerPath name) throws InterruptedException {
    kernel.locks().awaitRelease(lock(name));
  }

  private String lock(ContainerPath name) {
    return state.directory(name).resolve(StateFiles.LOCK).toString();
  }

  /** The text of a small file, empty if it is not there. */
  static Optional<String> content(Path path) {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty(); // most files of most containers: spares an exception
    }
    try {
      checkPlain(path);
      byte[] bytes = Files.readAllBytes(path);
      return Optional.of(KernelText.decode(bytes, 0, bytes.length));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw StateDirectory.failure("reading", path, e);
    }
  }

  /** A FIFO would keep its reader for ever, and a link may lead to what has no end. */
  static void checkPlain(Path path) throws IOException {
    var attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new StateDamaged("reading " + path + " failed: it is no plain file");
    }
    if (attributes.size() > MOST_BYTES) {
      throw new StateDamaged("reading " + path + " failed: it has " + attributes.size() + " bytes");
    }
  }
}
