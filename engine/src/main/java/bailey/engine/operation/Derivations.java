package bailey.engine.operation;

import bailey.core.container.ContainerPath;
import bailey.core.container.ControlFile;
import bailey.core.container.View;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.spec.ContainerSpec;
import bailey.core.state.ContainerState;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.DerivedSubsystem;
import bailey.core.subsystem.DerivedSubsystem.Member;
import bailey.core.subsystem.Subsystems;
import bailey.engine.group.Groups;
import bailey.engine.journal.Intent;
import bailey.engine.journal.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Subsystems whose values bailey keeps: asks each what the containers in one container are to have,
 * and sets it. Where no module has such a subsystem, which is usual, nothing is looked at.
 */
final class Derivations {
  private final Machine machine;

  Derivations(Machine machine) {
    this.machine = machine;
  }

  /** Whether any module has such a subsystem. */
  static boolean areThere() {
    return !all().isEmpty();
  }

  private static List<DerivedSubsystem> all() {
    return Subsystems.standard().all().stream()
        .filter(DerivedSubsystem.class::isInstance)
        .map(DerivedSubsystem.class::cast)
        .toList();
  }

  /** The value that is kept of a container. */
  String get(ContainerPath name, DerivedSubsystem subsystem, ControlFile file) {
    return set(name, file).orElseGet(() -> subsystem.initial(file));
  }

  /** All that is kept of a container. */
  void putAll(ContainerPath name, Map<String, String> into) {
    for (var subsystem : all()) {
      for (var file : subsystem.controlFiles()) {
        into.put(file.name(), get(name, subsystem, file));
      }
    }
  }

  private Optional<String> set(ContainerPath name, ControlFile file) {
    if (name.isRoot()) {
      return Optional.empty();
    }
    return new Settings(machine.state(), name)
        .get(View.EXTERNAL, file.name())
        .or(
            () ->
                machine
                    .journal()
                    .intent(name)
                    .map(Intent::spec)
                    .map(spec -> spec.controls().get(file.name()))
                    .map(file::canonical));
  }

  /**
   * Sets it, and what follows from it: for its siblings and itself, and for those in it.
   *
   * @throws BadRequest where it contradicts the others; then nothing is changed
   */
  String set(ContainerPath name, DerivedSubsystem subsystem, ControlFile file, String value) {
    if (!file.external().writable()) {
      throw new BadRequest(file.name() + ": this control only reports, it cannot be set");
    }
    var canonical = file.canonical(value);
    var changed = member(name, subsystem, Map.of(file.name(), canonical));
    var _ = subsystem.derive(changed, children(name, subsystem)); // refused before it is kept
    if (!subsystem.isOfChildren(file)) {
      var parent = parent(name);
      var siblings = others(parent, name, subsystem);
      siblings.add(changed);
      apply(parent, subsystem.derive(member(parent, subsystem, Map.of()), siblings));
    }
    new Settings(machine.state(), name).put(View.EXTERNAL, file.name(), canonical);
    follow(name, subsystem.governs());
    return canonical;
  }

  /** A controller's control file of a container was set: those in it may depend on it. */
  void follow(ContainerPath name, Iterable<String> controls) {
    for (var subsystem : all()) {
      for (var control : controls) {
        if (subsystem.governs().contains(control) && isUsed(name, subsystem)) {
          apply(
              name, subsystem.derive(member(name, subsystem, Map.of()), children(name, subsystem)));
        }
      }
    }
  }

  /**
   * Refuses to set what is derived.
   *
   * @throws BadRequest naming what to set instead
   */
  void checkFree(ContainerPath name, String control) {
    for (var subsystem : all()) {
      if (subsystem.governs().contains(control) && isUsed(parent(name), subsystem)) {
        throw new BadRequest(
            control
                + ": of "
                + name
                + " this follows from "
                + subsystem.name()
                + "; set its "
                + subsystem.controlFiles().getFirst().name()
                + " and the like");
      }
    }
  }

  /**
   * A spec for a new container with what follows from its values and those of its siblings.
   *
   * @param tell whether those are told at once what they may not have any more
   * @throws BadRequest where they contradict each other, or it asks for what is derived
   */
  ContainerSpec derive(ContainerPath name, ContainerSpec spec, boolean tell) {
    var derived = spec;
    for (var subsystem : all()) {
      var asked = new HashMap<String, String>();
      for (var file : subsystem.controlFiles()) {
        var value = spec.controls().get(file.name());
        if (value != null && !subsystem.isOfChildren(file)) {
          asked.put(file.name(), file.canonical(value));
        }
      }
      if (!asked.isEmpty() || isUsed(parent(name), subsystem)) {
        derived = derive(name, derived, subsystem, asked, tell);
      }
    }
    return derived;
  }

  private ContainerSpec derive(
      ContainerPath name,
      ContainerSpec spec,
      DerivedSubsystem subsystem,
      Map<String, String> asked,
      boolean tell) {
    for (var control : subsystem.governs()) {
      if (spec.controls().containsKey(control)) {
        throw new BadRequest(
            control
                + ": of "
                + name
                + " this follows from "
                + subsystem.name()
                + "; leave out one of them");
      }
    }
    var parent = parent(name);
    var siblings = others(parent, name, subsystem);
    siblings.add(fresh(name, subsystem, asked));
    var values = subsystem.derive(member(parent, subsystem, Map.of()), siblings);
    var others = new LinkedHashMap<>(values);
    var own = others.remove(name.name());
    if (tell) {
      apply(parent, others);
    }
    var builder = spec.toBuilder();
    if (own != null) {
      own.forEach(builder::control);
    }
    return builder.build();
  }

  private static ContainerPath parent(ContainerPath name) {
    return name.parent().orElse(ContainerPath.ROOT);
  }

  private List<ContainerPath> containersIn(ContainerPath parent) {
    return machine.journal().names().stream()
        .filter(name -> parent(name).equals(parent))
        .filter(name -> hasGroups(machine.journal().read(name).state()))
        .toList();
  }

  private static boolean hasGroups(ContainerState state) {
    return switch (state) {
      case CREATED, STARTING, RUNNING, FROZEN, UNATTENDED -> true;
      case ENDED, ABANDONED, DAMAGED, GONE -> false;
    };
  }

  private boolean isUsed(ContainerPath parent, DerivedSubsystem subsystem) {
    return containersIn(parent).stream()
        .anyMatch(
            child ->
                subsystem.controlFiles().stream()
                    .filter(file -> !subsystem.isOfChildren(file))
                    .anyMatch(file -> set(child, file).isPresent()));
  }

  private List<Member> children(ContainerPath parent, DerivedSubsystem subsystem) {
    return others(parent, ContainerPath.ROOT, subsystem);
  }

  private List<Member> others(
      ContainerPath parent, ContainerPath without, DerivedSubsystem subsystem) {
    var members = new ArrayList<Member>();
    for (var child : containersIn(parent)) {
      if (!child.equals(without)) {
        members.add(member(child, subsystem, Map.of()));
      }
    }
    return members;
  }

  private Member member(
      ContainerPath name, DerivedSubsystem subsystem, Map<String, String> changed) {
    var values = new HashMap<String, String>();
    for (var file : subsystem.controlFiles()) {
      values.put(file.name(), changed.getOrDefault(file.name(), get(name, subsystem, file)));
    }
    var governed = new HashMap<String, String>();
    for (var control : subsystem.governs()) {
      present(name, control).ifPresent(value -> governed.put(control, value));
    }
    return new Member(name.isRoot() ? "" : name.name(), values, governed);
  }

  private static Member fresh(
      ContainerPath name, DerivedSubsystem subsystem, Map<String, String> asked) {
    var values = new HashMap<String, String>();
    for (var file : subsystem.controlFiles()) {
      values.put(file.name(), asked.getOrDefault(file.name(), subsystem.initial(file)));
    }
    return new Member(name.name(), values, Map.of());
  }

  private Optional<Groups> groups(ContainerPath name) {
    if (!name.isRoot()) {
      return machine.groups(name);
    }
    return machine
        .features()
        .cgroups()
        .base()
        .map(base -> new Groups(machine.cgroups(), machine.features(), base.substring(1)));
  }

  /** Empty where there is no such group, or not yet. */
  private Optional<String> present(ContainerPath name, String control) {
    var owned = Subsystems.standard().find(control);
    try {
      return owned.subsystem() instanceof Controller controller
          ? groups(name).map(groups -> groups.controls().get(controller, owned.file()))
          : Optional.empty();
    } catch (CgroupFiles.Refused | NotPossibleHere _) {
      return Optional.empty();
    }
  }

  /** Sets what changed, what goes down first, and what follows further below. */
  private void apply(ContainerPath parent, Map<String, Map<String, String>> values) {
    var down = new ArrayList<Runnable>();
    var up = new ArrayList<Runnable>();
    for (var child : containersIn(parent)) {
      values
          .getOrDefault(child.name(), Map.of())
          .forEach(
              (control, value) -> {
                var before = present(child, control);
                if (before.isEmpty() || !before.get().equals(value)) {
                  boolean lower = before.isPresent() && isLower(control, value, before.get());
                  (lower ? down : up).add(() -> write(child, control, value));
                }
              });
    }
    down.forEach(Runnable::run);
    up.forEach(Runnable::run);
  }

  private static boolean isLower(String control, String value, String than) {
    var format = Subsystems.standard().find(control).file().format();
    return format.lower(value, than).filter(value::equals).isPresent();
  }

  private void write(ContainerPath name, String control, String value) {
    var owned = Subsystems.standard().find(control);
    if (owned.subsystem() instanceof Controller controller) {
      groups(name)
          .orElseThrow(() -> new NotPossibleHere(control + ": " + name + " has no control groups"))
          .controls()
          .set(controller, Map.of(control, value));
      follow(name, List.of(control));
    }
  }
}
