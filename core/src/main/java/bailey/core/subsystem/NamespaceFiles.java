package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The control files of one namespace and where the kernel has each, in their order. */
public final class NamespaceFiles {
  private final Map<String, NamespaceSource> sources = new LinkedHashMap<>();
  private final Map<String, ControlFile> files = new LinkedHashMap<>();

  /** None yet. */
  NamespaceFiles() {}

  NamespaceFiles with(ControlFile file, NamespaceSource source) {
    files.put(file.name(), file);
    sources.put(file.name(), source);
    return this;
  }

  NamespaceFiles with(ControlFile file, String sysctl) {
    return with(file, NamespaceSource.Sysctl.same(sysctl));
  }

  List<ControlFile> all() {
    return List.copyOf(files.values());
  }

  NamespaceSource source(ControlFile file) {
    var source = sources.get(file.name());
    if (source == null) {
      throw new IllegalArgumentException(file.name() + ": a control of another subsystem");
    }
    return source;
  }
}
