package bailey.core.subsystem;

import bailey.core.container.Amount;
import bailey.core.container.ValueFormat;
import bailey.core.spec.Malformed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The value of {@code io.weight}: {@code default N}, or just {@code N}, and a line {@code MAJ:MIN
 * N} for each device that has a weight of its own. Devices that are not named keep theirs.
 */
record DeviceWeights() implements ValueFormat {
  static final String DEFAULT = "default";

  private static final Amount RANGE = Amount.between(1, 10_000);

  @Override
  public String canonical(String control, String text) {
    var lines = new LinkedHashMap<String, String>();
    for (var line : text.split("\n", -1)) {
      int space = line.indexOf(' ');
      var who = space < 0 ? DEFAULT : line.substring(0, space);
      var key = who.equals(DEFAULT) ? who : DeviceNumber.parse(control, who, help()).toString();
      var weight = RANGE.canonical(control, line.substring(space + 1));
      if (lines.put(key, weight) != null) {
        throw Malformed.value(control, text, "gives " + key + " two weights", help());
      }
    }
    return KernelTable.print(lines);
  }

  /** The same lines with each weight translated. */
  static String map(String lines, UnaryOperator<String> weight) {
    var table = KernelTable.flat("io.weight", lines);
    table.replaceAll((_, value) -> weight.apply(value));
    return KernelTable.print(table);
  }

  /** The weights of a canonical value by device, {@link #DEFAULT} among them. */
  static Map<String, String> weights(String canonical) {
    return KernelTable.flat("io.weight", canonical);
  }

  @Override
  public String help() {
    return "a weight from 1 to 10000, or MAJ:MIN and a weight, for example 200 or 8:0 200";
  }
}
