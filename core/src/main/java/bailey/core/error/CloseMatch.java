package bailey.core.error;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds what a mistyped word was meant to be. */
public final class CloseMatch {
  private CloseMatch() {}

  /**
   * The candidate nearest to {@code word}: at most one mistake (a character added, missing, wrong,
   * or two swapped) for each three characters, at least one; else the only one that starts with it.
   */
  public static Optional<String> of(String word, Collection<String> candidates) {
    int most = Math.max(1, word.length() / 3);
    int best = most + 1;
    String found = null;
    String longer = null;
    int beginnings = 0;
    for (var candidate : candidates) {
      int distance = distance(word, candidate);
      if (distance < best) {
        best = distance;
        found = candidate;
      }
      if (word.length() > 1 && candidate.startsWith(word)) {
        longer = candidate;
        beginnings++;
      }
    }
    return Optional.ofNullable(found != null ? found : beginnings == 1 ? longer : null);
  }

  /** {@code ; did you mean X?}, or nothing. */
  public static String question(String word, String prefix, Collection<String> candidates) {
    return of(word, candidates).map(near -> "; did you mean " + prefix + near + "?").orElse("");
  }

  /**
   * The candidates with the fewest mistakes, of at most {@code most}; several if none is nearer.
   */
  public static List<String> nearest(String word, Collection<String> candidates, int most) {
    int best = most;
    var found = new ArrayList<String>();
    for (var candidate : candidates) {
      int distance = distance(word, candidate);
      if (distance < best) {
        found.clear();
        best = distance;
      }
      if (distance == best) {
        found.add(candidate);
      }
    }
    return found;
  }

  /** Optimal string alignment: edits of one character and swaps of two neighbours. */
  static int distance(String a, String b) {
    var rows = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      rows[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      rows[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least =
            Math.min(rows[i - 1][j - 1] + change, Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, rows[i - 2][j - 2] + 1);
        }
        rows[i][j] = least;
      }
    }
    return rows[a.length()][b.length()];
  }
}
