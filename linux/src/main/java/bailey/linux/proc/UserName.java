package bailey.linux.proc;

import java.util.Optional;

/** Names of users, from /etc/passwd (passwd(5)) alone: no other source is asked. */
public final class UserName {
  private UserName() {}

  /** The name of the first line {@code name:password:uid:...} with this number. */
  public static Optional<String> find(String text, long uid) {
    for (var line : KernelFile.lines(text)) {
      int one = line.indexOf(':');
      int two = line.indexOf(':', one + 1);
      int three = line.indexOf(':', two + 1);
      if (one > 0 && two > 0 && three > 0) {
        var number = Digits.decimal(line.substring(two + 1, three));
        if (number.isPresent() && number.getAsLong() == uid) {
          return Optional.of(line.substring(0, one));
        }
      }
    }
    return Optional.empty();
  }
}
