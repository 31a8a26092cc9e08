package bailey.core.isolation;

import bailey.core.isolation.Tie.Kind;
import bailey.core.kernel.Holding;
import bailey.core.kernel.Holding.Place;
import bailey.core.kernel.Holding.Thing;
import bailey.core.kernel.Holdings;
import bailey.core.kernel.SocketInfo;
import bailey.core.spec.NamespaceKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds every reason why the processes of a container could not be saved and made anew without
 * those outside noticing: what was called leak detection when the kernel list discussed checkpoints
 * of containers (2008-10).
 *
 * <p>No reason is: that users, group paths and clocks are those of the machine (what is saved of
 * them are numbers and names); an open file in a file system that others see too; a device that has
 * no state, such as /dev/null.
 */
public final class Ties {
  /** Namespaces whose content is saved with a container: it must be of this container alone. */
  public static final List<NamespaceKind> SAVED =
      List.of(
          NamespaceKind.PID,
          NamespaceKind.MNT,
          NamespaceKind.NET,
          NamespaceKind.IPC,
          NamespaceKind.UTS);

  /** null, zero, full, random, urandom; tty, which stands for another (devices.txt). */
  private static final Set<Long> STATELESS =
      Set.of(device(1, 3), device(1, 5), device(1, 7), device(1, 8), device(1, 9), device(5, 0));

  private static final int MOST_NAMED = 2;

  private final Members members;
  private final Map<Thing, List<Holdings>> outside = new HashMap<>();
  private final Set<Thing> inside = new HashSet<>();
  private final Map<Long, SocketInfo> sockets = new HashMap<>();
  private final Map<String, SocketInfo> ends = new HashMap<>();
  private final Set<Long> terminals = new HashSet<>();
  private final List<Tie> ties = new ArrayList<>();

  private Ties(Members members, Holdings.Search others) {
    this.members = members;
    for (var process : others.found()) {
      for (var holding : process.held()) {
        outside.computeIfAbsent(holding.thing(), _ -> new ArrayList<>()).add(process);
      }
    }
    for (var process : members.processes()) {
      for (var holding : process.held()) {
        inside.add(holding.thing());
        if (holding.thing().kind() == Holding.Kind.TERMINAL_MASTER) {
          terminals.add(holding.thing().number());
        }
      }
    }
    for (var socket : members.sockets()) {
      sockets.put(socket.inode(), socket);
      if (socket.isConnected()) {
        ends.put(transport(socket) + socket.local() + " " + socket.remote(), socket);
      }
    }
  }

  /**
   * All reasons, by process; none if the container is self-contained.
   *
   * @param members what was found of the container's processes
   * @param others who outside holds any of {@link Members#wanted}
   * @param neighbours by kind of namespace and its number, some processes outside that are in it
   */
  public static List<Tie> of(
      Members members,
      Holdings.Search others,
      Map<NamespaceKind, Map<Long, List<String>>> neighbours) {
    var ties = new Ties(members, others);
    ties.namespaces(neighbours);
    members.processes().forEach(ties::process);
    ties.unseen(others.hidden());
    return List.copyOf(ties.ties);
  }

  private void namespaces(Map<NamespaceKind, Map<Long, List<String>>> neighbours) {
    for (var kind : SAVED) {
      var others = neighbours.getOrDefault(kind, Map.of());
      members
          .namespaces()
          .getOrDefault(kind, Map.of())
          .forEach(
              (inode, pid) -> {
                var names = others.getOrDefault(inode, List.of());
                if (!names.isEmpty()) {
                  ties.add(
                      new Tie(
                          Kind.NAMESPACE,
                          pid,
                          command(pid),
                          "is in the " + kind.file() + " namespace of " + some(names)));
                }
              });
    }
  }

  private String command(long pid) {
    return members.processes().stream()
        .filter(process -> process.pid() == pid)
        .map(Holdings::command)
        .findFirst()
        .orElse("");
  }

  private void process(Holdings process) {
    if (process.tracer() != 0 && !members.pids().contains(process.tracer())) {
      add(process, Kind.TRACER, "is traced by " + process.tracer());
    }
    var memory = new LinkedHashMap<Thing, Holding>();
    for (var holding : process.held()) {
      switch (holding.place()) {
        case Place.Memory(boolean writable) ->
            memory.merge(holding.thing(), holding, (a, b) -> writable ? b : a);
        case Place.Descriptor(int number) ->
            descriptor(process, "descriptor " + number + " is ", holding);
        case Place.Directory() -> {
          if (holding.foreign()) {
            add(
                process,
                Kind.DESCRIPTOR,
                "the working directory is on a mount that is not its container's: "
                    + holding.name());
          }
        }
      }
    }
    memory.values().forEach(holding -> memory(process, holding));
  }

  private void memory(Holdings process, Holding holding) {
    boolean writable = isWritable(holding);
    var sharers =
        outside.getOrDefault(holding.thing(), List.of()).stream()
            .filter(other -> writable || writes(other, holding.thing()))
            .map(Ties::name)
            .toList();
    if (!sharers.isEmpty()) {
      add(process, Kind.MEMORY, "shares memory of " + holding.name() + " with " + some(sharers));
    }
  }

  private static boolean isWritable(Holding holding) {
    return holding.place() instanceof Place.Memory(boolean writable) && writable;
  }

  private static boolean writes(Holdings other, Thing thing) {
    return other.held().stream()
        .anyMatch(holding -> holding.thing().equals(thing) && isWritable(holding));
  }

  private void descriptor(Holdings process, String what, Holding holding) {
    var thing = holding.thing();
    switch (thing.kind()) {
      case PIPE, FIFO, MEMORY_FILE, COUNTER -> shared(process, what, holding, Kind.DESCRIPTOR);
      case SOCKET -> socket(process, what, holding);
      case FILE -> {
        if (holding.foreign()) {
          add(
              process,
              Kind.DESCRIPTOR,
              what + holding.name() + " on a mount that is not its container's");
        }
      }
      case TERMINAL -> {
        if (holding.foreign() || !terminals.contains(thing.number())) {
          add(process, Kind.DESCRIPTOR, what + holding.name() + ", whose other side is outside");
        }
      }
      case DEVICE -> {
        if (thing.device() != 0 || !STATELESS.contains(thing.number())) {
          add(
              process,
              Kind.DEVICE,
              what
                  + "the device "
                  + holding.name()
                  + " ("
                  + (thing.device() == 0 ? "c " : "b ")
                  + (thing.number() >>> 32)
                  + ":"
                  + (thing.number() & 0xffffffffL)
                  + ")");
        }
      }
      case NAMESPACE -> {
        if (members.namespaces().values().stream()
            .noneMatch(numbers -> numbers.containsKey(thing.number()))) {
          add(process, Kind.DESCRIPTOR, what + holding.name() + ", in which no process of it is");
        }
      }
      case PROCESS -> {
        if (thing.number() > 0 && !members.pids().contains(thing.number())) {
          add(process, Kind.DESCRIPTOR, what + "process " + thing.number() + ", which is outside");
        }
      }
      case OTHER -> add(process, Kind.DEVICE, what + holding.name() + ", which cannot be saved");
      case TERMINAL_MASTER, WAITER -> {
        // of the process alone
      }
    }
  }

  /** Whether others may hold the same, and can be found to do so. */
  static boolean isShareable(Holding holding) {
    return switch (holding.thing().kind()) {
      case PIPE, FIFO, MEMORY_FILE, COUNTER, SOCKET -> true;
      case FILE -> holding.place() instanceof Place.Memory;
      case TERMINAL, TERMINAL_MASTER, DEVICE, NAMESPACE, PROCESS, WAITER, OTHER -> false;
    };
  }

  private void shared(Holdings process, String what, Holding holding, Kind kind) {
    var sharers = outside.getOrDefault(holding.thing(), List.of());
    if (!sharers.isEmpty()) {
      add(process, kind, what + holding.name() + ", also held by " + names(sharers));
    }
  }

  private void socket(Holdings process, String what, Holding holding) {
    shared(process, what, holding, Kind.SOCKET);
    var socket = sockets.get(holding.thing().number());
    if (socket == null) {
      if (members.foreign().contains(holding.thing().number())) {
        add(process, Kind.SOCKET, what + holding.name() + " of the machine's network namespace");
      }
      return;
    }
    var peer = peer(socket);
    if (socket.peer().orElse(0) == SocketInfo.UNKNOWN) {
      add(process, Kind.UNSEEN, what + holding.name() + ", whose other end cannot be told");
    } else if (peer.isPresent() && !inside.contains(peer.get())) {
      var holders = outside.getOrDefault(peer.get(), List.of());
      add(
          process,
          Kind.SOCKET,
          what
              + holding.name()
              + (socket.local().isEmpty() ? "" : " " + socket.local())
              + ", whose other end is "
              + (holders.isEmpty() ? "outside" : "held by " + names(holders)));
    }
    if (socket.isConnected()) {
      var end = ends.get(transport(socket) + socket.remote() + " " + socket.local());
      boolean within =
          end != null
              && (end.inode() == 0 || inside.contains(Thing.of(Holding.Kind.SOCKET, end.inode())));
      if (!within) {
        add(
            process,
            Kind.SOCKET,
            what + socket.protocol() + " to " + socket.remote() + ", which is outside");
      }
    }
  }

  private static Optional<Thing> peer(SocketInfo socket) {
    return socket.peer().orElse(SocketInfo.UNKNOWN) != SocketInfo.UNKNOWN
        ? Optional.of(Thing.of(Holding.Kind.SOCKET, socket.peer().getAsLong()))
        : Optional.empty();
  }

  /** The other ends of the sockets that members have. */
  static Stream<Thing> peers(Members members) {
    var own = new HashSet<Long>();
    for (var process : members.processes()) {
      for (var holding : process.held()) {
        if (holding.thing().kind() == Holding.Kind.SOCKET) {
          own.add(holding.thing().number());
        }
      }
    }
    return members.sockets().stream()
        .filter(socket -> own.contains(socket.inode()))
        .map(Ties::peer)
        .flatMap(Optional::stream);
  }

  /** IPv4 and IPv6 sockets may be the two ends of one connection. */
  private static String transport(SocketInfo socket) {
    String name = socket.protocol();
    return (name.endsWith("6") ? name.substring(0, name.length() - 1) : name) + " ";
  }

  private void unseen(int hidden) {
    for (long pid : members.pids().stream().sorted().toList()) {
      if (members.processes().stream().noneMatch(process -> process.pid() == pid)) {
        ties.add(
            new Tie(Kind.UNSEEN, pid, "", "may not be looked at by this user; ask as its owner"));
      }
    }
    if (hidden > 0) {
      ties.add(
          new Tie(
              Kind.UNSEEN,
              0,
              "",
              (hidden == 1 ? "one process" : hidden + " processes")
                  + " outside may not be looked at by this user, so what is shared with "
                  + (hidden == 1 ? "it" : "them")
                  + " is not known; ask as root with all capabilities"));
    }
  }

  private void add(Holdings process, Kind kind, String what) {
    ties.add(new Tie(kind, process.pid(), process.command(), what));
  }

  private static String name(Holdings process) {
    return process.pid() + " (" + process.command() + ")";
  }

  private static String names(List<Holdings> processes) {
    return some(processes.stream().map(Ties::name).distinct().toList());
  }

  private static String some(List<String> names) {
    int more = names.size() - MOST_NAMED;
    return String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMED)))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static long device(long major, long minor) {
    return major << 32 | minor;
  }
}
