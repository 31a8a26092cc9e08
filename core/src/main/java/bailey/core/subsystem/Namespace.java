package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.container.Subsystem;
import bailey.core.spec.NamespaceKind;
import java.util.List;
import java.util.Set;

/** A subsystem that the kernel has as a namespace (namespaces(7)). */
public interface Namespace extends Subsystem {
  /** The kernel's kind: its clone flag, its file in /proc/PID/ns. */
  NamespaceKind namespace();

  @Override
  default String name() {
    return namespace().file();
  }

  /** The control files that it lists, and where the kernel has the value of each. */
  NamespaceFiles files();

  @Override
  default List<ControlFile> controlFiles() {
    return files().all();
  }

  /** Where the kernel has the value of one of its control files. */
  default NamespaceSource source(ControlFile file) {
    return files().source(file);
  }

  @Override
  default Kind kind() {
    return Kind.NAMESPACE;
  }

  @Override
  default Set<Creation> created() {
    return Set.of(Creation.CLONE);
  }

  @Override
  default Entry entered() {
    return Entry.ITSELF;
  }
}
