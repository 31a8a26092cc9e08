package bailey.linux.proc;

import java.util.Random;

/** Text for parsers that must take any: bytes of a file's alphabet, or an example damaged. */
final class RandomText {
  static final long SEED = 20260102;

  private RandomText() {}

  /** Up to 80 characters out of {@code alphabet}. */
  static String of(Random random, String alphabet) {
    var text = new StringBuilder();
    for (int n = random.nextInt(80); n > 0; n--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  /** The example with a few characters replaced, removed, or doubled. */
  static String damaged(Random random, String example, String alphabet) {
    var text = new StringBuilder(example);
    for (int n = 1 + random.nextInt(4); n > 0 && !text.isEmpty(); n--) {
      int at = random.nextInt(text.length());
      char other = alphabet.charAt(random.nextInt(alphabet.length()));
      switch (random.nextInt(3)) {
        case 0 -> text.setCharAt(at, other);
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(20)));
        default -> text.insert(at, other);
      }
    }
    return text.toString();
  }
}
