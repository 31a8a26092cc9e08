package bailey.core.subsystem;

import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupFiles.Kept;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A control file of one group that is read again and again: what it is read from stays open. Any
 * thread.
 */
public final class KeptControl implements AutoCloseable {
  private final Reading reading;
  private final List<Kept> files = new ArrayList<>();

  KeptControl(CgroupFiles from, String path, Reading reading) {
    this.reading = reading;
    boolean done = false;
    try {
      for (var file : reading.files()) {
        files.add(from.keep(file.controller(), path, file.name()));
      }
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  /**
   * The value now.
   *
   * @throws CgroupFiles.Refused by the kernel: with ENODEV where the group was removed, whatever is
   *     there now
   */
  public String value() {
    if (files.size() == 1) {
      return reading.value(files.getFirst().read());
    }
    return reading.value(files.stream().map(Kept::read).toList());
  }

  /** The kernel's file by a descriptor of this process, where the value is its text, unchanged. */
  public OptionalInt descriptor() {
    int descriptor = reading.isPlain() ? files.getFirst().descriptor() : -1;
    return descriptor < 0 ? OptionalInt.empty() : OptionalInt.of(descriptor);
  }

  @Override
  public void close() {
    files.forEach(Kept::close);
  }
}
