package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A file of a group: what reading gives and what writing does. */
record FakeFile(Supplier<String> reader, Consumer<String> writer) {
  /** One that can be read and written. */
  static FakeFile both(Supplier<String> reader, Consumer<String> writer) {
    return new FakeFile(reader, writer);
  }

  /** One that can only be read: kernfs says EINVAL to root who writes. */
  static FakeFile shown(Supplier<String> reader) {
    return new FakeFile(
        reader,
        _ -> {
          throw new KernelRefusal(Errno.EINVAL);
        });
  }

  /** One that can only be written. */
  static FakeFile written(Consumer<String> writer) {
    return new FakeFile(
        () -> {
          throw new KernelRefusal(Errno.EINVAL);
        },
        writer);
  }
}
