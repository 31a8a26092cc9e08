package bailey.containerfs.view;

import java.util.Locale;

/** /proc/swaps of a container: all that it may swap out as one, with the columns of the kernel. */
public final class Swaps {
  private static final String HEAD = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
  private static final long KIB = 1024;

  private Swaps() {}

  /** The text; only its head where there is no swap. */
  public static String render(Meminfo.Swap swap) {
    return swap.total() < KIB
        ? HEAD
        : HEAD
            + String.format(
                Locale.ROOT,
                "%-40s%s\t\t%d\t\t%d\t\t%d\n",
                "none",
                "virtual",
                swap.total() / KIB,
                swap.used() / KIB,
                0);
  }
}
