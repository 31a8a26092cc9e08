package bailey.core.subsystem;

import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Where the kernel has the value of a control file of a namespace. Who reads and writes is
 * elsewhere; here is what the texts mean.
 */
public sealed interface NamespaceSource {
  /** Whether {@link #value} takes one text, read as the machine sees it. */
  default List<Side> sides() {
    return switch (this) {
      case Sysctl _, Network _ -> List.of(Side.INSIDE);
      case OfProcess _, ReadOnlyMounts _, TimeOffset _, IdMap _ -> List.of(Side.OUTSIDE);
      case OfProcessOnBothSides _ -> List.of(Side.OUTSIDE, Side.INSIDE);
    };
  }

  /** From where a text is read. */
  enum Side {
    /** As a process of the machine sees it. */
    OUTSIDE,
    /** As a process in the namespace sees it. */
    INSIDE
  }

  /**
   * The value of the control file.
   *
   * @param texts one for each of {@link #sides}, without the last line end
   */
  default String value(List<String> texts) {
    return switch (this) {
      case Sysctl sysctl -> sysctl.fromKernel.apply(texts.getFirst());
      case OfProcess file -> file.meaning.apply(texts.getFirst());
      case OfProcessOnBothSides file -> file.meaning.apply(texts.get(0), texts.get(1));
      case ReadOnlyMounts _ -> MountTable.readOnly(texts.getFirst());
      case TimeOffset offset -> Seconds.offset(texts.getFirst(), offset.clock);
      case IdMap _ -> // the kernel aligns the columns
          String.join(
              "\n", texts.getFirst().lines().map(l -> l.strip().replaceAll(" +", " ")).toList());
      case Network _ -> texts.getFirst();
    };
  }

  /**
   * A sysctl that belongs to the namespace of whoever opens it (proc_sys(5)).
   *
   * @param name relative to /proc/sys
   * @param toKernel from the canonical value to what is written
   * @param fromKernel from what is read to the value
   * @param since from which kernel on it is one of the namespace; before, it is the machine's
   */
  record Sysctl(
      String name,
      UnaryOperator<String> toKernel,
      UnaryOperator<String> fromKernel,
      Optional<Since> since)
      implements NamespaceSource {
    /** With the same text as the control file. */
    static Sysctl same(String name) {
      return new Sysctl(name, UnaryOperator.identity(), UnaryOperator.identity(), Optional.empty());
    }
  }

  /**
   * The first kernel that has something.
   *
   * @param instead what to do on an older one
   */
  record Since(int major, int minor, String instead) {}

  /**
   * A file of the first process in /proc/PID, as it is seen from outside.
   *
   * @param file relative to /proc/PID
   */
  record OfProcess(String file, UnaryOperator<String> meaning) implements NamespaceSource {}

  /**
   * A file of the first process in /proc/PID, read from outside and by somebody in the namespace.
   *
   * @param file relative to /proc/PID
   * @param meaning of the text outside and the text inside
   */
  record OfProcessOnBothSides(String file, BinaryOperator<String> meaning)
      implements NamespaceSource {}

  /** The read-only mounts (proc_pid_mountinfo(5)), which mount_setattr(2) changes. */
  record ReadOnlyMounts() implements NamespaceSource {}

  /**
   * The offset of a clock (time_namespaces(7)), which can be set until the first task is in it.
   *
   * @param clock as timens_offsets calls it: {@code monotonic} or {@code boottime}
   */
  record TimeOffset(String clock) implements NamespaceSource {}

  /**
   * The ids of a user namespace, which are written once, when it is made.
   *
   * @param file {@code uid_map} or {@code gid_map}
   */
  record IdMap(String file) implements NamespaceSource {}

  /** The interfaces, which rtnetlink(7) tells. */
  record Network() implements NamespaceSource {}
}
