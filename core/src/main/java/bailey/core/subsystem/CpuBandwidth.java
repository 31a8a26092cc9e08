package bailey.core.subsystem;

import bailey.core.container.ValueFormat;
import bailey.core.spec.CpuAmount;
import bailey.core.spec.Malformed;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The value of {@code cpu.max}: {@code QUOTA PERIOD} in microseconds, {@code max} for no quota;
 * without a period, the usual 100000.
 */
record CpuBandwidth() implements ValueFormat {
  private static final Pattern FORM = Pattern.compile("(max|[0-9]{1,15})(?: ([0-9]{1,15}))?");

  @Override
  public String canonical(String control, String text) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw Malformed.value(control, text, "is no quota and period", help());
    }
    long period =
        match.group(2) == null ? CpuAmount.USUAL_PERIOD_MICROS : Long.parseLong(match.group(2));
    var quota =
        match.group(1).equals("max")
            ? OptionalLong.empty()
            : OptionalLong.of(Long.parseLong(match.group(1)));
    try {
      return new CpuAmount(quota, period).controlText();
    } catch (IllegalArgumentException e) {
      throw Malformed.range(control, text, "is out of range: " + e.getMessage(), help());
    }
  }

  /** The one with less time for each period. */
  @Override
  public Optional<String> lower(String a, String b) {
    return Optional.of(share(a) <= share(b) ? a : b);
  }

  private static double share(String canonical) {
    int space = canonical.indexOf(' ');
    var quota = canonical.substring(0, space);
    return quota.equals("max")
        ? Double.POSITIVE_INFINITY
        : (double) Long.parseLong(quota) / Long.parseLong(canonical.substring(space + 1));
  }

  @Override
  public String help() {
    return "QUOTA PERIOD in microseconds, for example 50000 100000 for half a CPU, or max";
  }
}
