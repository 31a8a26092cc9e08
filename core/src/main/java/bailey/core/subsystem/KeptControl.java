package bailey.core.subsystem;

import bailey.core.abi.Errno;
import bailey.core.container.ControlFile;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupFiles.Kept;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A control file of one group that is read and set again and again: the kernel's files that it
 * takes stay open. Any thread; two that set it at once may undo each other.
 */
public final class KeptControl implements AutoCloseable {
  private final ControlGroup group;
  private final Controller controller;
  private final ControlFile file;
  private final Reading reading;
  private final List<Kept> read = new ArrayList<>();
  private final Map<KernelFile, Kept> kept = new HashMap<>();
  private boolean closed;

  KeptControl(ControlGroup group, Controller controller, ControlFile file) {
    this.group = group;
    this.controller = controller;
    this.file = file;
    this.reading = controller.reading(group.features(), file);
    boolean done = false;
    try {
      reading.files().forEach(from -> read.add(keep(from)));
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private synchronized Kept keep(KernelFile from) {
    if (closed) {
      throw new CgroupFiles.Refused("using " + from.name() + " of " + group.path(), Errno.ENODEV);
    }
    return kept.computeIfAbsent(
        from, _ -> group.files().keep(from.controller(), group.path(), from.name()));
  }

  /**
   * The value now.
   *
   * @throws CgroupFiles.Refused by the kernel: with ENODEV where the group was removed, whatever is
   *     there now
   */
  public String value() {
    if (read.size() == 1) {
      return reading.value(read.getFirst().read());
    }
    return reading.value(read.stream().map(Kept::read).toList());
  }

  /** As {@link ControlGroup#set} of this one, whatever is there now where the group was removed. */
  public Map<String, String> set(String value) {
    return new AllOrNone(group.features(), new Files()).set(controller, Map.of(file.name(), value));
  }

  private final class Files implements GroupFiles {
    @Override
    public String read(KernelFile from) {
      return keep(from).read();
    }

    @Override
    public void write(KernelWrite write) {
      keep(write.target()).write(write.text());
    }
  }

  /** The kernel's file by a descriptor of this process, where the value is its text, unchanged. */
  public OptionalInt descriptor() {
    int descriptor = reading.isPlain() ? read.getFirst().descriptor() : -1;
    return descriptor < 0 ? OptionalInt.empty() : OptionalInt.of(descriptor);
  }

  @Override
  public synchronized void close() {
    closed = true;
    kept.values().forEach(Kept::close);
    kept.clear();
  }
}
