package bailey.linux.probe;

import bailey.core.abi.Flags;
import bailey.core.kernel.KernelFeatures;
import bailey.core.spec.NamespaceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Trials of clone3(2) with each kind of namespace. */
final class NamespaceTrials {
  private final KernelFeatures features;
  private final TrialPlans plans;

  NamespaceTrials(KernelFeatures features, TrialPlans plans) {
    this.features = features;
    this.plans = plans;
  }

  List<Trial> all() {
    var trials = new ArrayList<Trial>();
    trials.add(
        new Trial(
            "clone3",
            "starting the first process of a container in all its namespaces at once",
            "Linux 5.5",
            plans.inside("clone3", 0, steps -> {})));
    for (var kind : NamespaceKind.values()) {
      trials.add(kind == NamespaceKind.USER ? user() : of(kind));
    }
    return trials;
  }

  private Trial of(NamespaceKind kind) {
    String name = kind.file() + " namespace";
    String since =
        switch (kind) {
          case TIME -> "Linux 5.6";
          case CGROUP -> "Linux 4.6";
          default -> "a kernel";
        };
    return new Trial(
        name,
        use(kind),
        since + " with CONFIG_" + kind.file().toUpperCase(Locale.ROOT) + "_NS",
        plans.inside(name, kind.flag(), steps -> {}));
  }

  private static String use(NamespaceKind kind) {
    return switch (kind) {
      case PID -> "a container that sees its own processes only and ends as a whole";
      case MNT -> "a container's own root and mounts";
      case UTS -> "a container's own host name";
      case IPC -> "a container's own shared memory and message queues";
      case NET -> "a container's own network";
      case USER -> "containers of ordinary users, and --userns auto";
      case CGROUP -> "hiding the host's control groups";
      case TIME -> "a container's own boot time";
    };
  }

  /** Some systems let users make the namespace but give them no power in it: that is tried too. */
  private Trial user() {
    return new Trial(
        "user namespace",
        use(NamespaceKind.USER),
        "a kernel with CONFIG_USER_NS"
            + (features.privileged()
                ? ""
                : "; where it has that, set the sysctls kernel.unprivileged_userns_clone to 1 and"
                    + " kernel.apparmor_restrict_unprivileged_userns to 0"),
        plans.asRootOfUserNamespace(
            "user namespace",
            Flags.CLONE_NEWNS,
            steps ->
                steps.mount(
                    "making mounts private inside",
                    null,
                    "/",
                    null,
                    Flags.MS_REC | Flags.MS_PRIVATE,
                    null)));
  }
}
