package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.CloneArguments;
import bailey.core.planner.LaunchPlanner.Pipe;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.UserMapping;
import java.util.EnumSet;
import java.util.Optional;

/**
 * Namespaces that stay without a task (namespaces(7), "Namespace lifetime"): a process makes them
 * and waits until their files in /proc are bound to files in the container's directory, and ends.
 *
 * <p>The directory is a file system of its own that is nobody's peer: a mount namespace cannot be
 * bound where the mount would come back to it by propagation (mount_namespaces(7), ENOSPC and
 * EINVAL), and taking that one mount away lets go of all.
 */
final class PinSteps {
  private static final long ENDED = -1;

  private final KernelFeatures features;
  private final LaunchRequest request;
  private final CgroupSteps cgroups;
  private final Optional<IdentityMap> map;
  private final NamespaceSteps namespaces;
  private final SettingSteps settings;
  private final String directory;

  PinSteps(KernelFeatures features, LaunchRequest request, CgroupSteps cgroups) {
    this.features = features;
    this.request = request;
    this.cgroups = cgroups;
    this.map =
        request.spec().pinned().contains(NamespaceKind.USER)
            ? IdentityMap.of(features, request.spec(), request.userBase())
            : Optional.empty();
    this.namespaces =
        new NamespaceSteps(request.spec().ofPinned(), request.name(), map.isPresent());
    this.settings = SettingSteps.ofPinned(features, request.spec(), namespaces);
    this.directory = request.state().file(StateFiles.NAMESPACES);
  }

  /** Makes them; nothing where none is asked for. */
  void make(Steps steps) {
    var kinds = request.spec().pinned();
    if (kinds.isEmpty()) {
      return;
    }
    check();
    steps.because("namespaces without a task: " + namespaces);
    makeDirectory(steps);
    var maker = new Maker(steps);
    maker.spawn(steps);
    for (var kind : NamespaceKind.values()) {
      if (kinds.contains(kind)) {
        pin(steps, kind, maker.pid);
      }
    }
    maker.dismiss(steps);
  }

  private void check() {
    if (request.spec().pinned().contains(NamespaceKind.PID)) {
      throw new NotPossibleHere(
          "--new pid: a pid namespace lives as long as its process 1 (pid_namespaces(7)), so it"
              + " cannot be kept without a task; leave it out, and each command has one of its"
              + " own");
    }
    if (request.spec().userMapping() == UserMapping.AUTO) {
      throw new NotPossibleHere(
          "--new: namespaces without a task belong to the user namespace of their maker, not to one"
              + " that its command will have; leave out --userns auto");
    }
    if (!features.privileged()) {
      throw new NotPossibleHere(
          "--new: keeping a namespace without a task takes a mount, which user "
              + features.uid()
              + " may not make; run bailey as root, or start a command that holds it");
    }
  }

  private void makeDirectory(Steps steps) {
    steps.mkdir("making " + directory, directory, 0700, OnError.FAIL);
    steps.undo("letting go of its namespaces", undo -> remove(undo, directory));
    steps.mount(
        "mounting what holds its namespaces",
        "bailey",
        directory,
        "tmpfs",
        Flags.MS_NOSUID | Flags.MS_NODEV | Flags.MS_NOEXEC,
        "mode=0700,size=64k");
    steps.mount(
        "keeping it to this mount namespace", null, directory, null, Flags.MS_PRIVATE, null);
  }

  /** Lets go of the namespaces that are held in {@code directory}, if there are any. */
  static void remove(Steps steps, String directory) {
    steps.call(
        "letting go of the namespaces in " + directory,
        OnError.IGNORE,
        Sys.UMOUNT2,
        Operand.text(directory),
        Operand.number(Flags.MNT_DETACH, Notation.UMOUNT));
    StateSteps.unlink(steps, directory, Flags.AT_REMOVEDIR);
  }

  private void pin(Steps steps, NamespaceKind kind, Register pid) {
    String file = directory + "/" + kind.file();
    var made = steps.registers().descriptor("place of " + kind.file());
    steps.call(
        "making " + file,
        made,
        OnError.FAIL,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text(file),
        Operand.number(OpenFlags.O_CREAT | OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC, Notation.OPEN),
        Operand.number(0600, Notation.OCTAL));
    steps.close(made);
    var source = StateSteps.ofProcess(steps, pid, "/ns/" + kind.fileForChildren());
    steps.call(
        "holding the " + kind.file() + " namespace by " + file,
        Sys.MOUNT,
        Operand.address(source),
        Operand.text(file),
        number(0),
        Operand.number(Flags.MS_BIND, Notation.MOUNT),
        number(0));
  }

  /** The process that makes them. */
  private final class Maker {
    private final Pipe reports;
    private final Pipe ready;
    private final Pipe done;
    private final Register pid;
    private final Register pidfd;

    Maker(Steps steps) {
      reports = new Pipe(steps, "report");
      ready = new Pipe(steps, "ready");
      done = new Pipe(steps, "done");
      pid = steps.registers().number("pid");
      pidfd = steps.registers().number("pidfd of the maker");
    }

    void spawn(Steps steps) {
      Pipe go = map.isPresent() ? new Pipe(steps, "go") : null;
      var space = new Datum.Space("pidfd", 4);
      var arguments =
          CloneArguments.of(
              namespaces.cloneFlags() | (cgroups.bornInside() ? Flags.CLONE_INTO_CGROUP : 0),
              space);
      var because = steps.because();
      cgroups.open(steps, arguments);
      steps.because(because);
      var child =
          steps.inside(
              inner -> {
                inner.add(
                    new Step.ReportTo(note(inner, "reporting failures"), result(reports.write())));
                CommandSteps.dieWithParent(inner);
                inner.close(reports.read());
                inner.close(ready.read());
                inner.close(done.write());
                cgroups.enter(inner);
                if (go != null) {
                  FirstProcess.awaitMap(
                      inner,
                      go,
                      mapped ->
                          mapped.call("leaving all groups", Sys.SETGROUPS, number(0), number(0)));
                }
                inner.because(because);
                namespaces.makeRest(inner);
                settings.write(inner, EnumSet.allOf(NamespaceKind.class));
                inner.because(because);
                namespaces.name(inner);
                namespaces.loopback(inner);
                inner.because(because);
                inner.call(
                    "telling that they are made",
                    Sys.WRITE,
                    result(ready.write()),
                    Operand.text("1"),
                    number(1));
                inner.call(
                    "waiting until they are held",
                    OnError.IGNORE,
                    Sys.READ,
                    result(done.read()),
                    Operand.address(new Datum.Space("done", 8)),
                    number(1));
                inner.add(new Step.End(note(inner, "ending"), number(0)));
              });
      steps.add(
          new Step.Spawn(
              note(steps, "starting a process that makes them"), "maker", arguments, pid, child));
      steps.load("its pidfd", space, 0, 4, pidfd);
      steps.undo(
          "ending it",
          undo ->
              undo.when(
                  "where it is there",
                  number(ENDED),
                  Step.Test.LESS,
                  result(pidfd),
                  inner -> FirstProcess.kill(inner, pidfd)));
      steps.close(reports.write());
      steps.close(ready.write());
      steps.close(done.read());
      cgroups.close(steps);
      steps.because(because);
      if (go != null) {
        FirstProcess.writeMap(steps, features, map.orElseThrow(), go, pid);
        steps.because(because);
      }
      awaitReady(steps);
    }

    private void awaitReady(Steps steps) {
      var size = steps.registers().number("size");
      steps.add(new Step.Await(note(steps, "waiting until they are made"), result(ready.read())));
      steps.call(
          "hearing that they are made",
          size,
          OnError.FAIL,
          Sys.READ,
          result(ready.read()),
          Operand.address(new Datum.Space("ready", 8)),
          number(1));
      steps.close(ready.read());
      steps.when(
          "where they are not",
          result(size),
          Step.Test.EQUAL,
          number(0),
          inner -> {
            inner.add(new Step.Handshake(note(inner, "hearing why"), result(reports.read())));
            inner.add(
                new Step.Fail(note(inner, "making them"), Operand.number(-Errno.ESRCH.number())));
          });
      steps.close(reports.read());
    }

    /** Its namespaces are held: it ends. */
    void dismiss(Steps steps) {
      steps.close(done.write());
      steps.add(new Step.Await(note(steps, "waiting for its end"), result(pidfd)));
      steps.add(
          new Step.Reap(
              note(steps, "reaping it"), result(pidfd), steps.registers().number("reaped")));
      steps.close(pidfd);
      steps.add(new Step.Assign(note(steps, "it is gone"), pidfd, number(ENDED)));
    }
  }
}
