package bailey.engine.operation;

import bailey.core.container.ContainerPath;
import bailey.core.container.InventedName;
import bailey.core.container.View;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kept.Fact;
import bailey.core.kernel.HostMount;
import bailey.core.planner.HostView;
import bailey.core.planner.LaunchRequest;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.planner.ProcView;
import bailey.core.planner.ServingPlanner;
import bailey.core.planner.StateFiles;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.HostSecrets;
import bailey.core.spec.MountRequest;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.RootRequest;
import bailey.core.subsystem.Subsystems;
import bailey.engine.journal.Intent;
import bailey.engine.journal.Reports;
import bailey.engine.journal.Settings;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Looks up all that a launch needs to know of the machine and of other containers. */
final class Preparation {
  /** The range of ids that systemd-nspawn takes from, which nobody else is given. */
  private static final int FIRST_IDS = 0x00080000;

  private static final int LAST_IDS = 0x6FFF0000;
  private static final int IDS = 65536;
  private static final int TRIES = 100;

  /** Where a guest finds its own containers as files. */
  private static final String GUEST_FILES = "/containers";

  private static final Path RESOLVER = Path.of("/etc/resolv.conf");

  private final Machine machine;
  private final HostFiles files = new HostFiles();
  private boolean followsLinks;

  Preparation(Machine machine) {
    this.machine = machine;
  }

  /** A name that is most probably free; who takes it finds out. */
  static ContainerPath inventName() {
    return InventedName.of(ThreadLocalRandom.current()::nextInt);
  }

  /** The intent to have such a container. */
  Intent intent(ContainerPath name, ContainerSpec asked, List<String> command) {
    var spec = held(fitted(JoinedFiles.resolve(asked)));
    var now = Instant.now();
    return new Intent(
        name,
        command,
        now,
        Reports.file(name, now),
        machine.launches().takesIds(spec) ? userBase() : 0,
        machine.journal().self(),
        machine.features().cgroups().base().orElse(""),
        withResolver(spec));
  }

  /** All capabilities are all that this process has itself; it can give no others. */
  private ContainerSpec held(ContainerSpec spec) {
    long all = CapabilitySet.ALL.mask();
    long own = all & machine.features().capabilities();
    return spec.capabilities().equals(CapabilitySet.ALL)
            && machine.features().privileged()
            && own != all
        ? spec.toBuilder().capabilities(new CapabilitySet(own)).build()
        : spec;
  }

  /**
   * With what is bound to this hierarchy: the rest of what a container has is that of its starter.
   *
   * @throws BadRequest if it asks for what is bound elsewhere
   */
  private ContainerSpec fitted(ContainerSpec spec) {
    if (machine.bindings().hierarchies().size() == 1) {
      return spec;
    }
    for (var control : spec.controls().keySet()) {
      machine.need(control, Subsystems.standard().find(control).subsystem().name());
    }
    var fitted = spec.toBuilder();
    for (var kind : NamespaceKind.values()) {
      var asked = spec.namespaces().get(kind);
      if (asked instanceof NamespaceRequest.New || asked instanceof NamespaceRequest.Joined) {
        machine.need("the " + kind.file() + " namespace", kind.file());
      } else if (!machine.has(kind.file())) {
        fitted.namespace(kind, NamespaceRequest.SHARED);
      }
    }
    if (!machine.has("mnt")
        && !(spec.root() instanceof RootRequest.Host && spec.mounts().isEmpty())) {
      machine.need("--root, --bind and --tmpfs", "mnt");
    }
    return fitted.build();
  }

  /**
   * Who uses the machine's network needs its name servers. Their file is often a link into /run
   * (systemd-resolved(8)), of which a container has one of its own.
   */
  private ContainerSpec withResolver(ContainerSpec spec) {
    boolean uses =
        spec.root() instanceof RootRequest.Host
            && !(spec.namespace(NamespaceKind.NET) instanceof NamespaceRequest.New);
    if (!uses || files.at(RESOLVER.toString()) != Fact.Kind.LINK) {
      return spec;
    }
    followsLinks = true;
    try {
      var file = RESOLVER.toRealPath();
      return file.startsWith("/run") && Files.isRegularFile(file)
          ? spec.toBuilder()
              .mount(new MountRequest.Bind(file.toString(), file.toString(), true))
              .build()
          : spec;
    } catch (IOException _) {
      return spec; // it leads nowhere here either
    }
  }

  /** The intent of a container that was created, now with its command. */
  Intent intent(Intent created, List<String> command) {
    var spec = created.spec().toBuilder();
    setSince(created).forEach(spec::control);
    return created.with(command, spec.build());
  }

  /** Control files that the kernel could not keep yet when they were set. */
  private Map<String, String> setSince(Intent created) {
    return new Settings(machine.state(), created.name()).all(View.EXTERNAL);
  }

  /** Ids that no other container has; two that look at the same time may both get them. */
  private int userBase() {
    var taken = new HashSet<Integer>();
    for (var name : machine.journal().names()) {
      machine.journal().intent(name).map(Intent::userBase).ifPresent(taken::add);
    }
    int slots = (LAST_IDS - FIRST_IDS) / IDS;
    for (int i = 0; i < TRIES; i++) {
      int base = FIRST_IDS + IDS * ThreadLocalRandom.current().nextInt(slots);
      if (!taken.contains(base)) {
        return base;
      }
    }
    throw new BadRequest(
        "--userns: no range of ids is free, "
            + taken.size()
            + " containers have one; bailey rm those that have ended");
  }

  /** The request to the planners. */
  LaunchRequest request(Intent intent, Attachment attachment, boolean made, Reporter reporter) {
    var spec = withFiles(intent.name(), placed(intent, made ? entering(intent) : intent.spec()));
    var view = new ViewOperation(machine).of(intent.name(), spec);
    return request(intent, spec, attachment, made, reporter, host(spec), view);
  }

  /** One that is only to be explained: what would be served for it need not be served. */
  LaunchRequest explained(Intent intent, Attachment attachment) {
    var spec = withFiles(intent.name(), placed(intent, intent.spec()));
    var view = new ViewOperation(machine).explained(intent.name(), spec);
    return request(intent, spec, attachment, false, Reporter.NOBODY, host(spec), view);
  }

  /** One without a task, which has no root yet: nothing of the machine's is looked at for that. */
  LaunchRequest taskless(Intent intent) {
    checkRoot(intent.spec());
    var host =
        new HostView(List.of(), List.of(), Set.of(), files(intent.spec()), "/", Optional.empty());
    var spec = placed(intent, intent.spec());
    var view = new ViewOperation(machine).of(intent.name(), spec);
    return request(intent, spec, Attachment.RESIDENT, false, Reporter.NOBODY, host, view);
  }

  private ContainerSpec placed(Intent intent, ContainerSpec spec) {
    return new CpuPlacement(machine).placed(intent.name(), spec);
  }

  private LaunchRequest request(
      Intent intent,
      ContainerSpec spec,
      Attachment attachment,
      boolean made,
      Reporter reporter,
      HostView host,
      Optional<ProcView> view) {
    return new LaunchRequest(
        intent.name(),
        spec,
        intent.command(),
        attachment,
        machine.state().files(intent.name(), intent.report()),
        intent.text(),
        made,
        host,
        intent.userBase(),
        reporter(reporter, intent.name()),
        reporter.always(),
        attachment == Attachment.RESIDENT && machine.kernel().emptyMounts().isPresent(),
        view);
  }

  /** A boundary finds its own containers as files, where this machine has its so. */
  private ContainerSpec withFiles(ContainerPath name, ContainerSpec spec) {
    boolean asked =
        spec.mounts().stream().anyMatch(mount -> mount.destination().equals(GUEST_FILES));
    if (!spec.boundary() || asked || !machine.features().machineRoot()) {
      return spec;
    }
    var views = new ViewOperation(machine);
    return views
        .servedToAll()
        .map(
            served ->
                spec.toBuilder()
                    .mount(
                        new MountRequest.Bind(views.guestFiles(served, name), GUEST_FILES, false))
                    .build())
        .orElse(spec);
  }

  /** Of one that was created before, with the namespaces that are there. */
  private ContainerSpec entering(Intent intent) {
    if (intent.spec().pinned().contains(NamespaceKind.USER)) {
      throw new NotPossibleHere(
          "cannot start "
              + intent.name()
              + ": it keeps a user namespace without a task, in which the other walls cannot be"
              + " made; bailey enter "
              + intent.name()
              + " starts a command in it without them");
    }
    var files = machine.state().files(intent.name(), intent.report());
    return intent.spec().entering(files.file(StateFiles.NAMESPACES));
  }

  /**
   * The intent of a container that was created, with its first command and what that is to have
   * besides the limits and namespaces that are there.
   */
  Intent intent(Intent created, ContainerSpec asked, List<String> command) {
    if (!asked.controls().isEmpty()) {
      throw new BadRequest(
          created.name()
              + " was created before, with its limits; set others by bailey set "
              + created.name()
              + ", or leave them out");
    }
    if (asked.boundary() && !created.spec().boundary()) {
      throw new BadRequest(
          "--boundary: "
              + created.name()
              + " was created without one, and has its groups already; remove it first, and"
              + " bailey run makes it with one");
    }
    var spec = asked.toBuilder().removed(false); // who created it removes it
    created.spec().controls().forEach(spec::control);
    setSince(created).forEach(spec::control);
    created.spec().pinned().forEach(kind -> spec.namespace(kind, NamespaceRequest.NEW));
    return created.with(command, held(fitted(spec.build())));
  }

  private static List<String> reporter(Reporter reporter, ContainerPath name) {
    if (reporter.program().isEmpty()) {
      return List.of();
    }
    var words = new ArrayList<>(reporter.program());
    words.add(name.toString());
    return words;
  }

  /** As much of it as the planner will look at: each file costs, and most are for few specs. */
  private HostView host(ContainerSpec spec) {
    boolean copiesHost = spec.root() instanceof RootRequest.Host;
    checkRoot(spec);
    return new HostView(
        copiesHost ? mounts() : List.of(),
        copiesHost && !machine.features().privileged() ? top() : List.of(),
        copiesHost ? secrets() : Set.of(),
        files(spec),
        machine.kernel().origin().directory(),
        machine.kernel().origin().home());
  }

  /** What was looked at of the machine's files so far. */
  List<Fact> seen() {
    return files.seen();
  }

  /** Whether links were followed, of which no fact tells. */
  boolean followsLinks() {
    return followsLinks;
  }

  /** A request as it was, for a container of another name. */
  LaunchRequest again(LaunchRequest request, Intent intent, Reporter reporter) {
    return new LaunchRequest(
        intent.name(),
        request.spec(),
        request.command(),
        request.attachment(),
        machine.state().files(intent.name(), intent.report()),
        intent.text(),
        request.made(),
        request.host(),
        request.userBase(),
        reporter(reporter, intent.name()),
        request.alwaysReport(),
        request.emptyMounts(),
        request.view());
  }

  private void checkRoot(ContainerSpec spec) {
    if (spec.root() instanceof RootRequest.Directory(String path)
        && files.behind(path) != Fact.Kind.DIRECTORY) {
      throw new BadRequest("--root: " + path + " is no directory; name one that is there");
    }
  }

  /** Without the machine's own view of all containers, which is nobody's inside. */
  private List<HostMount> mounts() {
    return machine.kernel().mounts().stream()
        .filter(mount -> !mount.type().equals(ServingPlanner.TYPE))
        .toList();
  }

  /** What is in the root directory. */
  private static List<HostView.Entry> top() {
    var entries = new ArrayList<HostView.Entry>();
    try (var files = Files.newDirectoryStream(Path.of("/"))) {
      for (var file : files) {
        var name = file.getFileName().toString();
        var attributes =
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        entries.add(
            new HostView.Entry(
                name,
                attributes.isDirectory(),
                attributes.isSymbolicLink()
                    ? Optional.of(Files.readSymbolicLink(file).toString())
                    : Optional.empty()));
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new NotPossibleHere("looking at / failed: " + e.getMessage(), e);
    }
    entries.sort((one, other) -> one.name().compareTo(other.name()));
    return entries;
  }

  private Set<String> secrets() {
    var there = new HashSet<String>();
    for (var secret : HostSecrets.OF_HOST) {
      if (files.behind(secret.path()) != Fact.Kind.ABSENT) {
        there.add(secret.path());
      }
    }
    return there;
  }

  private Set<String> files(ContainerSpec spec) {
    var plain = new HashSet<String>();
    for (var mount : spec.mounts()) {
      if (mount instanceof MountRequest.Bind(String source, var _, var _)) {
        var kind = files.behind(source);
        if (kind == Fact.Kind.ABSENT) {
          throw new BadRequest(
              "--bind: " + source + " does not exist; name a file or directory that does");
        }
        if (kind != Fact.Kind.DIRECTORY) {
          plain.add(source);
        }
      }
    }
    return plain;
  }
}
