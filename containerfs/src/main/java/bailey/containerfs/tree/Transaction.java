package bailey.containerfs.tree;

import bailey.Container;
import bailey.core.abi.Errno;
import bailey.core.container.ControlFile;
import bailey.core.error.ContainerException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Several control files set at once, all or none: everything that can be checked is checked first;
 * where the kernel refuses one, those that were set get their old values again.
 */
final class Transaction {
  private final Container container;
  private final Map<String, ControlFile> files;
  private final Map<String, String> values = new LinkedHashMap<>();

  private Transaction(Container container, Predicate<String> allowed) {
    this.container = container;
    this.files =
        container.controlFiles().stream()
            .filter(file -> allowed.test(file.name()))
            .collect(Collectors.toMap(ControlFile::name, Function.identity()));
  }

  /**
   * Lines of {@code NAME=VALUE} or {@code NAME VALUE}.
   *
   * @param allowed which control files the writer may set
   */
  static void apply(Container container, String text, Predicate<String> allowed) {
    var transaction = new Transaction(container, allowed);
    for (var line : text.split("\n", -1)) {
      if (!line.isBlank()) {
        transaction.add(line.strip());
      }
    }
    transaction.commit();
  }

  private void add(String line) {
    int end = 0;
    while (end < line.length() && line.charAt(end) != '=' && line.charAt(end) != ' ') {
      end++;
    }
    var name = line.substring(0, end);
    var file = files.get(name);
    if (file == null) {
      throw refused(name + " is no control file of " + container.name());
    }
    if (!file.external().writable()) {
      throw new FileRefused(Errno.EPERM, name + ": this file only reports, it cannot be set");
    }
    if (end == line.length()) {
      throw refused(name + " has no value");
    }
    if (values.putIfAbsent(name, file.canonical(line.substring(end + 1).strip())) != null) {
      throw refused(name + " is there twice");
    }
  }

  private static FileRefused refused(String what) {
    return new FileRefused(
        Errno.EINVAL,
        "container.apply: " + what + "; write NAME=VALUE, for example memory.max=64M");
  }

  private void commit() {
    var before = new LinkedHashMap<String, Optional<String>>();
    values
        .keySet()
        .forEach(
            name ->
                before.put(name, Optional.of(name).filter(this::isReadable).map(container::get)));
    var done = new ArrayList<String>();
    try {
      values.forEach(
          (name, value) -> {
            container.set(name, value);
            done.add(name);
          });
    } catch (ContainerException e) {
      takeBack(done.reversed(), before);
      throw e;
    }
  }

  private boolean isReadable(String name) {
    var file = files.get(name);
    return file != null && file.external().readable();
  }

  /**
   * What stands in the way of one old value, such as the new one of another, goes with the next.
   */
  private void takeBack(List<String> done, Map<String, Optional<String>> before) {
    for (var name : done) {
      try {
        before.getOrDefault(name, Optional.empty()).ifPresent(value -> container.set(name, value));
      } catch (ContainerException _) {
        // the first refusal is what the writer is told
      }
    }
  }
}
