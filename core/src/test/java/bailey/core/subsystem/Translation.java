package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.stream.Collectors;

/** What is written and read for a control file, in short. */
final class Translation {
  private Translation() {}

  static Controller owner(String control) {
    return (Controller) Subsystems.standard().find(control).subsystem();
  }

  static ControlFile file(String control) {
    return Subsystems.standard().find(control).file();
  }

  static Change change(CgroupFeatures kernel, String... controlsAndValues) {
    var values = new LinkedHashMap<String, String>();
    for (int i = 0; i < controlsAndValues.length; i += 2) {
      values.put(controlsAndValues[i], controlsAndValues[i + 1]);
    }
    return owner(controlsAndValues[0]).change(kernel, values);
  }

  static String writes(Change change) {
    return change.writes().stream()
        .map(write -> write.file() + "=" + write.text())
        .collect(Collectors.joining("; "));
  }

  static String read(CgroupFeatures kernel, String control, String... texts) {
    return owner(control).reading(kernel, file(control)).value(Arrays.asList(texts));
  }
}
