package bailey.cli.command;

import bailey.core.error.BadRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What mount(8) and fstab(5) give a helper behind {@code -o} besides what is meant for bailey. */
final class MountOptions {
  /** What holds anyway, or concerns who calls the helper. */
  private static final Set<String> PASSED_OVER =
      Set.of(
          "defaults",
          "rw",
          "auto",
          "noauto",
          "nofail",
          "_netdev",
          "user",
          "users",
          "nouser",
          "owner",
          "group",
          "nosuid",
          "nodev",
          "noexec",
          "async",
          "atime",
          "noatime",
          "diratime",
          "nodiratime",
          "relatime",
          "norelatime",
          "strictatime",
          "lazytime",
          "nolazytime",
          "silent",
          "loud",
          "sync",
          "dirsync",
          "iversion",
          "noiversion",
          "mand",
          "nomand");

  /** What would be another mount than the one there can be. */
  private static final Set<String> REFUSED = Set.of("ro", "suid", "dev", "exec", "remount", "bind");

  private static final List<String> COMMENTS = List.of("x-", "X-", "comment=");

  private MountOptions() {}

  /**
   * The names of a hierarchy or of subsystems among the options.
   *
   * @throws BadRequest where something is asked for that bailey does not do
   */
  static List<String> names(String options) {
    return Arrays.stream(options.split(",", -1))
        .filter(option -> !option.isEmpty() && !PASSED_OVER.contains(option))
        .filter(option -> COMMENTS.stream().noneMatch(option::startsWith))
        .peek(MountOptions::check)
        .toList();
  }

  private static void check(String option) {
    if (REFUSED.contains(option)) {
      throw new BadRequest(
          "mount: the option "
              + option
              + " is not for the containers, which are mounted rw,nosuid,nodev,noexec; mount them"
              + " so, and then mount -o remount,bind,ro DIR where nobody is to write");
    }
  }
}
