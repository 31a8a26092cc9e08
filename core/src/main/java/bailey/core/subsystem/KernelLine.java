package bailey.core.subsystem;

import bailey.core.container.ValueFormat;
import bailey.core.spec.Malformed;

/** A line that only the kernel knows the meaning of: words and numbers, one blank apart. */
record KernelLine() implements ValueFormat {
  private static final int MOST = 1024;

  @Override
  public String canonical(String control, String text) {
    var line = text.strip().replaceAll("[ \\t]+", " ");
    if (line.isEmpty() || !line.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
      throw Malformed.value(control, text, "is no line of words and numbers", help());
    }
    if (line.length() > MOST) {
      throw Malformed.value(control, text, "has more than " + MOST + " characters", help());
    }
    return line;
  }

  @Override
  public String help() {
    return "what the kernel's documentation says, for example 1";
  }
}
