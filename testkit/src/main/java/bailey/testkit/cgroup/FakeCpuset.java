package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import java.util.BitSet;

/**
 * The cpuset controller (kernel/cgroup/cpuset.c) of a machine with two CPUs and one memory node.
 */
final class FakeCpuset implements FakeController {
  private final FakeGroup group;
  private final boolean v1;
  private BitSet cpus = new BitSet();
  private BitSet mems = new BitSet();

  private FakeCpuset(FakeGroup group, boolean v1) {
    this.group = group;
    this.v1 = v1;
    if (group.isRoot()) {
      cpus.set(0, 2);
      mems.set(0);
    }
    if (v1 || !group.isRoot()) {
      group.file("cpuset.cpus", FakeFile.both(() -> KernelParse.list(cpus) + "\n", this::setCpus));
      group.file("cpuset.mems", FakeFile.both(() -> KernelParse.list(mems) + "\n", this::setMems));
    }
    group.file(
        v1 ? "cpuset.effective_cpus" : "cpuset.cpus.effective",
        FakeFile.shown(() -> KernelParse.list(effectiveCpus()) + "\n"));
    group.file(
        v1 ? "cpuset.effective_mems" : "cpuset.mems.effective",
        FakeFile.shown(() -> KernelParse.list(effectiveMems()) + "\n"));
  }

  static FakeCpuset v1(FakeGroup group) {
    return new FakeCpuset(group, true);
  }

  static FakeCpuset v2(FakeGroup group) {
    return new FakeCpuset(group, false);
  }

  private void setCpus(String text) {
    var wanted = KernelParse.list(text, 1);
    validate(wanted, effectiveCpus(), true);
    cpus = wanted;
  }

  private void setMems(String text) {
    var wanted = KernelParse.list(text, 1023);
    KernelRefusal.unless(wanted.length() <= 1, Errno.EINVAL); // not a subset of the root's
    validate(wanted, effectiveMems(), false);
    mems = wanted;
  }

  /**
   * validate_change(): on v1 within the parent (EACCES), around the children (EBUSY), and not empty
   * with tasks (ENOSPC).
   */
  private void validate(BitSet wanted, BitSet present, boolean forCpus) {
    KernelRefusal.unless(!group.isRoot(), Errno.EACCES);
    if (!v1) {
      return;
    }
    for (var child : group.knownChildren()) {
      var below = child.state(FakeCpuset.class).orElseThrow();
      KernelRefusal.unless(isSubset(forCpus ? below.cpus : below.mems, wanted), Errno.EBUSY);
    }
    var above = group.above(FakeCpuset.class).orElseThrow();
    KernelRefusal.unless(isSubset(wanted, forCpus ? above.cpus : above.mems), Errno.EACCES);
    boolean emptied = wanted.isEmpty() && !present.isEmpty();
    KernelRefusal.unless(!emptied || !group.hasTasks(), Errno.ENOSPC);
  }

  private static boolean isSubset(BitSet small, BitSet large) {
    var rest = (BitSet) small.clone();
    rest.andNot(large);
    return rest.isEmpty();
  }

  private BitSet effectiveCpus() {
    return effective(
        cpus, group.above(FakeCpuset.class).map(FakeCpuset::effectiveCpus).orElse(cpus));
  }

  private BitSet effectiveMems() {
    return effective(
        mems, group.above(FakeCpuset.class).map(FakeCpuset::effectiveMems).orElse(mems));
  }

  /** On v2 what the parent has of it, or all of the parent's where that is nothing. */
  private BitSet effective(BitSet own, BitSet above) {
    var both = (BitSet) own.clone();
    both.and(above);
    return v1 || !both.isEmpty() ? both : above;
  }

  /** cpuset_can_attach_check(). */
  @Override
  public void admit() {
    KernelRefusal.unless(!effectiveCpus().isEmpty() && !effectiveMems().isEmpty(), Errno.ENOSPC);
  }
}
