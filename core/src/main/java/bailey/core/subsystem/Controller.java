package bailey.core.subsystem;

import bailey.core.abi.Errno;
import bailey.core.container.ControlFile;
import bailey.core.container.Subsystem;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A subsystem that the kernel has as a control group controller. It translates between control
 * files, whose names and units are always those of cgroup v2, and the files of the kernel at hand.
 * What that kernel cannot do is refused with the reason and what to do instead; nothing is ignored.
 */
public interface Controller extends Subsystem {
  /**
   * The name that stands for what every group of a v2 hierarchy has without any controller:
   * freezing, killing, CPU usage, device programs. Its files begin with it: {@code cgroup.freeze}.
   */
  String CORE = CgroupFiles.CORE;

  /** The kernel's name of the controller; {@link #CORE} where v2 needs none. */
  String kernelController(CgroupVersion version);

  /**
   * On which interface a kernel has it; empty where it has it on neither.
   *
   * <p>v2 is taken where both are there, which is so on a hybrid machine for what v2 has without
   * any controller.
   */
  default Optional<CgroupVersion> version(CgroupFeatures features) {
    if (features
        .version(kernelController(CgroupVersion.V2))
        .filter(CgroupVersion.V2::equals)
        .isPresent()) {
      return Optional.of(CgroupVersion.V2);
    }
    return features.version(kernelController(CgroupVersion.V1)).filter(CgroupVersion.V1::equals);
  }

  /**
   * The kernel's files whose present text {@link #change(CgroupFeatures, Map, Map)} has to know
   * before it can change these control files of a group that is in use.
   *
   * @param names full names of control files of this subsystem
   */
  default List<KernelFile> before(CgroupFeatures features, Set<String> names) {
    return List.of();
  }

  /**
   * New values for a group that was just made and not touched since.
   *
   * @param values by the full names of control files of this subsystem, as a user wrote them
   * @throws BadRequest where a value is malformed or the file is only for reading
   * @throws NotPossibleHere where this kernel cannot do it
   */
  default Change change(CgroupFeatures features, Map<String, String> values) {
    return change(features, values, Map.of());
  }

  /**
   * New values for a group that is in use.
   *
   * @param before the texts of all files that {@link #before} named; empty for a new group
   * @throws BadRequest where a value is malformed or the file is only for reading
   * @throws NotPossibleHere where this kernel cannot do it
   */
  Change change(
      CgroupFeatures features, Map<String, String> values, Map<KernelFile, String> before);

  /**
   * How a control file is read.
   *
   * @throws BadRequest where it can only be written
   * @throws NotPossibleHere where this kernel cannot do it
   */
  Reading reading(CgroupFeatures features, ControlFile file);

  /**
   * The kernel's files that a new group must copy from its parent before a task can enter it, in
   * this order.
   */
  default List<KernelFile> copiedFromParent(CgroupVersion version) {
    return List.of();
  }

  /**
   * What takes a write back.
   *
   * @param present the present text of a file of the kernel; empty where it can only be written
   */
  default List<KernelWrite> undo(
      KernelWrite write, Function<KernelFile, Optional<String>> present) {
    return present
        .apply(write.target())
        .map(text -> List.of(new KernelWrite(write.controller(), write.file(), text.strip())))
        .orElse(List.of());
  }

  /**
   * A setting as good as none, which gives a container a group of its own in this controller; empty
   * where there is none that holds on every machine.
   */
  default Optional<Setting> unlimited() {
    return Optional.empty();
  }

  /**
   * A value of a control file.
   *
   * @param control the file's full name
   * @param value as a user writes it
   */
  record Setting(String control, String value) {}

  /**
   * Why running processes may not come into a group, and what to do about it, as the rest of a
   * sentence; empty where they may. The kernel does not ask all of this: it lets processes into a
   * group whose limit they exceed, and they fail there later.
   *
   * @param text the present text of one of the group's files; empty where it has none
   */
  default Optional<String> refusal(
      CgroupFeatures features, Arrival arrival, Function<KernelFile, Optional<String>> text) {
    return Optional.empty();
  }

  /**
   * Whether a single thread can be in another group than its process: on v1 everywhere but where
   * the process as a whole is accounted, on v2 only for controllers that are threaded
   * (cgroup-v2.rst, Threads).
   */
  default boolean takesThreads(CgroupVersion version) {
    return version == CgroupVersion.V1;
  }

  /** What to do where the kernel refuses a write to one of its files, as a sentence. */
  default Optional<String> remedy(String kernelFile, Errno errno) {
    return switch (errno) {
      case EACCES, EPERM, EROFS ->
          Optional.of("It needs root, or a control group that was delegated to this user.");
      default -> Optional.empty();
    };
  }

  @Override
  default Kind kind() {
    return Kind.CONTROLLER;
  }

  @Override
  default Set<Creation> created() {
    return Set.of(Creation.MKDIR);
  }

  @Override
  default Entry entered() {
    return Entry.FREELY;
  }
}
