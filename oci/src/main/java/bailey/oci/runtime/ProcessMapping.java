package bailey.oci.runtime;

import bailey.core.bundle.BundleStart;
import bailey.core.bundle.BundleStart.Attachment;
import bailey.core.bundle.ProcessSpec;
import bailey.core.bundle.ProcessSpec.Capabilities;
import bailey.core.bundle.ProcessSpec.Filter;
import bailey.core.bundle.ProcessSpec.Memory;
import bailey.core.bundle.ProcessSpec.Scheduling;
import bailey.core.bundle.ProcessSpec.TerminalSize;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.planner.BundleExecRequest.Affinity;
import bailey.core.spec.CapabilitySet;
import bailey.oci.config.OciLinux;
import bailey.oci.config.OciProcess;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A process as a configuration has it, as the kernel has it. */
final class ProcessMapping {
  private static final int SCHED_ATTR_SIZE = 48;
  private static final int DEFAULT_UMASK = 0022;

  private ProcessMapping() {}

  /**
   * The process.
   *
   * @param linux of its container
   * @param home of its user, where its environment names none
   * @param filter of its system calls
   */
  static ProcessSpec of(OciProcess process, OciLinux linux, String home, Optional<Filter> filter) {
    var user = process.user();
    return new ProcessSpec(
        process.args(),
        environment(process.env(), home),
        process.cwd(),
        process.terminal(),
        Optional.ofNullable(process.consoleSize())
            .map(size -> new TerminalSize(size.height(), size.width())),
        (int) user.uid(),
        (int) user.gid(),
        user.additionalGids().stream().map(Long::intValue).toList(),
        user.umask() == null ? DEFAULT_UMASK : user.umask(),
        capabilities(process.capabilities()),
        process.noNewPrivileges(),
        process.rlimits(),
        process.oomScoreAdj() == null ? OptionalInt.empty() : OptionalInt.of(process.oomScoreAdj()),
        scheduling(process, linux),
        linux.personality() == null
            ? OptionalInt.empty()
            : OptionalInt.of(linux.personality().number()),
        LabelMapping.of(process),
        filter);
  }

  /** On which CPUs a further process runs; the container's own is where its groups let it. */
  static Affinity affinity(OciProcess process) {
    var asked = process.execCpuAffinity();
    return asked == null
        ? Affinity.NONE
        : new Affinity(Optional.ofNullable(asked.initial()), Optional.ofNullable(asked.last()));
  }

  private static List<String> environment(List<String> given, String home) {
    if (given.stream().anyMatch(variable -> variable.startsWith("HOME="))) {
      return given;
    }
    var all = new ArrayList<>(given);
    all.add("HOME=" + home);
    return all;
  }

  private static Capabilities capabilities(OciProcess.@Nullable Capabilities given) {
    var none = new CapabilitySet(0);
    return given == null
        ? new Capabilities(none, none, none, none, none)
        : new Capabilities(
            given.effective(),
            given.permitted(),
            given.inheritable(),
            given.bounding(),
            given.ambient());
  }

  private static Scheduling scheduling(OciProcess process, OciLinux linux) {
    var io = process.ioPriority();
    return new Scheduling(
        Optional.ofNullable(process.scheduler()).map(ProcessMapping::attributes),
        io == null ? OptionalInt.empty() : OptionalInt.of(io.ioClass() << 13 | io.priority()),
        Optional.ofNullable(linux.memoryPolicy()).map(ProcessMapping::memory));
  }

  /** struct sched_attr of sched_setattr(2), its first version. */
  private static byte[] attributes(OciProcess.Scheduler scheduler) {
    return ByteBuffer.allocate(SCHED_ATTR_SIZE)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(SCHED_ATTR_SIZE)
        .putInt(scheduler.policy())
        .putLong(scheduler.flags())
        .putInt(scheduler.nice())
        .putInt(scheduler.priority())
        .putLong(scheduler.runtime())
        .putLong(scheduler.deadline())
        .putLong(scheduler.period())
        .array();
  }

  private static Memory memory(OciLinux.MemoryPolicy policy) {
    var nodes = new BitSet();
    for (var range : policy.nodes().isEmpty() ? new String[0] : policy.nodes().split(",", -1)) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
      if (last >= Long.SIZE - 1) {
        throw new NotPossibleHere(
            "linux.memoryPolicy.nodes: bailey knows nodes up to 62; name lower ones");
      }
      nodes.set(first, last + 1);
    }
    return new Memory(policy.mode() | policy.flags(), nodes.isEmpty() ? 0 : nodes.toLongArray()[0]);
  }

  /** That a terminal has somebody who shows it, and nobody is named where there is none. */
  static void checkConsole(boolean terminal, BundleStart start) {
    if (terminal
        && start.consoleSocket().isEmpty()
        && start.attachment() != Attachment.FOREGROUND) {
      throw new BadRequest(
          "process.terminal: nobody stays who could show the terminal; name a socket for it by"
              + " --console-socket");
    }
    if (!terminal && start.consoleSocket().isPresent()) {
      throw new BadRequest(
          "--console-socket: process.terminal is false, so there is no terminal to send; leave it"
              + " out");
    }
  }
}
