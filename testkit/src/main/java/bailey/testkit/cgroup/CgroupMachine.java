package bailey.testkit.cgroup;

import bailey.core.kernel.CgroupFiles;
import bailey.core.subsystem.CgroupFeatures;
import java.util.Optional;

/** What {@link CgroupContract} runs on. */
public interface CgroupMachine {
  /** Its control group files. */
  CgroupFiles files();

  /** What they offer; controllers that the suite must leave alone are not in it. */
  CgroupFeatures features();

  /** A disk whose I/O may be limited, {@code MAJ:MIN}; empty where there is none. */
  Optional<String> disk();

  /** A new task that does nothing but wait. */
  int startTask();

  /** Ends a task and waits until it is gone. */
  void endTask(int task);
}
