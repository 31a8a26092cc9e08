package bailey.testkit.namespace;

import bailey.core.container.View;
import java.util.Map;

/** A container that runs, as far as its control files go. */
public interface ControlledContainer {
  /** The value of a control file from one side. */
  String get(String control, View view);

  /** Sets a control file from outside. */
  void set(String control, String value);

  /** As {@link #get(String, View)}, from outside. */
  default String get(String control) {
    return get(control, View.EXTERNAL);
  }

  /** What holds. */
  String effective(String control);

  /** All that can be read. */
  Map<String, String> all();
}
