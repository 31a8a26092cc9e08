package bailey.engine.operation;

import bailey.core.container.Bindings;
import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.CloseMatch;
import bailey.core.error.NoSuchContainer;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.KernelFeatures;
import bailey.core.planner.LaunchPlanner;
import bailey.core.state.ContainerState;
import bailey.core.subsystem.HierarchyFeatures;
import bailey.core.subsystem.Subsystems;
import bailey.engine.group.Groups;
import bailey.engine.journal.Journal;
import bailey.engine.journal.Recorded;
import bailey.engine.journal.Reports;
import bailey.engine.journal.StateDirectory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.zip.CRC32;

/**
 * What all operations on the containers of one hierarchy work with.
 *
 * @param kernel the machine
 * @param features what it can do, with the groups of this hierarchy and state directory
 * @param cgroups the files of those groups
 * @param state where containers are recorded
 * @param bindings which subsystem is bound to which hierarchy
 * @param journal reads what is recorded
 * @param reports reads how containers ended
 * @param launches plans launches; keeps assembled filters
 * @param usual whether the state directory is the one that this user has without asking for another
 */
public record Machine(
    Kernel kernel,
    KernelFeatures features,
    CgroupFiles cgroups,
    StateDirectory state,
    Bindings bindings,
    Journal journal,
    Reports reports,
    LaunchPlanner launches,
    boolean usual) {
  private static final int MOST_SUGGESTIONS = 3;

  /**
   * A machine with a state directory.
   *
   * @param usual whether that is the one that this user has without asking for another. The
   *     containers of another have their groups elsewhere, so that containers of the same name do
   *     not meet.
   */
  public static Machine of(Kernel kernel, StateDirectory state, boolean usual) {
    var record = state.hierarchies();
    if (!record.isEmpty()) { // which start of the machine this is, is only asked where it matters
      record = record.at(kernel.processes().boot());
    }
    var bindings = record.bindings();
    var features = features(kernel.features(), state, bindings, usual);
    var cgroups = kernel.cgroups(features.cgroups());
    return new Machine(
        kernel,
        features,
        cgroups,
        state,
        bindings,
        new Journal(kernel, features, cgroups, state),
        new Reports(state),
        new LaunchPlanner(features),
        usual);
  }

  private static KernelFeatures features(
      KernelFeatures machine, StateDirectory state, Bindings bindings, boolean usual) {
    var all = Subsystems.standard();
    var name = state.hierarchy();
    if (!name.equals(Bindings.DEFAULT)) {
      var bound = bindings.subsystems(name);
      return HierarchyFeatures.of(
          machine,
          all,
          bound,
          base(machine, name, state, usual),
          HierarchyFeatures.tracks(machine, all, bound)
              ? Optional.of(state.root() + "/cgroup")
              : Optional.empty());
    }
    var here = HierarchyFeatures.ofDefault(machine, all, bindings.subsystems(name));
    if (usual) {
      return here;
    }
    var c = here.cgroups();
    return here.with(
        new CgroupLayout(
            c.mounts(),
            c.unified(),
            c.unifiedControllers(),
            c.own(),
            c.base().map(base -> base + suffix(state))),
        here.controllers());
  }

  /** The group below which the containers of another hierarchy are, in each kernel hierarchy. */
  String base(String hierarchy) {
    return base(kernel.features(), hierarchy, state, usual);
  }

  private static String base(
      KernelFeatures machine, String hierarchy, StateDirectory state, boolean usual) {
    return machine.cgroups().base().orElse("/bailey")
        + "."
        + hierarchy
        + (usual ? "" : suffix(state));
  }

  private static String suffix(StateDirectory state) {
    var crc = new CRC32();
    crc.update(state.top().toString().getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "-%08x", crc.getValue());
  }

  /** The same with the hierarchies as they are now. */
  public Machine current() {
    return state.isCurrent() ? this : of(kernel, state.again(), usual);
  }

  /**
   * The machine of another hierarchy.
   *
   * @throws NoSuchContainer where there is none of that name
   */
  public Machine in(String hierarchy) {
    var now = current();
    var _ = now.bindings.subsystems(hierarchy); // refuses what is not mounted
    return of(kernel, now.state.of(hierarchy), usual);
  }

  /** Whether a subsystem is bound to this hierarchy. */
  public boolean has(String subsystem) {
    return bindings.holder(subsystem).equals(state.hierarchy());
  }

  /**
   * Refuses what is bound to another hierarchy.
   *
   * @param what needs it, for the error
   */
  void need(String what, String subsystem) {
    var holder = bindings.holder(subsystem);
    if (!holder.equals(state.hierarchy())) {
      throw new BadRequest(
          what
              + ": "
              + subsystem
              + " is bound to the hierarchy "
              + holder
              + ", not to "
              + state.hierarchy()
              + "; ask for it there, by --hierarchy "
              + holder);
    }
  }

  /** Where things are done that must not keep the executor's events waiting. */
  public static final Executor LATER = task -> Thread.ofVirtual().name("bailey").start(task);

  /**
   * What is recorded of a container that is there.
   *
   * @throws NoSuchContainer naming those that are nearly so called
   */
  public Recorded find(ContainerPath name) {
    var recorded = look(name);
    if (recorded.state() == ContainerState.GONE) {
      throw noSuch(name);
    }
    return recorded;
  }

  /** All there are, each before those in it: recorded, or found inside of boundaries. */
  public List<ContainerPath> names() {
    var names = new ArrayList<>(journal.names());
    names.addAll(new GuestListing(this).names(List.copyOf(names)));
    names.sort(null);
    return names;
  }

  /** Those directly in one, sorted; of the root, those in no other. */
  public List<ContainerPath> children(ContainerPath name) {
    var names = journal.children(name);
    var inside =
        name.isRoot()
            ? new ArrayList<ContainerPath>()
            : new ArrayList<>(new GuestListing(this).children(name));
    inside.removeAll(names);
    if (inside.isEmpty()) {
      return names;
    }
    inside.addAll(names);
    inside.sort(null);
    return inside;
  }

  /** Whether the name is taken, or that of one that was made inside of a boundary. */
  public boolean isThere(ContainerPath name) {
    return journal.isTaken(name)
        || (name.depth() > 1 && new GuestListing(this).find(name).isPresent());
  }

  /** What is there of {@code name}: recorded, or found inside of a boundary. */
  public Recorded look(ContainerPath name) {
    var recorded = journal.read(name);
    return recorded.state() == ContainerState.GONE && name.depth() > 1
        ? new GuestListing(this).find(name).orElse(recorded)
        : recorded;
  }

  private NoSuchContainer noSuch(ContainerPath name) {
    var names = journal.names().stream().map(ContainerPath::toString).toList();
    int most = Math.max(2, name.toString().length() / 3);
    var close =
        String.join(
            " or ",
            CloseMatch.nearest(name.toString(), names, most).stream()
                .limit(MOST_SUGGESTIONS)
                .toList());
    return new NoSuchContainer(
        name
            + ": no such container; "
            + (close.isEmpty()
                ? "bailey ls shows those there are"
                : "did you mean " + close + "?"));
  }

  /**
   * The groups of a container that is there, as {@link #groups(Recorded)}; what became of it is not
   * looked at, which would be most of the work where only figures are read.
   *
   * @throws NoSuchContainer naming those that are nearly so called
   */
  public Optional<Groups> groups(ContainerPath name) {
    var intent = journal.intent(name);
    return intent.isPresent() ? journal.groups(name, intent.get()) : groups(find(name));
  }

  /**
   * The groups of a container; empty where it has none. One with a damaged record has the usual.
   */
  public Optional<Groups> groups(Recorded recorded) {
    if (recorded.guest().isPresent()) {
      return recorded.guest();
    }
    return recorded.intent().isPresent()
        ? journal.groups(recorded.name(), recorded.intent().get())
        : features
            .cgroups()
            .base()
            .map(base -> Groups.of(cgroups, features, base, recorded.name()));
  }
}
