package bailey.testkit.machine;

import bailey.core.kernel.FileLocks;
import bailey.testkit.machine.OpenFile.OnDisk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Locks of open file descriptions. Guarded by the machine's lock. */
final class FakeLocks implements FileLocks {
  private record Holder(OnDisk file, boolean exclusive) {}

  private final FakeKernel kernel;
  private final Map<String, List<Holder>> holders = new HashMap<>();

  FakeLocks(FakeKernel kernel) {
    this.kernel = kernel;
  }

  /** Whether it was got. */
  boolean take(OnDisk file, boolean exclusive) {
    var all = holders.computeIfAbsent(file.path(), _ -> new ArrayList<>());
    boolean free =
        all.stream()
            .filter(holder -> holder.file() != file)
            .noneMatch(holder -> exclusive || holder.exclusive());
    if (free) {
      all.removeIf(holder -> holder.file() == file);
      all.add(new Holder(file, exclusive));
    }
    return free;
  }

  void release(OnDisk file) {
    var all = holders.get(file.path());
    if (all != null && all.removeIf(holder -> holder.file() == file)) {
      kernel.notifyAll();
    }
  }

  @Override
  public boolean isHeld(String path) {
    synchronized (kernel) {
      return holders.getOrDefault(path, List.of()).stream().anyMatch(Holder::exclusive);
    }
  }

  @Override
  public void awaitRelease(String path) throws InterruptedException {
    synchronized (kernel) {
      while (isHeld(path)) {
        kernel.wait();
      }
    }
  }
}
