package bailey.core.planner;

import bailey.core.container.ControlFile;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Steps;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.subsystem.DerivedSubsystem;
import bailey.core.subsystem.Namespace;
import bailey.core.subsystem.NamespaceSource;
import bailey.core.subsystem.Seconds;
import bailey.core.subsystem.Subsystems;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Control files of namespaces that were asked for before the container starts: set by who makes
 * those, in them, while /proc is still the machine's. That is its first process, or for namespaces
 * that stay without a task the one that makes these.
 */
final class SettingSteps {
  private final Map<String, SysctlValue> sysctls = new LinkedHashMap<>();
  private final StringBuilder offsets = new StringBuilder();

  /** What is written to a sysctl of a namespace, whose name is relative to /proc/sys. */
  private record SysctlValue(NamespaceKind kind, String name, String text) {}

  /**
   * Those of a spec.
   *
   * @param namespaces which of them are new
   * @param held where those of its namespaces are that it was created with, which it joins; what is
   *     set of these was set before
   * @throws BadRequest where a value is malformed, or can only be set while the container runs
   * @throws NotPossibleHere where the container has no such namespace of its own, or the kernel has
   *     it not
   */
  SettingSteps(
      KernelFeatures features, ContainerSpec spec, NamespaceSteps namespaces, String held) {
    spec.controls()
        .forEach(
            (control, value) -> {
              var owned = Subsystems.standard().find(control);
              if (owned.subsystem() instanceof Namespace namespace
                  && !isHeld(spec, namespace, held)) {
                checkNew(namespaces, namespace, owned.file());
                add(features, spec, namespace, owned.file(), value);
              }
            });
  }

  /** Those of the namespaces that are made to stay without a task, for who makes these. */
  static SettingSteps ofPinned(
      KernelFeatures features, ContainerSpec spec, NamespaceSteps namespaces) {
    var others =
        spec.controls().keySet().stream()
            .filter(
                control ->
                    !(Subsystems.standard().find(control).subsystem() instanceof Namespace kept)
                        || !spec.pinned().contains(kept.namespace()))
            .toList();
    return new SettingSteps(features, spec.withoutControls(others), namespaces, "");
  }

  private static boolean isHeld(ContainerSpec spec, Namespace namespace, String held) {
    return spec.namespace(namespace.namespace()) instanceof NamespaceRequest.Joined(String path)
        && path.startsWith(held + "/");
  }

  private static void checkNew(NamespaceSteps namespaces, Namespace namespace, ControlFile file) {
    if (!namespaces.areNew(namespace.namespace())) {
      throw new NotPossibleHere(
          file.name()
              + ": the container gets no "
              + namespace.name()
              + " namespace of its own, so this would be another's; "
              + (namespace.namespace() == NamespaceKind.USER
                  ? "start it with --userns auto"
                  : "start it without sharing or joining " + namespace.name()));
    }
  }

  /**
   * Whether a control file is no controller's: a namespace's, set by steps of this kind, or one
   * that bailey keeps.
   */
  static boolean isOther(String control) {
    var subsystem = Subsystems.standard().find(control).subsystem();
    return subsystem instanceof Namespace || subsystem instanceof DerivedSubsystem;
  }

  private void add(
      KernelFeatures features,
      ContainerSpec spec,
      Namespace namespace,
      ControlFile file,
      String value) {
    if (!file.external().writable()) {
      throw new BadRequest(file.name() + ": this control only reports, it cannot be set");
    }
    var canonical = file.canonical(value);
    switch (namespace.source(file)) {
      case NamespaceSource.Sysctl sysctl -> {
        NamespaceFilePlanner.checkOwn(features, file, sysctl);
        sysctls.put(
            file.name(),
            new SysctlValue(
                namespace.namespace(), sysctl.name(), sysctl.toKernel().apply(canonical)));
      }
      case NamespaceSource.TimeOffset(String clock) ->
          offsets.append(Seconds.line(clock, canonical));
      case NamespaceSource.IdMap _ -> checkGives(features, spec, file);
      case NamespaceSource.OfProcess _,
          NamespaceSource.OfProcessOnBothSides _,
          NamespaceSource.ReadOnlyMounts _,
          NamespaceSource.Network _ ->
          throw new BadRequest(
              file.name() + ": this is set while the container runs; bailey set does it");
    }
  }

  /** The map itself is written by who makes the namespace. */
  private static void checkGives(KernelFeatures features, ContainerSpec spec, ControlFile file) {
    if (!IdentityMap.takesIds(features, spec)) {
      throw new NotPossibleHere(
          file.name()
              + ": only root of the machine chooses which ids a container gets; leave it out, and"
              + " it gets those that belong to you");
    }
  }

  /** Whether there are offsets of clocks among them. */
  boolean hasClocks() {
    return !offsets.isEmpty();
  }

  /** In a process that is in the namespaces and sees the machine's /proc: those of these kinds. */
  void write(Steps steps, Set<NamespaceKind> kinds) {
    sysctls.forEach(
        (control, value) -> {
          if (kinds.contains(value.kind())) {
            steps.because("--set " + control);
            NamespaceFilePlanner.writeSysctl(steps, value.name(), value.text());
          }
        });
    if (!offsets.isEmpty() && kinds.contains(NamespaceKind.TIME)) {
      steps.because("--set time");
      NamespaceFilePlanner.write(steps, "/proc/self/timens_offsets", offsets.toString());
    }
  }
}
