package bailey.core.planner;

import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Sys;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Steps;
import org.jspecify.annotations.Nullable;

/**
 * By pivot_root(2) in a copy of the machine's mount namespace, whose root is then let go with all
 * that was mounted in it.
 *
 * <p>While the old root is mounted on the new one, ".." in the root directory leads to it
 * (fs/namei.c, handle_dots enters what is mounted on the place it comes to), so that nothing is
 * made or mounted between the two.
 */
record PivotRoot() implements RootChange {
  /** A directory that is everywhere, and whose content is not needed. */
  private static final String PLACE = "/proc";

  @Override
  public String place() {
    return PLACE;
  }

  @Override
  public void begin(Steps steps) {
    steps.mount(
        "making all mounts private", null, "/", null, Flags.MS_REC | Flags.MS_PRIVATE, null);
  }

  @Override
  public void part(Steps steps, String path, Register tree) {}

  @Override
  public void openLower(Steps steps) {}

  @Override
  public void leave(Steps steps) {}

  @Override
  public String lower(Steps steps) {
    return "/";
  }

  @Override
  public void lowered(Steps steps) {}

  @Override
  public void fresh(Steps steps, String name, String type, long flags, @Nullable String data) {
    RootChange.mount(steps, name, type, PLACE, flags, data);
    RootSteps.tree(
        steps, "opening " + PLACE, PLACE, RootSteps.DETACHED_TREE & ~Flags.AT_RECURSIVE, name);
  }

  @Override
  public void enter(Steps steps, String path, Register tree) {
    RootSteps.attach(steps, "mounting the root directory " + path, tree, PLACE);
    steps.call("entering the root directory " + path, Sys.CHDIR, Operand.text(PLACE));
    enterHere(steps);
  }

  @Override
  public void enterHere(Steps steps) {
    steps.because("mnt namespace");
    var old = steps.open("opening the old root", Steps.cwd(), "/", OpenFlags.O_PATH, "old root");
    steps.call("changing the root", Sys.PIVOT_ROOT, Operand.text("."), Operand.text("."));
    steps.call("entering the old root", Sys.FCHDIR, Operand.result(old));
    EmptyMountsPlanner.letGo(steps, "letting go of the old root", ".");
    steps.close(old);
    steps.call("entering the new root", Sys.CHDIR, Operand.text("/"));
  }
}
