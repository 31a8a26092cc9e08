package bailey.core.planner;

import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.KernelFeatures;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.ProcRequest;
import bailey.core.spec.RootRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * What parts of a request do not go together, so that no plan leaves one of them out in silence.
 */
final class RequestRules {
  private final KernelFeatures features;
  private final ContainerSpec spec;

  RequestRules(KernelFeatures features, ContainerSpec spec) {
    this.features = features;
    this.spec = spec;
  }

  /**
   * Looks at all of them.
   *
   * @throws BadRequest if a part of the request excludes another
   * @throws NotPossibleHere if it does so for this user
   */
  void check() {
    needsOwn(NamespaceKind.MNT, files());
    needsOwn(NamespaceKind.UTS, spec.hostname().isPresent() ? List.of("--hostname") : List.of());
    rightToJoin();
    ownProcesses();
  }

  private List<String> files() {
    var options = new ArrayList<String>();
    if (spec.root() instanceof RootRequest.Directory) {
      options.add("--root");
    }
    if (!spec.mounts().isEmpty()) {
      options.add("--bind and --tmpfs");
    }
    if (spec.readOnly()) {
      options.add("--read-only");
    }
    if (spec.proc() == ProcRequest.VIEW) {
      options.add("--proc=view");
    }
    return options;
  }

  private void needsOwn(NamespaceKind kind, List<String> options) {
    if (!options.isEmpty() && !(spec.namespace(kind) instanceof NamespaceRequest.New)) {
      throw new BadRequest(
          String.join(", ", options)
              + " would change the "
              + kind.file()
              + " namespace of others; leave "
              + (joins(kind) ? "--join " : "--share ")
              + kind.file()
              + " out");
    }
  }

  private boolean joins(NamespaceKind kind) {
    return spec.namespace(kind) instanceof NamespaceRequest.Joined;
  }

  /** An ordinary user has rights over namespaces only in the user namespace that owns them. */
  private void rightToJoin() {
    if (features.privileged() || joins(NamespaceKind.USER)) {
      return;
    }
    for (var kind : NamespaceKind.values()) {
      if (joins(kind)) {
        throw new NotPossibleHere(
            "--join "
                + kind.file()
                + ": user "
                + features.uid()
                + " has no right to it outside of the user namespace that owns it; join that as"
                + " well, for example --join user=NAME --join "
                + kind.file()
                + "=NAME");
      }
    }
  }

  /** Of another's pid namespace a user namespace can neither mount a proc nor borrow one. */
  private void ownProcesses() {
    boolean ownUsers = spec.namespace(NamespaceKind.USER) instanceof NamespaceRequest.New;
    boolean ownMounts = spec.namespace(NamespaceKind.MNT) instanceof NamespaceRequest.New;
    if (ownUsers && ownMounts && joins(NamespaceKind.PID)) {
      throw new BadRequest(
          "--join pid does not go with a user namespace of its own, in which nobody may mount /proc"
              + " for it; join the user namespace that owns it as well, --join user=NAME, or take"
              + " --userns host");
    }
  }
}
