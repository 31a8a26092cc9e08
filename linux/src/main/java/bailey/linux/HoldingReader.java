package bailey.linux;

import bailey.core.abi.Errno;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Holding;
import bailey.core.kernel.Holding.Kind;
import bailey.core.kernel.Holding.Place;
import bailey.core.kernel.Holding.Thing;
import bailey.core.kernel.Holdings;
import bailey.core.spec.NamespaceKind;
import bailey.linux.proc.DescriptorInfo;
import bailey.linux.proc.MountEntry;
import bailey.linux.proc.NamespaceLink;
import bailey.linux.proc.SharedMapping;
import bailey.linux.proc.TaskStat;
import bailey.linux.proc.TaskStatus;
import bailey.linux.sys.FileStatus;
import bailey.linux.sys.SystemCallRefused;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What processes hold, read from /proc. Names are those of the kernel's own files there. */
final class HoldingReader {
  private static final String ANONYMOUS = "anon_inode:";

  /** Numbers that devices.txt gives to the slaves of terminals (Unix98). */
  private static final int FIRST_TERMINAL = 136;

  private static final int LAST_TERMINAL = 143;
  private static final int TERMINALS_OF_EACH = 256;

  /** /dev/tty, /dev/console and /dev/ptmx. */
  private static final int TTY_MAJOR = 5;

  private static final int PTMX_MINOR = 2;

  /** What only waits for something: it has nothing that another process would see. */
  private static final Set<String> WAITERS =
      Set.of("[eventpoll]", "[timerfd]", "[signalfd]", "inotify", "[fanotify]");

  private HoldingReader() {}

  /** As {@link bailey.core.kernel.Processes#holdings}. */
  static Optional<Holdings> read(long pid) {
    var numbers = new File("/proc/" + pid + "/fd").list();
    var stat = TaskStat.read(pid);
    if (stat.isEmpty() || stat.get().state() == 'Z' || stat.get().state() == 'X') {
      return Optional.empty();
    }
    if (numbers == null) {
      if (TaskStat.read(pid).filter(now -> now.state() != 'Z').isEmpty()) {
        return Optional.empty(); // it has ended in between
      }
      throw hidden(pid);
    }
    var mounts =
        MountEntry.readAll(pid).stream()
            .map(mount -> (long) mount.id())
            .collect(Collectors.toSet());
    var held = new ArrayList<Holding>();
    Arrays.sort(numbers, Comparator.comparingInt(Integer::parseInt));
    for (var number : numbers) {
      descriptor(pid, Integer.parseInt(number), mounts, _ -> true).ifPresent(held::add);
    }
    for (var mapping : SharedMapping.readAll(pid)) {
      held.add(memory(mapping));
    }
    file(
            "/proc/" + pid + "/cwd",
            new Place.Directory(),
            link(pid, "/proc/" + pid + "/cwd").orElse(""),
            mounts)
        .ifPresent(held::add);
    return Optional.of(new Holdings(pid, stat.get().command(), tracer(pid), held));
  }

  private static long tracer(long pid) {
    return TaskStatus.read(pid).map(TaskStatus::tracer).orElse(0);
  }

  /** As {@link bailey.core.kernel.Processes#holders}. */
  static Holdings.Search search(Set<Thing> wanted, Set<Long> except, Set<Long> pids) {
    var kinds = EnumSet.noneOf(Kind.class);
    wanted.forEach(thing -> kinds.add(thing.kind()));
    var found = new ArrayList<Holdings>();
    int hidden = 0;
    for (long pid : pids) {
      if (except.contains(pid)) {
        continue;
      }
      var numbers = new File("/proc/" + pid + "/fd").list();
      if (numbers == null) {
        hidden += TaskStat.read(pid).filter(now -> now.state() != 'Z').isPresent() ? 1 : 0;
        continue;
      }
      var held = new ArrayList<Holding>();
      try {
        for (var number : numbers) {
          descriptor(pid, Integer.parseInt(number), Set.of(), name -> mayBe(kinds, name))
              .filter(holding -> wanted.contains(holding.thing()))
              .ifPresent(held::add);
        }
      } catch (NotPossibleHere _) {
        hidden++;
        continue;
      }
      if (kinds.contains(Kind.FILE) || kinds.contains(Kind.MEMORY_FILE)) {
        for (var mapping : SharedMapping.readAll(pid)) {
          var memory = memory(mapping);
          if (wanted.contains(memory.thing())) {
            held.add(memory);
          }
        }
      }
      if (!held.isEmpty()) {
        var command = TaskStat.read(pid).map(TaskStat::command).orElse("");
        found.add(new Holdings(pid, command, 0, held));
      }
    }
    return new Holdings.Search(found, hidden);
  }

  /**
   * Whether what the kernel calls so can be of one of these kinds: most of it need not be asked.
   */
  private static boolean mayBe(Set<Kind> kinds, String name) {
    if (name.startsWith("pipe:")) {
      return kinds.contains(Kind.PIPE);
    }
    if (name.startsWith("socket:")) {
      return kinds.contains(Kind.SOCKET);
    }
    if (name.startsWith(ANONYMOUS)) {
      return kinds.contains(Kind.COUNTER);
    }
    return name.startsWith("/memfd:")
        ? kinds.contains(Kind.MEMORY_FILE)
        : kinds.contains(Kind.FIFO) || kinds.contains(Kind.FILE);
  }

  private static Optional<Holding> descriptor(
      long pid, int number, Set<Long> mounts, Predicate<String> wanted) {
    String path = "/proc/" + pid + "/fd/" + number;
    var link = link(pid, path).filter(wanted);
    if (link.isEmpty()) {
      return Optional.empty(); // closed meanwhile
    }
    String name = link.get();
    var place = new Place.Descriptor(number);
    var special = NamespaceLink.parse(name);
    if (special.isPresent()) {
      return Optional.of(new Holding(place, ofKernel(special.get()), name, false));
    }
    if (name.startsWith(ANONYMOUS)) {
      var thing = anonymous(name.substring(ANONYMOUS.length()), DescriptorInfo.read(pid, number));
      return Optional.of(new Holding(place, thing, name, false));
    }
    var file = file(path, place, name, mounts);
    return file.isPresent() && isMaster(file.get())
        ? Optional.of(
            new Holding(
                place,
                Thing.of(
                    Kind.TERMINAL_MASTER,
                    DescriptorInfo.read(pid, number).number("tty-index").orElse(-1)),
                name,
                false))
        : file;
  }

  private static boolean isMaster(Holding file) {
    return file.thing().kind() == Kind.DEVICE
        && file.thing().number() == ((long) TTY_MAJOR << 32 | PTMX_MINOR);
  }

  /** What has a name such as {@code pipe:[1234]}. */
  private static Thing ofKernel(NamespaceLink link) {
    return switch (link.kind()) {
      case "pipe" -> Thing.of(Kind.PIPE, link.inode());
      case "socket" -> Thing.of(Kind.SOCKET, link.inode());
      default ->
          Arrays.stream(NamespaceKind.values())
              .filter(kind -> kind.file().equals(link.kind()))
              .findFirst()
              .map(_ -> Thing.of(Kind.NAMESPACE, link.inode()))
              .orElse(Thing.of(Kind.OTHER, 0));
    };
  }

  private static Thing anonymous(String name, DescriptorInfo info) {
    if (WAITERS.contains(name)) {
      return Thing.of(Kind.WAITER, 0);
    }
    return switch (name) {
      case "[eventfd]" ->
          info.number("eventfd-id").isPresent()
              ? Thing.of(Kind.COUNTER, info.number("eventfd-id").getAsLong())
              : Thing.of(Kind.OTHER, 0);
      case "[pidfd]" -> Thing.of(Kind.PROCESS, info.number("Pid").orElse(0));
      default -> Thing.of(Kind.OTHER, 0);
    };
  }

  private static Optional<Holding> file(String path, Place place, String name, Set<Long> mounts) {
    FileStatus status;
    try {
      status = FileStatus.of(path);
    } catch (SystemCallRefused refused) {
      if (refused.is(Errno.ENOENT) || refused.is(Errno.ESRCH)) {
        return Optional.empty();
      }
      return Optional.of(new Holding(place, Thing.of(Kind.OTHER, 0), name, false));
    }
    var mount = status.mount();
    boolean memory = name.startsWith("/memfd:");
    boolean foreign =
        !memory && !mounts.isEmpty() && mount.isPresent() && !mounts.contains(mount.getAsLong());
    return Optional.of(new Holding(place, thing(status, memory), name, foreign));
  }

  private static Thing thing(FileStatus status, boolean memory) {
    if (status.isFifo()) {
      return new Thing(Kind.FIFO, status.device(), status.inode());
    }
    if (status.isDevice()) {
      var line = line(status);
      return line.isPresent()
          ? new Thing(Kind.TERMINAL, status.device(), line.getAsLong())
          : new Thing(Kind.DEVICE, status.isCharacterDevice() ? 0 : 1, status.special());
    }
    return new Thing(memory ? Kind.MEMORY_FILE : Kind.FILE, status.device(), status.inode());
  }

  /** The line of a terminal. */
  private static OptionalLong line(FileStatus status) {
    long major = status.special() >>> 32;
    return status.isCharacterDevice() && major >= FIRST_TERMINAL && major <= LAST_TERMINAL
        ? OptionalLong.of(
            (major - FIRST_TERMINAL) * TERMINALS_OF_EACH + (status.special() & 0xffffffffL))
        : OptionalLong.empty();
  }

  private static Holding memory(SharedMapping mapping) {
    var kind = mapping.path().startsWith("/memfd:") ? Kind.MEMORY_FILE : Kind.FILE;
    return new Holding(
        new Place.Memory(mapping.writable()),
        new Thing(kind, mapping.device(), mapping.inode()),
        mapping.path(),
        false);
  }

  /** Empty where it is gone. */
  private static Optional<String> link(long pid, String path) {
    try {
      return Optional.of(Files.readSymbolicLink(Path.of(path)).toString());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (TaskStat.read(pid).filter(now -> now.state() != 'Z').isEmpty()) {
        return Optional.empty();
      }
      throw hidden(pid); // a directory of descriptors may be listed where they may not be read
    }
  }

  private static NotPossibleHere hidden(long pid) {
    return new NotPossibleHere(
        "looking at what process "
            + pid
            + " holds is not permitted to this user; ask its owner or root");
  }
}
