package bailey.linux;

import bailey.core.kept.Fact;
import bailey.core.kernel.Ability;
import bailey.core.kernel.Callers;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.FileLocks;
import bailey.core.kernel.HostMount;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.NetAddress;
import bailey.core.kernel.Origin;
import bailey.core.kernel.Pipe;
import bailey.core.kernel.PlanExecutor;
import bailey.core.kernel.ProcFile;
import bailey.core.kernel.Processes;
import bailey.linux.cgroup.LinuxCgroupFiles;
import bailey.linux.exec.ExecutorConnection;
import bailey.linux.probe.Doctor;
import bailey.linux.probe.KernelProbe;
import bailey.linux.probe.Snapshots;
import bailey.linux.proc.GroupPlaces;
import bailey.linux.proc.KernelFile;
import bailey.linux.proc.MountEntry;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The kernel that this JVM runs on. Each part is looked up or started when it is first asked for:
 * the command line often needs only a few files of it.
 */
public final class LinuxKernel implements Kernel {
  private final Snapshots snapshots = new Snapshots();
  private final Processes processes =
      new LinuxProcesses(() -> GroupPlaces.of(features().cgroups(), entries()));
  private final FileLocks locks = new LinuxFileLocks();
  private volatile @Nullable KernelFeatures features;
  private volatile @Nullable EmptyMounts emptyMounts;
  private @Nullable ExecutorConnection executor;
  private boolean closed;

  /** Found by ServiceLoader. */
  public LinuxKernel() {}

  @Override
  public KernelFeatures features() {
    var known = features;
    if (known == null) {
      known = KernelProbe.features();
      features = known;
    }
    return known;
  }

  @Override
  public List<HostMount> mounts() {
    return snapshots.mounts();
  }

  @Override
  public CgroupFiles cgroups(CgroupLayout layout) {
    return new LinuxCgroupFiles(layout);
  }

  @Override
  public Optional<String> text(ProcFile file) {
    return KernelFile.read(file.path());
  }

  @Override
  public Processes processes() {
    return processes;
  }

  @Override
  public FileLocks locks() {
    return locks;
  }

  @Override
  public Pipe pipe(Pipe.Direction direction) {
    return LinuxPipe.open(direction);
  }

  @Override
  public Optional<List<NetAddress>> addresses(String device) {
    return InterfaceAddresses.of(device);
  }

  @Override
  public OptionalInt emptyMounts() {
    var known = emptyMounts;
    return (known == null ? makeEmptyMounts() : known).number();
  }

  private synchronized EmptyMounts makeEmptyMounts() {
    var known = emptyMounts;
    if (known == null) {
      known = EmptyMounts.make(features(), executor());
      emptyMounts = known;
    }
    return known;
  }

  @Override
  public synchronized PlanExecutor executor() {
    if (closed) {
      throw new IllegalStateException("the kernel was closed");
    }
    var known = executor;
    if (known == null) {
      known = new ExecutorConnection();
      executor = known;
    }
    return known;
  }

  /** Empty: who was started to answer a caller has the kernel of that, see {@link Callers}. */
  @Override
  public Optional<PlanExecutor> starter() {
    return Optional.empty();
  }

  @Override
  public Origin origin() {
    return new Origin(System.getProperty("user.dir", "/"), System.getenv());
  }

  /** As of a process that differs from this one in nothing but its control groups, a file. */
  KernelFeatures features(String groups, Collection<Fact> seen) {
    return snapshots.features(groups, seen);
  }

  /** As {@link #mounts()}, of which the text is noted. */
  List<HostMount> mounts(Collection<Fact> seen) {
    return snapshots.mounts(seen);
  }

  List<MountEntry> entries() {
    return snapshots.entries();
  }

  @Override
  public List<Ability> abilities() {
    return abilities(features());
  }

  /** As a process that has these features finds them. */
  List<Ability> abilities(KernelFeatures found) {
    return new Doctor(found, cgroups(found.cgroups()), executor()).examine();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (executor != null) {
      executor.close();
    }
    if (emptyMounts != null) {
      emptyMounts.close();
    }
  }
}
