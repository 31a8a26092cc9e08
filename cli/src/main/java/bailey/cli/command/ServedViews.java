package bailey.cli.command;

import bailey.ContainerSystem;
import bailey.containerfs.ContainerFs;
import bailey.core.error.ContainerException;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.ProcRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Has the files served in which containers see themselves in /proc, where nobody mounts the
 * containers as files: by a process that ends when no container needs it.
 */
final class ServedViews {
  private static final Duration LEAST = Duration.ofSeconds(5);
  private static final int LOOKS = 5;

  private ServedViews() {}

  /** Before a container is started. */
  static void prepare(Invocation invocation, ContainerSystem system, ContainerSpec spec) {
    boolean asked = spec.proc() == ProcRequest.VIEW;
    boolean stays =
        !invocation.environment().get(Residence.SERVE, "").equals("off"); // nothing else does then
    if (!(asked || stays) || !system.lacksViews(spec)) {
      return;
    }
    try {
      var directory = system.viewDirectory();
      system.serveViews(
          MountCommand.program(invocation, directory, Optional.empty()),
          MountCommand.kept(invocation));
    } catch (ContainerException e) {
      if (asked) {
        throw e;
      }
    }
  }

  /** In who serves them: takes the mount away when they have not been needed for a while. */
  static void watch(Invocation invocation, ContainerSystem system, String directory) {
    if (!directory.equals(system.viewDirectory())) {
      return;
    }
    var idle = Residence.idle(invocation.environment());
    var time = idle.compareTo(LEAST) < 0 ? LEAST : idle;
    long pause = time.dividedBy(LOOKS).toNanos();
    var looks =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("end of views").factory());
    var _ =
        looks.scheduleWithFixedDelay(
            () -> {
              if (isOver(system, directory, time)) {
                looks.shutdown();
              }
            },
            pause,
            pause,
            TimeUnit.NANOSECONDS);
  }

  private static boolean isOver(ContainerSystem system, String directory, Duration idle) {
    try {
      return system.viewsUnused().filter(unused -> unused.compareTo(idle) > 0).isPresent()
          && ContainerFs.unmount(directory, false);
    } catch (ContainerException _) {
      return false; // somebody uses it at this moment
    }
  }
}
