package bailey.linux;

import bailey.core.kernel.CallSocket;
import bailey.core.kernel.Caller;
import bailey.core.kernel.Callers;
import bailey.core.kernel.Kernel;
import bailey.linux.exec.CallSources;
import bailey.linux.exec.KeptPlans;
import bailey.linux.exec.SocketCalls;
import bailey.linux.proc.TaskStatus;
import bailey.linux.sys.FilePages;
import java.util.Optional;

/** Callers by the pipes that an executor gives to a JVM that it starts, and by a unix socket. */
public final class LinuxCallers implements Callers {
  private final LinuxKernel kernel = new LinuxKernel();
  private final KeptPlans kept = new KeptPlans();

  /** Found by ServiceLoader. */
  public LinuxCallers() {}

  @Override
  public Caller starter() {
    return CallSources.starter();
  }

  @Override
  public Optional<CallSocket> listen(String folder, String build) {
    return SocketCalls.listen(folder, build, uid()).map(socket -> socket);
  }

  @Override
  public void decline(String folder) {
    SocketCalls.decline(folder, uid());
  }

  @Override
  public CallSocket inherited(int descriptor, String build) {
    return SocketCalls.of(descriptor, build, uid());
  }

  @Override
  public void keepPlans(String folder, String build) {
    kept.open(folder, build, uid());
  }

  @Override
  public boolean leaveContainers() {
    return OwnGroups.leave(kernel.features().cgroups());
  }

  @Override
  public void rest() {
    FilePages.release();
  }

  @Override
  public int uid() {
    return TaskStatus.read().map(status -> status.uids().get(1).intValue()).orElse(-1);
  }

  @Override
  public Kernel kernel(Caller caller) {
    return new CallersKernel(kernel, caller, kept);
  }
}
