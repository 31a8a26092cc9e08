package bailey.testkit.cgroup;

import bailey.core.subsystem.CgroupFeatures;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** The fake passes the contract that the kernel passes (bailey.kernel.cgroup in kernel-tests). */
class FakeCgroupsTest {
  @Nested
  class OfVersion1 extends CgroupContract {
    private final CgroupMachine machine = new Fake(FakeCgroups.v1());

    @Override
    protected CgroupMachine machine() {
      return machine;
    }
  }

  @Nested
  class OfVersion2 extends CgroupContract {
    private final CgroupMachine machine = new Fake(FakeCgroups.v2());

    @Override
    protected CgroupMachine machine() {
      return machine;
    }
  }

  @Nested
  class OfBoth extends CgroupContract {
    private final CgroupMachine machine = new Fake(FakeCgroups.hybrid());

    @Override
    protected CgroupMachine machine() {
      return machine;
    }
  }

  private record Fake(FakeCgroups files) implements CgroupMachine {
    @Override
    public CgroupFeatures features() {
      return files.features();
    }

    @Override
    public Optional<String> disk() {
      return Optional.of(FakeCgroups.DISK);
    }

    @Override
    public int startTask() {
      return files.startTask();
    }

    @Override
    public void endTask(int task) {
      files.endTask(task);
    }
  }
}
