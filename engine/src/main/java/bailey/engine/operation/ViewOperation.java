package bailey.engine.operation;

import bailey.ContainerKeys;
import bailey.ServedMount;
import bailey.core.container.ContainerPath;
import bailey.core.error.NotPossibleHere;
import bailey.core.planner.CpuChoice;
import bailey.core.planner.ProcView;
import bailey.core.planner.ServingPlanner;
import bailey.core.planner.ServingRequest;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.ProcRequest;
import bailey.core.subsystem.CpusetSubsystem;
import bailey.core.subsystem.Subsystems;
import bailey.engine.journal.Intent;
import bailey.engine.journal.StateDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the files are in which containers see themselves, and what a container that is started gets
 * of them. Whoever serves containers as files serves these too; where nobody does, they may be
 * served at a directory that is there for that alone.
 */
public final class ViewOperation {
  /** Below the state directory, which is closed to others. */
  private static final String OWN = "view";

  /** Where containerfs has what guests see. */
  private static final String SOURCE = "bailey";

  private static final String VIEWS = "/.view/";

  /** Ends the name of what is shown in /proc. */
  private static final String PROC = ".proc";

  /** The one of a container that need not be there. */
  private static final String SAMPLE = VIEWS + ContainerKeys.text(1) + PROC;

  private static final String MAX = "cpu.max";

  private final Machine machine;

  /** On a machine. */
  public ViewOperation(Machine machine) {
    this.machine = machine;
  }

  /** The directory where they are served if nobody mounts the containers as files. */
  public String own() {
    return machine.state().top().resolve(OWN).toString();
  }

  /** Serves them there, unless somebody serves them anywhere. */
  public void serve(List<String> program, List<String> environment) {
    var directory = Path.of(own());
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw StateDirectory.failure("making", directory, e);
    }
    new ServingOperation(machine)
        .mount(SOURCE, own(), program, environment, () -> served().isEmpty());
  }

  /** Whether a container is to see itself, and nobody serves what it would see. */
  public boolean isLacking(ContainerSpec spec) {
    return spec.seesItself() && machine.features().machineRoot() && served().isEmpty();
  }

  /**
   * Where they are served now; empty: nowhere. The directory that is there for that alone comes
   * first. What an older bailey has mounted may have none.
   */
  Optional<ServedMount> served() {
    return mounted()
        .filter(mount -> mount.directory().equals(own()))
        .findFirst()
        .or(
            () ->
                mounted()
                    .filter(mount -> !mount.directory().equals(own()))
                    .filter(mount -> new File(mount.directory() + SAMPLE).isDirectory())
                    .findFirst());
  }

  /** Where all containers are served as files. */
  Optional<ServedMount> servedToAll() {
    return mounted().filter(mount -> !mount.directory().equals(own())).findFirst();
  }

  private Stream<ServedMount> mounted() {
    return new ServingOperation(machine)
        .list().stream()
            .filter(ServedMount::held)
            .filter(this::isMounted); // who holds it goes some time after the mount
  }

  private boolean isMounted(ServedMount served) {
    return machine.kernel().mounts().stream()
        .anyMatch(
            mount ->
                mount.type().equals(ServingPlanner.TYPE)
                    && mount.point().equals(served.directory()));
  }

  /** Where a boundary's own containers are, as files, in a directory that has all. */
  String guestFiles(ServedMount served, ContainerPath name) {
    return served.directory() + VIEWS + key(name);
  }

  private String key(ContainerPath name) {
    return ContainerKeys.text(number(name));
  }

  /**
   * What a container is shown of itself; empty where it is to see the machine, or nobody serves it
   * and it did not have to be.
   *
   * @throws NotPossibleHere if it was asked for and cannot be had
   */
  Optional<ProcView> of(ContainerPath name, ContainerSpec spec) {
    if (!spec.seesItself()) {
      return Optional.empty();
    }
    boolean asked = spec.proc() == ProcRequest.VIEW;
    if (!machine.features().machineRoot()) {
      return refuse(asked, "only root of the machine can have it served; leave it out");
    }
    var served = served();
    if (served.isEmpty()) {
      return refuse(
          asked,
          "nobody serves what a container sees of itself; bailey mount DIR does, and so does bailey"
              + " run where /dev/fuse can be opened");
    }
    touch(served.get());
    return Optional.of(in(served.get().directory(), name, spec));
  }

  /** The same as far as it can be told without anybody to serve it. */
  Optional<ProcView> explained(ContainerPath name, ContainerSpec spec) {
    return spec.seesItself() && machine.features().machineRoot()
        ? Optional.of(in(served().map(ServedMount::directory).orElseGet(this::own), name, spec))
        : Optional.empty();
  }

  private ProcView in(String directory, ContainerPath name, ContainerSpec spec) {
    return new ProcView(directory + VIEWS + key(name) + PROC, cpus(name, spec));
  }

  private static Optional<ProcView> refuse(boolean asked, String why) {
    if (asked) {
      throw new NotPossibleHere("--proc=view: " + why);
    }
    return Optional.empty();
  }

  /** So that it is not taken away before the container has it. */
  private static void touch(ServedMount served) {
    var file = Path.of(served.record(), ServingRequest.DIRECTORY);
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (NoSuchFileException _) {
      // it is being taken away at this moment, which the start will tell
    } catch (IOException e) {
      throw StateDirectory.failure("writing", file, e);
    }
  }

  /**
   * For how long nobody has asked for what is served at {@link #own()}; empty while a container
   * that is to see itself is there, or nothing is served there.
   */
  public Optional<Duration> unused() {
    return isNeeded()
        ? Optional.empty()
        : new ServingOperation(machine)
            .list().stream()
                .filter(mount -> mount.directory().equals(own()))
                .map(mount -> Path.of(mount.record(), ServingRequest.DIRECTORY).toFile())
                .map(File::lastModified)
                .filter(when -> when > 0)
                .map(when -> Duration.ofMillis(System.currentTimeMillis() - when))
                .findFirst();
  }

  /** Whether a container is there, in any hierarchy, that is to see itself. */
  private boolean isNeeded() {
    return machine.bindings().hierarchies().stream()
        .map(name -> name.equals(machine.state().hierarchy()) ? machine : machine.in(name))
        .anyMatch(
            here ->
                here.journal().names().stream()
                    .anyMatch(
                        name ->
                            here.journal()
                                .intent(name)
                                .map(Intent::spec)
                                .filter(ContainerSpec::seesItself)
                                .isPresent()));
  }

  /**
   * As many of the CPUs that it may have as its quota of CPU time comes to; empty where that is all
   * of them. Which ones differs from container to container, so that not all have the same.
   */
  private Optional<String> cpus(ContainerPath name, ContainerSpec spec) {
    var max = spec.controls().get(MAX);
    var processes = machine.kernel().processes();
    var outer = processes.cpus(processes.self().pid());
    if (max == null || outer.isEmpty()) {
      return Optional.empty();
    }
    var all =
        Optional.ofNullable(spec.controls().get(CpusetSubsystem.CPUS_FILE))
            .map(cpus -> CpusetSubsystem.CPUS.canonical(CpusetSubsystem.CPUS_FILE, cpus))
            .flatMap(cpus -> CpusetSubsystem.CPUS.lower(outer.get(), cpus))
            .orElse(outer.get());
    return CpuChoice.of(
        CpusetSubsystem.CPUS.numbers(all),
        Subsystems.standard().find(MAX).file().canonical(max),
        number(name));
  }

  private long number(ContainerPath name) {
    return machine.state().keys().of(machine.state().hierarchy(), name);
  }
}
