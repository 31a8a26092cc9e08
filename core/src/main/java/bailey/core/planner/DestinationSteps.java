package bailey.core.planner;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Steps;
import java.util.List;

/**
 * The place in a container where the user wants something mounted: made where it is missing, and
 * opened. What is in the container's root may be anybody's. Its links are followed, as they cannot
 * lead out of it, but for those of /proc, which can: to what this process still has open, and to
 * the roots of other processes where the pid namespace is shared. So each part of the path is made
 * in, and opened from, the one before it (openat2(2), RESOLVE_NO_MAGICLINKS, Linux 5.6).
 */
final class DestinationSteps {
  private static final OnError PERHAPS_THERE =
      OnError.allow(Errno.EEXIST, Errno.EROFS, Errno.EACCES, Errno.EPERM);

  private final Steps steps;
  private Register place;
  private boolean second;

  private DestinationSteps(Steps steps) {
    this.steps = steps;
    this.place = open(Steps.cwd(), "/", "/");
  }

  /** Opens a directory. */
  static Register directory(Steps steps, String path) {
    var walk = new DestinationSteps(steps);
    walk.directories(path);
    return walk.place;
  }

  /** Mounts the tree of a directory on one, and closes it. */
  static void attachDirectory(Steps steps, String what, Register tree, String path) {
    var place = directory(steps, path);
    move(steps, what, tree, place, "", Flags.MOVE_MOUNT_T_EMPTY_PATH);
  }

  /** Mounts a file on one, and closes it. A link in its place is not followed, but mounted on. */
  static void attachFile(Steps steps, String what, Register tree, String path) {
    var walk = new DestinationSteps(steps);
    int slash = path.lastIndexOf('/');
    walk.directories(path.substring(0, Math.max(slash, 1)));
    String name = path.substring(slash + 1);
    walk.makeFile(name, path);
    move(steps, what, tree, walk.place, name, 0);
  }

  private void directories(String path) {
    for (int start = 1, end; start < path.length(); start = end + 1) {
      int slash = path.indexOf('/', start);
      end = slash < 0 ? path.length() : slash;
      String part = path.substring(start, end);
      String whole = path.substring(0, end);
      steps.call(
          "making the directory " + whole,
          PERHAPS_THERE,
          Sys.MKDIRAT,
          Operand.result(place),
          Operand.text(part),
          Operand.number(0755, Notation.OCTAL));
      var above = place;
      second = !second;
      place = open(Operand.result(above), part, whole);
      steps.close(above);
    }
  }

  /** Descriptors of a plan are few: all places on the way share two. */
  private Register open(Operand above, String part, String whole) {
    var fd = steps.registers().descriptor(second ? "place in it" : "place");
    steps.call(
        "opening " + whole,
        fd,
        OnError.FAIL,
        Sys.OPENAT2,
        above,
        Operand.text(part),
        Operand.address(
            // struct open_how: flags, mode, resolve
            new Datum.Words(
                "without the links of /proc",
                List.of(
                    Operand.number(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC, Notation.OPEN),
                    Operand.number(0),
                    Operand.number(Flags.RESOLVE_NO_MAGICLINKS, Notation.HEX)))),
        Operand.number(24));
    return fd;
  }

  private void makeFile(String name, String path) {
    var made = steps.registers().number("file");
    steps.call(
        "making the file " + path,
        made,
        PERHAPS_THERE,
        Sys.OPENAT,
        Operand.result(place),
        Operand.text(name),
        Operand.number(
            OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC,
            Notation.OPEN),
        Operand.number(0644, Notation.OCTAL));
    steps.call("closing " + path, OnError.IGNORE, Sys.CLOSE, Operand.result(made));
  }

  private static void move(
      Steps steps, String what, Register tree, Register place, String name, long flags) {
    steps.call(
        what,
        Sys.MOVE_MOUNT,
        Operand.result(tree),
        Operand.text(""),
        Operand.result(place),
        Operand.text(name),
        Operand.number(Flags.MOVE_MOUNT_F_EMPTY_PATH | flags, Notation.MOVE_MOUNT));
    steps.close(tree);
    steps.close(place);
  }
}
