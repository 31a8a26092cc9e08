package bailey.containerfs;

import bailey.ContainerSystem;
import bailey.containerfs.session.Session;
import bailey.containerfs.tree.Tree;
import bailey.containerfs.wire.Notice;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.FileServing;
import bailey.core.planner.ServingPlanner;
import bailey.core.planner.ServingRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A mount of containerfs that this process serves. Any thread may use it.
 *
 * <pre>{@code
 * try (var system = ContainerSystem.open();
 *     var files = ContainerFs.mount(system, "/containers", Optional.empty())) {
 *   files.await();
 * }
 * }</pre>
 */
public final class ContainerFs implements AutoCloseable {
  /** Where a program that {@link ContainerSystem#serve} starts finds its open /dev/fuse. */
  public static final int DESCRIPTOR = ServingPlanner.DESCRIPTOR;

  /** What mounts have as their source where nobody says another. */
  public static final String SOURCE = "bailey";

  private static final int NANOS = 1_000_000;

  private final FileServing serving;
  private final FileServing.Channel channel;
  private final String directory;
  private final Session session;
  private final Tree tree;

  private ContainerFs(
      FileServing serving,
      FileServing.Channel channel,
      String directory,
      ContainerSystem system,
      Optional<String> hierarchy,
      Optional<Path> requests) {
    this.serving = serving;
    this.channel = channel;
    this.directory = directory;
    long now = System.currentTimeMillis();
    var tree = new Tree(system, hierarchy, 0, 0, now * NANOS);
    this.tree = tree;
    var watching = serving.watching(directory);
    this.session =
        requests.isPresent()
            ? new Session(channel, tree, now << 20, watching, requests.get())
            : new Session(channel, tree, now << 20, watching);
  }

  /**
   * Mounts it and begins to serve it.
   *
   * @param system stays the caller's to close, after this
   * @param directory an absolute path
   * @param hierarchy the one whose containers are at the top; empty: all, as directories
   * @throws NotPossibleHere if this user may not mount it there
   */
  public static ContainerFs mount(
      ContainerSystem system, String directory, Optional<String> hierarchy) {
    return mount(serving(), system, directory, hierarchy);
  }

  /** As {@link #mount(ContainerSystem, String, Optional)}, in a way of the caller's. */
  public static ContainerFs mount(
      FileServing serving, ContainerSystem system, String directory, Optional<String> hierarchy) {
    var channel = serving.mount(SOURCE, directory);
    var served = new ContainerFs(serving, channel, directory, system, hierarchy, Optional.empty());
    served.session.start();
    return served;
  }

  /**
   * Goes on serving what is mounted already: requests that a server before has read and not
   * answered are sent again.
   *
   * @param system stays the caller's to close, after this
   * @param directory where it is mounted
   * @param hierarchy as for {@link #mount(ContainerSystem, String, Optional)}
   * @param descriptor of /dev/fuse, which becomes this one's
   */
  public static ContainerFs takeOver(
      ContainerSystem system, String directory, Optional<String> hierarchy, int descriptor) {
    return takeOver(serving(), system, directory, hierarchy, descriptor);
  }

  /** As {@link #takeOver(ContainerSystem, String, Optional, int)}, in a way of the caller's. */
  public static ContainerFs takeOver(
      FileServing serving,
      ContainerSystem system,
      String directory,
      Optional<String> hierarchy,
      int descriptor) {
    var channel = serving.adopt(descriptor);
    var requests =
        system.served().stream()
            .filter(served -> served.directory().equals(directory))
            .findFirst()
            .map(served -> Path.of(served.record(), ServingRequest.REQUESTS));
    var served = new ContainerFs(serving, channel, directory, system, hierarchy, requests);
    served.session.start();
    channel.write(Notice.resend()); // refused before Linux 6.9
    served.tree.findViews();
    return served;
  }

  /** The way to serve file systems. */
  static FileServing serving() {
    return ServiceLoader.load(FileServing.class, ContainerFs.class.getClassLoader())
        .findFirst()
        .orElseThrow(() -> new NotPossibleHere("the module bailey.linux is missing"));
  }

  /**
   * Takes away what is mounted at a directory, whoever serves it.
   *
   * @param force whether also where somebody uses it
   * @return false if nothing was mounted there
   * @throws bailey.core.error.ContainerBusy if somebody uses it
   * @throws NotPossibleHere if this user may not
   */
  public static boolean unmount(String directory, boolean force) {
    return serving().unmount(directory, force);
  }

  /** Waits until it was unmounted. */
  public void await() throws InterruptedException {
    session.await();
  }

  /**
   * Waits until it was unmounted, no longer than some time.
   *
   * @return whether it was
   */
  public boolean await(Duration most) throws InterruptedException {
    return session.await(most.toNanos());
  }

  /** Unmounts it and ends the service: whoever waits is told so. */
  @Override
  public void close() {
    var _ = serving.unmount(directory, true);
    channel.close();
    session.end();
    tree.end();
  }
}
