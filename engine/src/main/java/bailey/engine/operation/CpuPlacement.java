package bailey.engine.operation;

import bailey.core.container.Bindings;
import bailey.core.container.ContainerPath;
import bailey.core.container.ControlFile;
import bailey.core.container.View;
import bailey.core.error.BadRequest;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.Malformed;
import bailey.core.subsystem.CpusetSubsystem;
import bailey.engine.group.Groups;
import bailey.engine.journal.Intent;
import bailey.engine.journal.Settings;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * CPUs of containers where the kernel's cpuset is not to be had in their hierarchy: each task has
 * them as its affinity, which those that it starts inherit. What was asked for is kept beside the
 * container's record; what holds is what all containers above have too.
 */
final class CpuPlacement {
  private static final int MOST_ROUNDS = 100;
  private static final String CPUSET = "cpuset";
  private static final String CPUS = CpusetSubsystem.CPUS_FILE;

  private final Machine machine;

  CpuPlacement(Machine machine) {
    this.machine = machine;
  }

  /** Whether a control file is had in this way here. */
  boolean isMeant(ControlFile file) {
    return file.name().startsWith("cpuset.")
        && CpusetSubsystem.isByAffinity(machine.features().controllers());
  }

  /** The CPUs that were asked for, else those that it has. */
  String get(ContainerPath name, ControlFile file) {
    var asked = file.name().equals(CPUS) ? asked(name) : Optional.<String>empty();
    return asked.orElseGet(() -> holding(name));
  }

  private Optional<String> asked(ContainerPath name) {
    return new Settings(machine.state(), name)
        .get(View.EXTERNAL, CPUS)
        .or(
            () ->
                machine
                    .journal()
                    .intent(name)
                    .map(Intent::spec)
                    .map(spec -> spec.controls().get(CPUS))
                    .map(value -> CpusetSubsystem.CPUS.canonical(CPUS, value)));
  }

  /** What all above have too; the kernel's order of things: who asks for none of it gets it all. */
  private String holding(ContainerPath name) {
    var above = name.parent().filter(parent -> !parent.isRoot()).map(this::holding);
    var parent = above.orElseGet(this::ofMachine);
    return asked(name).flatMap(cpus -> CpusetSubsystem.CPUS.lower(parent, cpus)).orElse(parent);
  }

  /** Those of this process, which are those of whatever it starts. */
  private String ofMachine() {
    var processes = machine.kernel().processes();
    return processes.cpus(processes.self().pid()).orElse("0");
  }

  /**
   * Places all tasks of a container, and of those in it.
   *
   * @throws BadRequest where the machine has none of these CPUs
   */
  String set(ContainerPath name, ControlFile file, String value) {
    if (!file.external().writable()) {
      throw new BadRequest(file.name() + ": this control only reports, it cannot be set");
    }
    var cpus = file.canonical(value);
    var there = CpusetSubsystem.CPUS.numbers(ofMachine());
    if (!there.intersects(CpusetSubsystem.CPUS.numbers(cpus))) {
      throw Malformed.value(
          file.name(), value, "has no CPU that this machine has", "some of " + ofMachine());
    }
    new Settings(machine.state(), name).put(View.EXTERNAL, CPUS, cpus);
    apply(name);
    for (var other : machine.journal().names()) {
      if (isIn(other, name)) {
        apply(other);
      }
    }
    return cpus;
  }

  private static boolean isIn(ContainerPath inner, ContainerPath outer) {
    return inner.parent().filter(above -> above.equals(outer) || isIn(above, outer)).isPresent();
  }

  /**
   * Tasks were moved to a container. Where nobody asked for CPUs in the default hierarchy, they
   * keep the affinity that somebody else gave them.
   */
  void arrived(ContainerPath name) {
    boolean bound = !machine.state().hierarchy().equals(Bindings.DEFAULT) && machine.has(CPUSET);
    if (CpusetSubsystem.isByAffinity(machine.features().controllers())
        && (bound || isAsked(name))) {
      apply(name);
    }
  }

  /**
   * Places all tasks that are in a container now. What is started meanwhile is found, until no task
   * is there that was not placed and does not have these CPUs from who started it. A task that
   * changes its own affinity is left to it: it is a placement and no wall.
   */
  private void apply(ContainerPath name) {
    var groups = machine.groups(name);
    if (groups.isEmpty()) {
      return;
    }
    var cpus = CpusetSubsystem.CPUS.numbers(holding(name));
    var placed = new HashSet<Long>();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      if (!place(groups.get(), cpus, placed, round == 0)) {
        return;
      }
    }
  }

  /**
   * Places those that were not, and reports whether there was one.
   *
   * @param all also those that have no other CPUs
   */
  private boolean place(Groups groups, BitSet cpus, Set<Long> placed, boolean all) {
    var processes = machine.kernel().processes();
    var starts = new HashMap<Long, Long>();
    for (long pid : groups.tasks()) {
      if (!placed.contains(pid) && (all || !isWithin(pid, cpus))) {
        processes.find(pid).ifPresent(task -> starts.put(pid, task.startTicks()));
      }
    }
    starts.keySet().retainAll(new HashSet<>(groups.tasks())); // no number that is another's by now
    starts.forEach(
        (pid, start) -> {
          placed.add(pid);
          var _ = processes.place(pid, start, cpus);
        });
    return !starts.isEmpty();
  }

  private boolean isWithin(long pid, BitSet cpus) {
    var own = machine.kernel().processes().cpus(pid).map(CpusetSubsystem.CPUS::numbers);
    own.ifPresent(all -> all.andNot(cpus));
    return own.filter(BitSet::isEmpty).isPresent();
  }

  /**
   * A spec for a process that is started in a container, with the CPUs that it is to have.
   *
   * @param name of the container, made or not
   */
  ContainerSpec placed(ContainerPath name, ContainerSpec spec) {
    if (!CpusetSubsystem.isByAffinity(machine.features().controllers())) {
      return spec;
    }
    var own = asked(name).or(() -> Optional.ofNullable(spec.controls().get(CPUS)));
    var parent = name.parent().filter(above -> !above.isRoot());
    boolean above = parent.isPresent() && isAsked(parent.get());
    if (own.isEmpty() && !above) {
      return spec;
    }
    var outer = parent.map(this::holding).orElseGet(this::ofMachine);
    var cpus =
        own.map(value -> CpusetSubsystem.CPUS.canonical(CPUS, value))
            .flatMap(value -> CpusetSubsystem.CPUS.lower(outer, value))
            .orElse(outer);
    return spec.toBuilder().control(CPUS, cpus).build();
  }

  private boolean isAsked(ContainerPath name) {
    return !name.isRoot()
        && (asked(name).isPresent() || name.parent().filter(this::isAsked).isPresent());
  }
}
