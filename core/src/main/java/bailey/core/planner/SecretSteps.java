package bailey.core.planner;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.plan.OnError;
import bailey.core.plan.Steps;
import bailey.core.spec.HostSecrets;
import bailey.core.spec.HostSecrets.Kind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hides, in a copy of the machine's root, what the machine keeps from its ordinary users. */
final class SecretSteps {
  private final LaunchRequest request;
  private final boolean privileged;

  /** The starter's home, where it is a mount of its own. */
  private Optional<String> home = Optional.empty();

  SecretSteps(LaunchRequest request, boolean privileged) {
    this.request = request;
    this.privileged = privileged;
  }

  /** The starter's home, where it was mounted because other homes are hidden. */
  Optional<String> home() {
    return home;
  }

  /** Whether what is at a path of the machine cannot be seen. */
  boolean hides(String point) {
    return HostSecrets.OF_HOST.stream()
        .anyMatch(
            secret ->
                RootSteps.isBelow(point, List.of(secret.path()))
                    && !request.spec().revealed().contains(secret.path()));
  }

  /**
   * Whether something else is mounted on a path of the machine, so that nothing of it is needed.
   */
  boolean replaces(String path) {
    return HostSecrets.OF_HOST.stream()
        .filter(secret -> secret.kind() == Kind.SCRATCH || secret.kind() == Kind.DIRECTORY)
        .anyMatch(
            secret ->
                secret.path().equals(path)
                    && request.host().secrets().contains(path)
                    && !request.spec().revealed().contains(path));
  }

  /** Hides them. */
  void hide(Steps steps) {
    var empty = new EmptyDirectory();
    HostSecrets.OF_HOST.forEach(secret -> hide(steps, secret.path(), secret, empty));
    visibleHome()
        .ifPresent(
            home ->
                HostSecrets.IN_OWN_HOME.forEach(
                    secret -> hide(steps, home + "/" + secret.path(), secret, empty)));
  }

  /** Where the first hidden directory is; the others are the same mount again. */
  private static final class EmptyDirectory {
    private String path = "";
  }

  private void hide(Steps steps, String path, HostSecrets.Secret secret, EmptyDirectory empty) {
    if (!request.host().secrets().contains(path) || request.spec().revealed().contains(path)) {
      return;
    }
    steps.because("hidden: " + secret.reason());
    switch (secret.kind()) {
      case FILE -> cover(steps, path, "/dev/null", null, Flags.MS_BIND, null);
      case SCRATCH -> memory(steps, path, path.equals("/run") ? "0755" : "1777");
      case HOMES -> hideHomes(steps, path);
      case DIRECTORY -> {
        if (path.equals("/root")) {
          memory(steps, path, "0700");
        } else if (empty.path.isEmpty()) {
          empty.path = path;
          long flags = Flags.MS_RDONLY | Flags.MS_NOSUID | Flags.MS_NODEV | Flags.MS_NOEXEC;
          cover(steps, path, "tmpfs", "tmpfs", flags, "mode=0755,size=0");
        } else {
          cover(steps, path, empty.path, null, Flags.MS_BIND, null);
        }
      }
    }
  }

  /** What lies inside of something hidden before is not there any more. */
  private static void cover(
      Steps steps,
      String path,
      String source,
      @Nullable String type,
      long flags,
      @Nullable String data) {
    steps.mount("hiding " + path, OnError.allow(Errno.ENOENT), source, path, type, flags, data);
  }

  /** The starter's home, unless he is root, whose home is hidden. */
  private Optional<String> visibleHome() {
    return privileged ? Optional.empty() : request.host().home();
  }

  private void hideHomes(Steps steps, String homes) {
    var own = visibleHome().filter(home -> home.startsWith(homes + "/"));
    if (own.isPresent()) {
      String home = own.get();
      var tree = RootSteps.tree(steps, "opening " + home, home, RootSteps.DETACHED_TREE, "home");
      memory(steps, homes, "0755");
      RootSteps.directories(steps, home);
      RootSteps.attach(steps, "mounting " + home, tree, home);
      this.home = own;
    } else {
      memory(steps, homes, "0755");
    }
  }

  private static void memory(Steps steps, String path, String mode) {
    steps.mount(
        "mounting memory on " + path,
        "tmpfs",
        path,
        "tmpfs",
        Flags.MS_NOSUID | Flags.MS_NODEV,
        "mode=" + mode);
  }
}
