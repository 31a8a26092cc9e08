package bailey.core.plan;

import bailey.core.abi.Errno;
import java.util.List;

/** What a refused system call means. */
public sealed interface OnError {
  /** The plan has failed: what was acquired is undone, in reverse. */
  record Fail() implements OnError {}

  /** Nothing: go on. */
  record Ignore() implements OnError {}

  /** These errors are results, others are failures. One to four of them. */
  record Allow(List<Errno> errors) implements OnError {
    /** Checks that the executor's step has room for them. */
    public Allow {
      if (errors.isEmpty() || errors.size() > 4) {
        throw new IllegalArgumentException("one to four errors, not " + errors.size());
      }
    }
  }

  /** The plan fails. */
  OnError FAIL = new Fail();

  /** The plan goes on. */
  OnError IGNORE = new Ignore();

  /** The plan goes on after one of these. */
  static OnError allow(Errno... errors) {
    return new Allow(List.of(errors));
  }
}
