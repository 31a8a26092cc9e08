package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.KernelText;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.container.ControlFile;
import bailey.core.error.NotPossibleHere;
import bailey.core.isolation.SocketPeers;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Register;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.CloneArguments;
import bailey.core.planner.LaunchPlanner.Pipe;
import bailey.core.spec.NamespaceKind;
import bailey.core.subsystem.MountTable;
import bailey.core.subsystem.NamespaceSource;
import bailey.core.subsystem.NamespaceSource.Side;
import bailey.core.subsystem.NetworkDump;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Plans the reading and writing of what belongs to a namespace of a process. Sysctls are those of
 * whoever opens the file (proc_sys(5)), so a child enters the namespace for it; other files are
 * read below a handle of the process's directory in /proc. Any thread.
 */
public final class NamespaceFilePlanner {
  private static final int MOST_BYTES = 4096;

  /** Of a table in /proc/PID, so many times as much: the kernel gives at most a page at once. */
  private static final int MOST_READS = 24;

  /** What the kernel gives of a dump of rtnetlink(7) at once to who asks for so much. */
  private static final int DUMP_BYTES = 16384;

  private static final int MOST_DUMP_READS = 16;
  private static final String SYSCTLS = "/proc/sys/";

  /** What the steps are for, as errors and explanations have it. */
  public static final String CONTROL_FILES = "control files";

  private static final int NETLINK_ROUTE = 0;
  private static final int NETLINK_SOCK_DIAG = 4;

  /** Messages of rtnetlink(7), and the sizes of their bodies. */
  private static final int RTM_GETLINK = 18;

  private static final int RTM_GETADDR = 22;
  private static final int IFINFOMSG = 16;
  private static final int IFADDRMSG = 8;

  /** A message of sock_diag(7). */
  private static final int SOCK_DIAG_BY_FAMILY = 20;

  private final KernelFeatures features;

  /** A planner for a machine. */
  public NamespaceFilePlanner(KernelFeatures features) {
    this.features = features;
  }

  /** Where a namespace is. */
  public sealed interface Place {
    /** Its kind. */
    NamespaceKind kind();
  }

  /**
   * A namespace of a process.
   *
   * @param pid of the process
   * @param kind of the namespace
   * @param inode its number
   * @param owner number of the user namespace that has to be entered to enter it or to write in it;
   *     empty where this user may do so as he is
   */
  public record OfTask(long pid, NamespaceKind kind, long inode, OptionalLong owner)
      implements Place {
    private Map<NamespaceKind, Long> inodes() {
      var inodes = new EnumMap<NamespaceKind, Long>(NamespaceKind.class);
      owner.ifPresent(number -> inodes.put(NamespaceKind.USER, number));
      inodes.put(kind, inode);
      return inodes;
    }

    @Override
    public String toString() {
      return kind.file() + " namespace of " + pid;
    }
  }

  /**
   * A namespace without a task.
   *
   * @param path the file that it is bound to
   */
  public record Held(NamespaceKind kind, String path) implements Place {
    @Override
    public String toString() {
      return kind.file() + " namespace " + path;
    }
  }

  /**
   * Reads what the control files are made of. The texts go to the one descriptor that the plan is
   * sent with, each ended by a NUL, as {@link #values} takes them apart.
   *
   * @param sources none of them {@link NamespaceSource.Network}; of a namespace without a task none
   *     that has to be seen from both sides
   */
  public Plan read(Place place, List<NamespaceSource> sources) {
    var registers = new Registers();
    var out = registers.descriptor("out");
    var steps = new Steps(registers);
    steps.because(CONTROL_FILES);
    switch (place) {
      case OfTask task -> read(steps, task, sources, out);
      case Held held -> read(steps, held, sources, out);
    }
    steps.close(out);
    return plan("read", place, List.of(out), steps);
  }

  private void read(Steps steps, OfTask task, List<NamespaceSource> sources, Register out) {
    var text = new Datum.Space("text", MOST_BYTES);
    var join = JoinSteps.ofProcess(features, task.pid(), task.inodes());
    var process = join.openWithProcess(steps);
    for (var source : sources) {
      if (source.sides().contains(Side.OUTSIDE)) {
        copy(steps, result(process), file(source), MOST_READS, text, out);
      }
    }
    if (sources.stream().anyMatch(source -> source.sides().contains(Side.INSIDE))) {
      visit(
          steps,
          task,
          join,
          child -> {
            for (var source : sources) {
              if (source instanceof NamespaceSource.Sysctl) {
                copy(child, Steps.cwd(), file(source), 1, text, out);
              } else if (source.sides().contains(Side.INSIDE)) {
                copy(child, result(process), file(source), MOST_READS, text, out);
              }
            }
          });
    } else {
      join.close(steps);
    }
    steps.close(process);
  }

  /** The visitor is the process whose files in the machine's /proc are read. */
  private void read(Steps steps, Held held, List<NamespaceSource> sources, Register out) {
    var text = new Datum.Space("text", MOST_BYTES);
    var proc = steps.open("opening /proc", Steps.cwd(), "/proc", OpenFlags.O_PATH, "processes");
    in(
        steps,
        held,
        child -> {
          for (var source : sources) {
            if (source.sides().contains(Side.OUTSIDE)) {
              copy(child, result(proc), "self/" + file(source), MOST_READS, text, out);
            }
          }
          for (var source : sources) {
            if (!source.sides().contains(Side.OUTSIDE)) {
              copy(child, Steps.cwd(), file(source), 1, text, out);
            }
          }
        });
    steps.close(proc);
  }

  private static String file(NamespaceSource source) {
    return switch (source) {
      case NamespaceSource.Sysctl sysctl -> SYSCTLS + sysctl.name();
      case NamespaceSource.OfProcess(String file, var _) -> file;
      case NamespaceSource.OfProcessOnBothSides(String file, var _) -> file;
      case NamespaceSource.ReadOnlyMounts() -> "mountinfo";
      case NamespaceSource.TimeOffset _ -> "timens_offsets";
      case NamespaceSource.IdMap(String file) -> file;
      case NamespaceSource.Network() -> throw new IllegalArgumentException("not a file");
    };
  }

  /**
   * The values in what {@link #read} gave; empty where the kernel has no such file.
   *
   * @param bytes all that was read; what is missing was not there
   */
  public static List<Optional<String>> values(List<NamespaceSource> sources, byte[] bytes) {
    var texts = new ArrayDeque<String>();
    for (var text : KernelText.decode(bytes, 0, bytes.length).split("\0", -1)) {
      texts.add(text.stripTrailing());
    }
    var bySide = new EnumMap<Side, List<String>>(Side.class);
    for (var side : Side.values()) { // outside first, as they were read
      for (var source : sources) {
        if (source.sides().contains(side)) {
          var text = texts.poll();
          bySide.computeIfAbsent(side, _ -> new ArrayList<>()).add(text == null ? "" : text);
        }
      }
    }
    var next = new EnumMap<Side, Integer>(Side.class);
    var values = new ArrayList<Optional<String>>();
    for (var source : sources) {
      var own = new ArrayList<String>();
      for (var side : source.sides()) {
        int index = next.merge(side, 1, Integer::sum) - 1;
        own.add(bySide.getOrDefault(side, List.of()).get(index));
      }
      values.add(
          own.contains("") && !mayBeEmpty(source)
              ? Optional.empty()
              : Optional.of(source.value(own)));
    }
    return values;
  }

  /** Of ids that nobody mapped. */
  private static boolean mayBeEmpty(NamespaceSource source) {
    return source instanceof NamespaceSource.IdMap;
  }

  private static void copy(
      Steps steps, Operand directory, String path, int reads, Datum text, Register out) {
    var file = steps.registers().number("file");
    var size = steps.registers().number("size");
    steps.call(
        "opening " + path,
        file,
        OnError.IGNORE,
        Sys.OPENAT,
        directory,
        Operand.text(path),
        number(OpenFlags.O_CLOEXEC),
        number(0));
    for (int i = 0; i < reads; i++) {
      part(steps, "reading " + path, file, size, text, MOST_BYTES, out);
    }
    if (reads > 1) {
      rest(steps, "looking whether there is more", file, size, MountTable.more(), out);
    }
    steps.call("closing " + path, OnError.IGNORE, Sys.CLOSE, result(file));
    steps.call("ending its text", Sys.WRITE, result(out), Operand.text(""), number(1));
  }

  private static void part(
      Steps steps, String what, Register file, Register size, Datum text, int most, Register out) {
    steps.call(
        what, size, OnError.IGNORE, Sys.READ, result(file), Operand.address(text), number(most));
    steps.when(
        "where there was something",
        number(0),
        Step.Test.LESS,
        result(size),
        inner ->
            inner.call("telling it", Sys.WRITE, result(out), Operand.address(text), result(size)));
  }

  /** What says that not all was read: the inside decides how much there is. */
  private static void rest(
      Steps steps, String what, Register file, Register size, byte[] mark, Register out) {
    steps.call(
        what,
        size,
        OnError.IGNORE,
        Sys.READ,
        result(file),
        Operand.address(new Datum.Space("more", 1)),
        number(1));
    steps.when(
        "where there is",
        number(0),
        Step.Test.LESS,
        result(size),
        inner ->
            inner.call(
                "telling that there is",
                Sys.WRITE,
                result(out),
                Operand.address(new Datum.Bytes("there is more", mark)),
                number(mark.length)));
  }

  /**
   * Asks for the interfaces and addresses of a network namespace; the answers, which {@code
   * NetworkDump} reads, go to the one descriptor that the plan is sent with.
   */
  public Plan network(Place place) {
    var registers = new Registers();
    var out = registers.descriptor("out");
    var steps = new Steps(registers);
    steps.because(CONTROL_FILES);
    in(
        steps,
        place,
        child -> {
          dump(child, "interfaces", NETLINK_ROUTE, RTM_GETLINK, new byte[IFINFOMSG], out);
          dump(child, "addresses", NETLINK_ROUTE, RTM_GETADDR, new byte[IFADDRMSG], out);
        });
    steps.close(out);
    return plan("list the interfaces", place, List.of(out), steps);
  }

  /**
   * Asks for all unix sockets of a network namespace and their peers; the answers, which {@code
   * SocketPeers} reads, go to the one descriptor that the plan is sent with.
   */
  public Plan sockets(Place place) {
    var registers = new Registers();
    var out = registers.descriptor("out");
    var steps = new Steps(registers);
    steps.because("unix sockets");
    in(
        steps,
        place,
        child ->
            dump(
                child,
                "unix sockets",
                NETLINK_SOCK_DIAG,
                SOCK_DIAG_BY_FAMILY,
                SocketPeers.request(),
                out));
    steps.close(out);
    return plan("list the unix sockets", place, List.of(out), steps);
  }

  /** A request with struct nlmsghdr and a body: all of them. */
  private static void dump(
      Steps steps, String what, int protocol, int type, byte[] body, Register out) {
    var socket = steps.registers().descriptor("netlink");
    steps.call(
        "opening a socket of netlink",
        socket,
        OnError.FAIL,
        Sys.SOCKET,
        number(16), // AF_NETLINK
        number(3 | OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK), // SOCK_RAW
        number(protocol));
    var request = ByteBuffer.allocate(16 + body.length).order(ByteOrder.LITTLE_ENDIAN);
    request.putInt(16 + body.length).putShort((short) type).putShort((short) 0x301); // a dump
    request.putLong(0).put(body);
    steps.call(
        "asking for all " + what,
        Sys.WRITE,
        result(socket),
        Operand.address(new Datum.Bytes("all " + what, request.array())),
        number(16L + body.length));
    var answer = new Datum.Space(what, DUMP_BYTES);
    var size = steps.registers().number("size");
    for (int i = 0; i < MOST_DUMP_READS; i++) {
      part(steps, "reading " + what, socket, size, answer, DUMP_BYTES, out);
    }
    rest(steps, "looking whether there is more", socket, size, NetworkDump.more(), out);
    steps.close(socket);
  }

  /**
   * Makes a mount of the container read-only, or not any more (mount_setattr(2), Linux 5.12). What
   * is in the container may be anybody's: no link of it is followed.
   *
   * @param place a mount namespace
   * @param path where it is mounted, inside
   */
  public Plan setReadOnly(Place place, String path, boolean on) {
    var steps = new Steps(new Registers());
    steps.because(CONTROL_FILES);
    in(
        steps,
        place,
        child -> {
          var mount = child.registers().descriptor("mount");
          child.call(
              "opening " + path,
              mount,
              OnError.FAIL,
              Sys.OPENAT2,
              Steps.cwd(),
              Operand.text(path),
              Operand.address(
                  new Datum.Words(
                      "without links",
                      List.of(
                          Operand.number(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC, Notation.OPEN),
                          number(0),
                          Operand.number(
                              Flags.RESOLVE_NO_MAGICLINKS | Flags.RESOLVE_NO_SYMLINKS,
                              Notation.HEX)))),
              number(24));
          long readOnly = Flags.MOUNT_ATTR_RDONLY;
          child.call(
              "making " + path + (on ? " read-only" : " writable"),
              Sys.MOUNT_SETATTR,
              result(mount),
              Operand.text(""),
              Operand.number(Flags.AT_EMPTY_PATH, Notation.AT),
              Operand.address(
                  new Datum.Words( // struct mount_attr: set, clear, propagation, user namespace
                      on ? "read-only" : "writable",
                      List.of(
                          number(on ? readOnly : 0),
                          number(on ? 0 : readOnly),
                          number(0),
                          number(0)))),
              number(32));
        });
    return plan("change mounts", place, List.of(), steps);
  }

  /**
   * Writes a sysctl.
   *
   * @param name relative to /proc/sys
   */
  public Plan write(Place place, String name, String value) {
    var steps = new Steps(new Registers());
    steps.because(CONTROL_FILES);
    in(steps, place, child -> writeSysctl(child, name, value));
    return plan("write", place, List.of(), steps);
  }

  /**
   * In a process in the namespace: writes a sysctl. The names of a host are set by their system
   * calls: only those know the root of a user namespace.
   */
  static void writeSysctl(Steps steps, String name, String value) {
    switch (name) {
      case "kernel/hostname" -> name(steps, "host name", Sys.SETHOSTNAME, value);
      case "kernel/domainname" -> name(steps, "domain name", Sys.SETDOMAINNAME, value);
      default -> write(steps, SYSCTLS + name, value);
    }
  }

  private static void name(Steps steps, String what, Sys call, String value) {
    steps.call(
        "setting the " + what + " " + value,
        call,
        Operand.text(value),
        number(KernelText.encode(value).length));
  }

  /** Writes a file in one go. */
  static void write(Steps steps, String path, String text) {
    var file = steps.open("opening " + path, Steps.cwd(), path, OpenFlags.O_WRONLY, "setting");
    steps.call(
        "writing " + text.strip().replace("\n", ", ") + " to " + path,
        Sys.WRITE,
        result(file),
        Operand.text(text),
        number(KernelText.encode(text).length));
    steps.close(file);
  }

  /**
   * Refuses a sysctl that is the machine's on this kernel.
   *
   * @throws NotPossibleHere saying since when it is one of the namespace, and what to do instead
   */
  public static void checkOwn(
      KernelFeatures features, ControlFile file, NamespaceSource.Sysctl sysctl) {
    sysctl
        .since()
        .filter(since -> !features.atLeast(since.major(), since.minor()))
        .ifPresent(
            since -> {
              throw new NotPossibleHere(
                  file.name()
                      + ": a namespace has it from Linux "
                      + since.major()
                      + "."
                      + since.minor()
                      + " on, and this is "
                      + features.release()
                      + "; "
                      + since.instead());
            });
  }

  private Plan plan(String verb, Place place, List<Register> descriptors, Steps steps) {
    return PlanVerifier.verify(
        new Plan(verb + " of the " + place, features.arch(), descriptors, steps.list()));
  }

  /** A child that enters the namespace; for that of process ids, a child of it. */
  private void in(Steps steps, Place place, Consumer<Steps> body) {
    var join =
        switch (place) {
          case OfTask task -> JoinSteps.ofProcess(features, task.pid(), task.inodes());
          case Held held -> JoinSteps.ofFile(features, held.kind(), held.path());
        };
    join.open(steps);
    visit(steps, place, join, body);
  }

  /**
   * As {@link #in}.
   *
   * @param join is open, and closed here
   */
  private void visit(Steps steps, Place place, JoinSteps join, Consumer<Steps> body) {
    var reports = new Pipe(steps, "report");
    var pidfd = new Datum.Space("pidfd", 4);
    var child =
        steps.inside(
            inner -> {
              inner.add(
                  new Step.ReportTo(note(inner, "reporting failures"), result(reports.write())));
              inner.close(reports.read());
              join.enter(inner);
              becomeRoot(inner, place);
              if (place.kind() == NamespaceKind.PID) {
                forked(inner, body);
              } else {
                body.accept(inner);
              }
              inner.add(new Step.End(note(inner, "ending"), number(0)));
            });
    steps.add(
        new Step.Spawn(
            note(steps, "starting a process to enter it"),
            "visitor",
            CloneArguments.of(0, pidfd),
            null,
            child));
    var visitor = steps.registers().descriptor("visitor");
    steps.load("its pidfd", pidfd, 0, 4, visitor);
    steps.close(reports.write());
    join.close(steps);
    steps.add(new Step.Await(note(steps, "waiting for it"), result(visitor)));
    var status = steps.registers().number("status");
    steps.add(new Step.Reap(note(steps, "reaping it"), result(visitor), status));
    steps.close(visitor);
    steps.add(new Step.Handshake(note(steps, "hearing of failures"), result(reports.read())));
    steps.close(reports.read());
  }

  /** Of an ipc namespace the root of its user namespace is who may write (ipc_permissions()). */
  private void becomeRoot(Steps steps, Place place) {
    if (features.privileged() && place instanceof OfTask task && task.owner().isPresent()) {
      var zero = number(0);
      steps.call("becoming group 0 inside", Sys.SETRESGID, zero, zero, zero);
      steps.call("becoming user 0 inside", Sys.SETRESUID, zero, zero, zero);
    }
  }

  private static void forked(Steps steps, Consumer<Steps> body) {
    var pidfd = new Datum.Space("inner pidfd", 4);
    var child =
        steps.inside(
            inner -> {
              body.accept(inner);
              inner.add(new Step.End(note(inner, "ending"), number(0)));
            });
    steps.add(
        new Step.Spawn(
            note(steps, "starting a process inside"),
            "inside",
            CloneArguments.of(0, pidfd),
            null,
            child));
    var inside = steps.registers().descriptor("inside");
    steps.load("its pidfd", pidfd, 0, 4, inside);
    steps.add(
        new Step.Reap(
            note(steps, "reaping it"), result(inside), steps.registers().number("inner status")));
  }
}
