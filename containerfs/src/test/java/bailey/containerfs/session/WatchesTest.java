package bailey.containerfs.session;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.containerfs.fake.FakeTree;
import bailey.containerfs.tree.Folder;
import bailey.containerfs.tree.Leaf;
import bailey.containerfs.tree.Node;
import bailey.core.kernel.FileWatching;
import bailey.core.kernel.FileWatching.Change;
import bailey.core.kernel.FileWatching.What;
import bailey.core.spec.ContainerSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WatchesTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @RegisterExtension final FakeTree machine = new FakeTree();

  private final Watchers watchers = new Watchers();
  private final AtomicInteger started = new AtomicInteger();
  private long now;
  private @Nullable Watches watches;

  /** Who watches, and what they are told. */
  private static final class Watchers implements FileWatching {
    private final Set<Long> watched = new HashSet<>();
    private final List<Change> told = new ArrayList<>();
    private int searches;
    private int rests;

    @Override
    public Set<Long> watched() {
      searches++;
      return watched;
    }

    @Override
    public void tell(Change change) {
      told.add(change);
    }

    @Override
    public void rest() {
      rests++;
    }

    @Override
    public void close() {
      // nothing is kept
    }

    List<Change> told() {
      var copy = List.copyOf(told);
      told.clear();
      return copy;
    }
  }

  @BeforeEach
  void begin() {
    make("web");
  }

  private Watches watches() {
    var known = watches;
    if (known == null) {
      known = new Watches(machine.tree(), watchers, () -> now, _ -> started.incrementAndGet());
      watches = known;
    }
    return known;
  }

  private void make(String name) {
    var spec = ContainerSpec.builder().name(name).removed(false).detached(true);
    var _ = machine.system().create(spec.build());
  }

  private void set(String value) {
    machine.system().container("web").set("pids.max", value);
  }

  private Node node(String path) {
    Node at = machine.tree().top();
    for (var name : path.split("/", -1)) {
      at = ((Folder) at).lookup(name).orElseThrow();
    }
    return at;
  }

  /** Time passes, in which those looks are due that are. */
  private void later() {
    now += 2 * SECOND;
    var _ = watches().tick();
  }

  private Change modified(String name) {
    var leaf = (Leaf) node("default/web/" + name);
    return new Change(What.MODIFIED, "/default/web", name, leaf.id());
  }

  @Test
  void nothingIsLookedAtForThoseWhoOnlyWalkBy() {
    watches().seen(node("default/web/pids.max"));
    assertThat(started).hasValue(1);
    assertThat(watches().tick()).isNotNegative();
    now += 2 * SECOND;
    assertThat(watches().tick()).isNegative();
    assertThat(watchers.searches).isPositive();
    assertThat(watchers.rests).isEqualTo(1);
    watches().seen(node("default/web/pids.max"));
    assertThat(started).hasValue(2);
  }

  @Test
  void whoStaysIsToldOfWhatChangesSinceHeCame() {
    var file = node("default/web/pids.max");
    watches().seen(file);
    watchers.watched.add(file.id());
    set("11"); // before any search
    later();
    assertThat(watchers.told()).containsExactly(modified("pids.max"));
    later();
    assertThat(watchers.told()).isEmpty();
    set("12");
    later();
    assertThat(watchers.told()).containsExactly(modified("pids.max"));
    watchers.watched.clear();
    set("13");
    now += 2 * SECOND;
    assertThat(watches().tick()).isNegative();
    assertThat(watchers.told()).isEmpty();
  }

  @Test
  void whatChangedBeforeTheLastSearchIsNotTold() {
    var file = node("default/web/pids.max");
    watches().seen(file);
    set("11");
    now += SECOND / 2;
    watches().seen(file);
    later(); // nobody watches yet
    set("12");
    watches().seen(file);
    watchers.watched.add(file.id());
    later();
    assertThat(watchers.told()).isEmpty();
    set("13");
    later();
    assertThat(watchers.told()).containsExactly(modified("pids.max"));
  }

  @Test
  void whoWatchesADirectoryIsToldOfItsFilesAndOfWhatIsMadeAndRemovedInIt() {
    var folder = node("default");
    var web = node("default/web");
    watches().seen(folder);
    watches().seen(web);
    watchers.watched.addAll(List.of(folder.id(), web.id()));
    later();
    make("fresh");
    set("17");
    later();
    assertThat(watchers.told())
        .containsExactlyInAnyOrder(
            new Change(What.MADE, "/default", "fresh", 0), modified("pids.max"));
    machine.system().container("fresh").remove(true);
    machine.system().container("web").remove(true);
    later();
    assertThat(watchers.told())
        .containsExactlyInAnyOrder(
            new Change(What.REMOVED_DIRECTORY, "/default", "fresh", 0),
            new Change(What.REMOVED_DIRECTORY, "/default", "web", 0));
    later();
    assertThat(watchers.told()).isEmpty();
  }

  @Test
  void ofWhatIsDoneByCallsOnTheMountTheKernelTells() {
    var folder = (Folder) node("default");
    watches().seen(folder);
    watchers.watched.add(folder.id());
    later();
    watches().does(folder, "fresh");
    make("fresh");
    later();
    assertThat(watchers.told()).isEmpty();
    watches().does(folder, "fresh");
    machine.system().container("fresh").remove(true);
    later();
    assertThat(watchers.told()).isEmpty();
  }

  @Test
  void theFileOfAContainerThatIsGoneIsGone() {
    var file = node("default/web/container.events");
    watches().seen(file);
    watchers.watched.add(file.id());
    later();
    machine.system().container("web").remove(true);
    later();
    assertThat(watchers.told())
        .containsExactly(new Change(What.REMOVED_FILE, "/default/web", "container.events", 0));
  }

  @Test
  void theNextServerTellsOfWhatMayHaveBeenMissed() {
    var file = node("default/web/pids.max");
    watchers.watched.add(file.id());
    watches().goOn();
    assertThat(started).hasValue(1);
    later();
    assertThat(watchers.told()).containsExactly(modified("pids.max"));
    later();
    assertThat(watchers.told()).isEmpty();
  }

  @Test
  void whoSearchesThroughAllIsNotFollowed() {
    for (int i = 0; i < 100; i++) {
      make("c" + i);
      watches().seen(node("default/c" + i));
    }
    later();
    assertThat(watchers.told()).isEmpty();
    now += 2 * SECOND;
    assertThat(watches().tick()).isNegative();
  }
}
