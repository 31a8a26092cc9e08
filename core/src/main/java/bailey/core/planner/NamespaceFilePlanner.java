package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.KernelText;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.container.ControlFile;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.Register;
import bailey.core.plan.Registers;
import bailey.core.plan.Steps;
import bailey.core.planner.NamespaceVisit.Held;
import bailey.core.planner.NamespaceVisit.OfTask;
import bailey.core.planner.NamespaceVisit.Place;
import bailey.core.subsystem.MountTable;
import bailey.core.subsystem.NamespaceSource;
import bailey.core.subsystem.NamespaceSource.Side;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;

/**
 * Plans the reading and writing of what belongs to a namespace of a process. Sysctls are those of
 * whoever opens the file (proc_sys(5)), so a child enters the namespace for it; other files are
 * read below a handle of the process's directory in /proc. Any thread.
 */
public final class NamespaceFilePlanner {
  private static final int MOST_BYTES = 4096;

  /** Of a table in /proc/PID, so many times as much: the kernel gives at most a page at once. */
  private static final int MOST_READS = 24;

  private static final String SYSCTLS = "/proc/sys/";

  /** What the steps are for, as errors and explanations have it. */
  public static final String CONTROL_FILES = "control files";

  private final KernelFeatures features;
  private final NamespaceVisit visit;

  /** A planner for a machine. */
  public NamespaceFilePlanner(KernelFeatures features) {
    this.features = features;
    this.visit = new NamespaceVisit(features);
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
    return visit.plan("read", place, List.of(out), steps);
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
      visit.in(
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
    visit.in(
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
      Passing.part(steps, "reading " + path, file, size, text, MOST_BYTES, out);
    }
    if (reads > 1) {
      Passing.rest(steps, "looking whether there is more", file, size, MountTable.more(), out);
    }
    steps.call("closing " + path, OnError.IGNORE, Sys.CLOSE, result(file));
    steps.call("ending its text", Sys.WRITE, result(out), Operand.text(""), number(1));
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
    visit.in(
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
    return visit.plan("change mounts", place, List.of(), steps);
  }

  /**
   * Writes a sysctl.
   *
   * @param name relative to /proc/sys
   */
  public Plan write(Place place, String name, String value) {
    var steps = new Steps(new Registers());
    steps.because(CONTROL_FILES);
    visit.in(steps, place, child -> writeSysctl(child, name, value));
    return visit.plan("write", place, List.of(), steps);
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
}
