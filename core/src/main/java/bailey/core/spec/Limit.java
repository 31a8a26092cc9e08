package bailey.core.spec;

import bailey.core.error.BadRequest;
import java.util.OptionalLong;

/** The most bytes of something: a {@link Size}, or {@code max}, which is no limit of one's own. */
public sealed interface Limit {
  /** No limit of one's own: those of the ancestors still hold. */
  record Max() implements Limit {
    @Override
    public String toString() {
      return "max";
    }
  }

  /**
   * A limit.
   *
   * @param size the most that is allowed
   */
  record AtMost(Size size) implements Limit {
    @Override
    public String toString() {
      return size.toString();
    }
  }

  /** No limit. */
  static Limit max() {
    return new Max();
  }

  /** A limit of so many bytes, not negative. */
  static Limit ofBytes(long bytes) {
    return new AtMost(new Size(bytes));
  }

  /**
   * Reads {@code max} or a {@link Size}.
   *
   * @param option what the value was given to, such as {@code --memory}
   * @throws BadRequest naming {@code option}, the text and an example
   */
  static Limit parse(String option, String text) {
    return text.equals("max") ? max() : new AtMost(Size.parse(option, text));
  }

  /** The number of bytes; empty for {@code max}. */
  default OptionalLong bytes() {
    return switch (this) {
      case Max() -> OptionalLong.empty();
      case AtMost(var size) -> OptionalLong.of(size.bytes());
    };
  }

  /** As control files have it: decimal bytes, or {@code max}. */
  default String controlText() {
    return switch (this) {
      case Max() -> "max";
      case AtMost(var size) -> Long.toString(size.bytes());
    };
  }
}
