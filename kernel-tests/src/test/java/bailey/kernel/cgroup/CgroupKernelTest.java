package bailey.kernel.cgroup;

import bailey.core.kernel.CgroupVersion;
import bailey.testkit.cgroup.CgroupContract;
import bailey.testkit.cgroup.CgroupMachine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIf;

/** The running kernel passes the contract that the fake passes (testkit's FakeCgroupsTest). */
class CgroupKernelTest {
  /** With all that the machine has, v2 before v1 where it has both. */
  @Nested
  class OfThisMachine extends Contract {
    OfThisMachine() {
      super(true);
    }
  }

  /** As if there were no v2 beside v1: its freezer and cpuacct are used only then. */
  @Nested
  @EnabledIf("bailey.kernel.cgroup.CgroupKernelTest#hasVersion1")
  class OfVersion1Alone extends Contract {
    OfVersion1Alone() {
      super(false);
    }
  }

  static boolean hasVersion1() {
    return !KernelMachine.layout().mounts().isEmpty();
  }

  abstract static class Contract extends CgroupContract {
    private final boolean both;
    private KernelMachine machine;

    Contract(boolean both) {
      this.both = both;
    }

    @BeforeAll
    void open() {
      machine = KernelMachine.open(version -> both || version == CgroupVersion.V1);
    }

    @AfterAll
    void close() {
      if (machine != null) {
        machine.close();
      }
    }

    @Override
    protected CgroupMachine machine() {
      return machine;
    }
  }
}
