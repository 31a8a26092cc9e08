package bailey.core.spec;

import bailey.core.error.BadRequest;
import java.util.List;

/**
 * Who the command runs as, by numbers as the container sees them.
 *
 * @param uid user
 * @param gid group
 * @param groups supplementary groups
 */
public record IdentityRequest(int uid, int gid, List<Integer> groups) {
  /** Copies and checks. */
  public IdentityRequest {
    groups = List.copyOf(groups);
    if (uid < 0 || gid < 0) {
      throw new BadRequest(
          "--user: " + uid + ":" + gid + " has a negative id; ids go from 0 to 2147483647");
    }
  }

  /** The super-user. */
  public static final IdentityRequest ROOT = new IdentityRequest(0, 0, List.of());
}
