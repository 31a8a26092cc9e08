package bailey.testkit.machine;

import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Holding;
import bailey.core.kernel.Holdings;
import bailey.core.kernel.Membership;
import bailey.core.kernel.NamespaceHold;
import bailey.core.kernel.Processes;
import bailey.core.kernel.SocketInfo;
import bailey.core.kernel.TaskInfo;
import bailey.core.spec.NamespaceKind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The processes, as the engine sees them. */
record FakeProcesses(FakeKernel kernel) implements Processes {
  @Override
  public TaskInfo self() {
    synchronized (kernel) {
      return kernel.self().info();
    }
  }

  @Override
  public Optional<TaskInfo> find(long pid) {
    synchronized (kernel) {
      return Optional.ofNullable(kernel.process(pid)).map(FakeProcess::info);
    }
  }

  @Override
  public boolean runs(long pid, long startTicks) {
    synchronized (kernel) {
      var found = kernel.process(pid);
      return found != null && !found.ended() && found.started() == startTicks;
    }
  }

  @Override
  public OptionalLong namespace(long pid, NamespaceKind kind) {
    synchronized (kernel) {
      var found = kernel.process(pid);
      return found == null || found.ended()
          ? OptionalLong.empty()
          : OptionalLong.of(found.namespace(kind));
    }
  }

  @Override
  public Map<Long, Long> parents() {
    synchronized (kernel) {
      var parents = new HashMap<Long, Long>();
      for (var process : kernel.all()) {
        if (process.exists()) {
          var parent = process.parent();
          parents.put((long) process.pid(), parent == null ? 0L : parent.pid());
        }
      }
      return parents;
    }
  }

  @Override
  public Optional<Membership> membership(long pid) {
    synchronized (kernel) {
      return Optional.ofNullable(kernel.process(pid))
          .filter(process -> !process.ended())
          .map(FakeProcess::membership);
    }
  }

  @Override
  public OptionalLong processOf(long tid) {
    synchronized (kernel) {
      return kernel.process(tid) == null ? OptionalLong.empty() : OptionalLong.of(tid);
    }
  }

  @Override
  public Optional<Character> state(long tid) {
    return find(tid).map(TaskInfo::state);
  }

  @Override
  public List<NamespaceHold> namespaces() {
    synchronized (kernel) {
      var holds = new ArrayList<NamespaceHold>();
      for (var process : kernel.all()) {
        if (!process.ended()) {
          for (var kind : NamespaceKind.values()) {
            holds.add(
                new NamespaceHold(
                    kind,
                    process.namespace(kind),
                    new NamespaceHold.Holder.Member(
                        process.pid(), process.arguments().getFirst())));
          }
        }
      }
      return holds;
    }
  }

  @Override
  public Optional<Holdings> holdings(long pid) {
    synchronized (kernel) {
      return find(pid)
          .map(
              task ->
                  kernel.held().getOrDefault(pid, new Holdings(pid, task.command(), 0, List.of())));
    }
  }

  @Override
  public Holdings.Search holders(Set<Holding.Thing> wanted, Set<Long> except) {
    synchronized (kernel) {
      var found = new ArrayList<Holdings>();
      for (var other : kernel.held().values()) {
        var shared = other.held().stream().filter(h -> wanted.contains(h.thing())).toList();
        if (!except.contains(other.pid()) && !shared.isEmpty()) {
          found.add(new Holdings(other.pid(), other.command(), 0, shared));
        }
      }
      return new Holdings.Search(found, 0);
    }
  }

  @Override
  public List<SocketInfo> sockets(long pid) {
    return List.of();
  }

  @Override
  public String boot() {
    synchronized (kernel) {
      return kernel.bootId();
    }
  }

  @Override
  public boolean signal(long pid, long startTicks, int signal) {
    synchronized (kernel) {
      var found = kernel.process(pid);
      if (found == null || !runs(pid, startTicks)) {
        return false;
      }
      found.signal(signal);
      return true;
    }
  }

  @Override
  public boolean place(long pid, long startTicks, BitSet cpus) {
    synchronized (kernel) {
      var found = kernel.process(pid);
      if (found == null || found.ended() || found.started() != startTicks) {
        return false;
      }
      if (!found.place(cpus)) {
        throw new NotPossibleHere("placing process " + pid + " failed: EINVAL");
      }
      return true;
    }
  }

  @Override
  public Optional<String> cpus(long pid) {
    synchronized (kernel) {
      return Optional.ofNullable(kernel.process(pid)).map(FakeProcess::cpus);
    }
  }

  @Override
  public void awaitEnd(long pid, long startTicks) throws InterruptedException {
    synchronized (kernel) {
      for (var found = kernel.process(pid);
          found != null && !found.ended() && found.started() == startTicks;
          found = kernel.process(pid)) {
        kernel.wait();
      }
    }
  }
}
