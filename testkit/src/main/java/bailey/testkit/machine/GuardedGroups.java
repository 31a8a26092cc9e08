package bailey.testkit.machine;

import bailey.core.kernel.CgroupFiles;
import bailey.testkit.cgroup.FakeCgroups;
import java.util.List;
import java.util.Set;

/** Control groups behind the machine's lock, whose tasks are its processes. */
record GuardedGroups(FakeKernel kernel, FakeCgroups groups) implements CgroupFiles {
  @Override
  public String read(String controller, String path, String file) {
    synchronized (kernel) {
      return groups.read(controller, path, file);
    }
  }

  @Override
  public void write(String controller, String path, String file, String text) {
    synchronized (kernel) {
      if (file.equals("cgroup.kill")) {
        kernel.killGroup(path);
      } else if (file.equals("cgroup.procs")) {
        kernel.move(controller, path, text.strip());
      } else {
        groups.write(controller, path, file, text);
      }
    }
  }

  @Override
  public void mkdir(String controller, String path) {
    synchronized (kernel) {
      groups.mkdir(controller, path);
    }
  }

  @Override
  public void rmdir(String controller, String path) {
    synchronized (kernel) {
      groups.rmdir(controller, path);
    }
  }

  @Override
  public List<String> children(String controller, String path) {
    synchronized (kernel) {
      return groups.children(controller, path);
    }
  }

  @Override
  public Set<String> files(String controller, String path) {
    synchronized (kernel) {
      return groups.files(controller, path);
    }
  }
}
