package bailey.testkit;

import java.util.List;
import java.util.Random;

/**
 * Random values for property tests, the same for the same seed. One thread.
 *
 * <p>Numbers are as likely small as large, and often at the ends of their range, where mistakes
 * are.
 */
public final class Gen {
  private final Random random;

  /** Values that depend on {@code seed} alone; a failing test names it. */
  public Gen(long seed) {
    random = new Random(seed);
  }

  /** A number from {@code least} to {@code most}, both included; {@code least} is not negative. */
  public long number(long least, long most) {
    if (least < 0 || most < least) {
      throw new IllegalArgumentException("no number is in " + least + " to " + most);
    }
    return switch (random.nextInt(8)) {
      case 0 -> least;
      case 1 -> most;
      default -> {
        int bits = 64 - Long.numberOfLeadingZeros(most - least);
        long mask = bits == 0 ? 0 : -1L >>> (64 - (1 + random.nextInt(bits)));
        yield least + Math.min(random.nextLong() & mask, most - least);
      }
    };
  }

  /** One of {@code choices}, which has at least one. */
  public <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** A text of 0 to {@code most} characters, each one of {@code alphabet}. */
  public String text(String alphabet, int most) {
    var text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
