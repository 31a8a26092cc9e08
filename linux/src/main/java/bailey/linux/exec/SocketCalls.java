package bailey.linux.exec;

import bailey.core.abi.Errno;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CallSocket;
import bailey.core.kernel.Caller;
import bailey.linux.exec.CallFrames.Frame;
import bailey.linux.exec.CallFrames.Head;
import bailey.linux.proc.TaskStat;
import bailey.linux.sys.Directory;
import bailey.linux.sys.HangUps;
import bailey.linux.sys.OwnedFd;
import bailey.linux.sys.PidFd;
import bailey.linux.sys.SystemCallRefused;
import bailey.linux.sys.UnixSocket;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The socket in a folder of this user's, see client.h. What can be reached through it is all that
 * this process may do, so: the folder is this user's and closed to others; who connects is this
 * user, as the kernel noted it then; it stands where this process stands ({@link Standing}), looked
 * up by a handle of that very process; and what it sends is bounded in size and time.
 */
public final class SocketCalls implements CallSocket {
  private static final String SOCKET = "socket";
  private static final String LOCK = "lock";

  /** Made by a caller that starts a planner; others wait for that as long as this is there. */
  private static final String STARTING = "starting";

  /** For a caller to say what it wants; it has it ready when it connects. */
  private static final long PATIENCE_MILLIS = 5_000;

  /** Longer arguments and environments are for a JVM of their own. */
  private static final int MOST_BYTES = 1 << 20;

  private final OwnedFd listener;
  private final byte[] greeting;
  private final int uid;
  private final Standing own;
  private final HangUps hangUps;
  private final Runnable leaving;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SocketCalls(OwnedFd listener, String build, int uid, HangUps hangUps, Runnable leaving) {
    this.listener = listener;
    this.greeting = greeting(build);
    this.uid = uid;
    this.hangUps = hangUps;
    this.leaving = leaving;
    this.own =
        Standing.read("/proc/self/")
            .orElseThrow(
                () -> new NotPossibleHere("cannot serve: reading /proc/self failed; mount /proc"));
    Thread.ofPlatform().daemon().name("bailey hangups").start(hangUps::watch);
  }

  private static byte[] greeting(String build) {
    var name = new byte[CallFrames.BUILD];
    var bytes = build.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, name, 0, Math.min(bytes.length, name.length));
    return CallFrames.frame(Frame.HELLO, 0, name);
  }

  /**
   * Listens in {@code folder}, which is made where it is not there.
   *
   * @return empty where another planner does
   * @throws NotPossibleHere if it cannot be made, is not this user's alone, or the kernel refuses
   */
  public static Optional<SocketCalls> listen(String folder, String build, int uid) {
    try {
      make(Path.of(folder));
      var directory = Directory.open(folder);
      if (!directory.belongsTo(uid)) {
        directory.close();
        throw new NotPossibleHere(
            "cannot serve: " + folder + " is not yours alone; remove it, or chmod 0700 it");
      }
      var lock = lock(directory);
      if (lock == null) {
        directory.remove(STARTING);
        directory.close();
        return Optional.empty();
      }
      directory.remove(SOCKET); // of one that was killed
      var listener = UnixSocket.listenAt(directory.path(SOCKET));
      directory.remove(STARTING);
      return Optional.of(
          new SocketCalls(
              listener,
              build,
              uid,
              HangUps.open(),
              () -> {
                directory.remove(SOCKET); // before somebody else may have the lock
                release(lock);
                directory.close();
              }));
    } catch (IOException e) {
      throw new NotPossibleHere(
          "cannot serve: listening at " + folder + "/" + SOCKET + " failed: " + e.getMessage(), e);
    }
  }

  /** Tells those who wait for a planner that was started that it will not listen. */
  public static void decline(String folder, int uid) {
    try (var directory = Directory.open(folder)) {
      if (directory.belongsTo(uid)) {
        directory.remove(STARTING);
      }
    } catch (IOException _) {
      // nobody waits where there is no such folder
    }
  }

  /**
   * At a socket that listens already, as systemd(1) hands over (sd_listen_fds(3)); the file is who
   * made it's to remove.
   */
  public static SocketCalls of(int descriptor, String build, int uid) {
    if (!UnixSocket.listens(descriptor)) {
      throw new NotPossibleHere(
          "cannot serve: descriptor "
              + descriptor
              + ", which LISTEN_FDS speaks of, is no socket that listens; use a .socket unit of"
              + " systemd, or unset LISTEN_FDS");
    }
    try {
      return new SocketCalls(new OwnedFd(descriptor), build, uid, HangUps.open(), () -> {});
    } catch (IOException e) {
      throw new NotPossibleHere("cannot serve: " + e.getMessage(), e);
    }
  }

  /** A folder for this user alone; one that is there has to be looked at by its handle. */
  static void make(Path folder) throws IOException {
    try {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException _) {
      // it is
    }
  }

  /** Held as long as this process lives: it is the kernel's to release. */
  private static @Nullable FileChannel lock(Directory directory) throws IOException {
    var channel =
        FileChannel.open(
            Path.of(directory.path(LOCK)),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException _) {
      // another of this JVM
    }
    channel.close();
    return null;
  }

  private static void release(FileChannel lock) {
    try {
      lock.close();
    } catch (IOException _) {
      // released all the same
    }
  }

  @Override
  public Optional<Visitor> accept() {
    try {
      return Optional.of(new Connection(UnixSocket.accept(listener)));
    } catch (SystemCallRefused | IllegalStateException e) {
      if (e instanceof SystemCallRefused refused
          && (refused.is(Errno.ECONNABORTED) || refused.is(Errno.EMFILE))) {
        return accept();
      }
      return Optional.empty();
    }
  }

  @Override
  public boolean isClosed() {
    return closed.get();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      leaving.run();
      UnixSocket.end(listener); // wakes who accepts; those who wait to be are refused
      hangUps.close();
    }
  }

  /** Has {@code thread} interrupted when the other end of a pipe hangs up. */
  void watch(int descriptor, Thread thread) throws SystemCallRefused {
    hangUps.add(descriptor, thread);
  }

  /** No longer. */
  void unwatch(int descriptor) {
    hangUps.remove(descriptor);
  }

  private final class Connection implements Visitor {
    private final OwnedFd socket;
    private final SocketLink link;

    Connection(OwnedFd socket) {
      this.socket = socket;
      this.link = new SocketLink(socket);
    }

    @Override
    public void putOff() {
      try (link) {
        UnixSocket.patience(socket, 1);
        link.send(CallFrames.frame(Frame.ELSEWHERE, CallFrames.LATER, 0));
      } catch (IOException _) {
        // it will see that the connection is closed
      }
    }

    @Override
    public Optional<Caller> admit() {
      try {
        var caller = talk();
        if (caller.isEmpty()) {
          link.close();
        }
        return caller;
      } catch (IOException _) { // it has ended, is too slow, or says what it should not
        link.close();
        return Optional.empty();
      }
    }

    private Optional<Caller> talk() throws IOException {
      var peer = UnixSocket.peer(socket);
      if (peer.uid() != uid) {
        return Optional.empty();
      }
      UnixSocket.patience(socket, PATIENCE_MILLIS);
      link.send(greeting);
      if (!standsHere(peer.pid())) {
        link.send(CallFrames.frame(Frame.ELSEWHERE, 0, 0));
        return Optional.empty();
      }
      var head = new byte[CallFrames.REQUEST];
      if (!link.fill(head)) {
        return Optional.empty();
      }
      var request = Head.parse(head, Integer.MAX_VALUE);
      if (request.size() > MOST_BYTES) {
        link.send(CallFrames.frame(Frame.ELSEWHERE, 0, 0));
        return Optional.empty();
      }
      var strings = new byte[request.size()];
      if (!link.fill(strings)) {
        return Optional.empty();
      }
      var call = request.call(strings, peer.pid());
      int first = LinkedCaller.firstSignal(link);
      if (first == CallFrames.LEAVE) {
        SocketCalls.this.close();
      }
      if (first != CallFrames.GO) {
        return Optional.empty();
      }
      UnixSocket.patience(socket, 0);
      int descriptor = socket.number();
      hangUps.add(descriptor, Thread.currentThread());
      return Optional.of(new LinkedCaller(link, call, () -> hangUps.remove(descriptor)));
    }

    /** By a handle of the very process that connected: a number may be another's by now. */
    private boolean standsHere(int pid) throws IOException {
      try (var process = process(pid);
          var directory = Directory.open("/proc/" + pid)) {
        // alive now, so the directory that was opened before is its own
        return !process.ended()
            && Standing.read(directory.path("")).filter(own::equals).isPresent();
      }
    }

    /**
     * Before Linux 6.5 the number is all there is: then it must at least be of a process that was
     * there before this looked.
     */
    private PidFd process(int pid) throws IOException {
      try {
        return UnixSocket.peerProcess(socket);
      } catch (SystemCallRefused e) {
        if (!e.is(Errno.ENOPROTOOPT)) {
          throw e;
        }
        var process = PidFd.open(pid);
        if (TaskStat.read(pid).isEmpty()) {
          process.close();
          throw e;
        }
        return process;
      }
    }
  }
}
