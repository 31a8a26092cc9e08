package bailey.cli.command;

import bailey.core.abi.KernelText;
import bailey.core.error.BadRequest;
import bailey.core.spec.IdentityRequest;
import bailey.core.spec.Malformed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Users and groups by name, from passwd(5) and group(5) of the root that a container gets: only its
 * own files are right there, and no name service is asked.
 */
final class Accounts {
  /** What is read of a file at most: it may be anybody's. */
  private static final int MOST_BYTES = 1 << 20;

  private final String root;
  private final List<String[]> users;
  private final List<String[]> groups;

  /** From the texts of the two files below {@code root}, which is named in errors. */
  Accounts(String root, String passwd, String group) {
    this.root = root.equals("/") ? "" : root;
    users = entries(passwd, 7);
    groups = entries(group, 4);
  }

  /**
   * Reads them below {@code root}; a file that is not there has no entries.
   *
   * @throws BadRequest if one is not a plain file, so that it might lead out of {@code root}, or
   *     cannot be read
   */
  static Accounts below(String root) {
    return new Accounts(root, read(root, "etc/passwd"), read(root, "etc/group"));
  }

  private static String read(String root, String name) {
    try {
      var file = Path.of(root, name);
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return "";
      }
      boolean own = root.equals("/");
      if (!own && (Files.isSymbolicLink(file.getParent()) || !isPlain(file))) {
        throw new BadRequest(
            "--user: " + file + " is not a plain file; give the user as numbers, UID:GID");
      }
      try (var in = Files.newInputStream(file)) {
        var bytes = in.readNBytes(MOST_BYTES);
        return KernelText.decode(bytes, 0, bytes.length);
      }
    } catch (IOException | InvalidPathException e) { // a path that this locale cannot express
      throw new BadRequest(
          "--user: " + root + "/" + name + " cannot be read; give the user as numbers, UID:GID", e);
    }
  }

  private static boolean isPlain(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static List<String[]> entries(String text, int fields) {
    var entries = new ArrayList<String[]>();
    for (var line : text.split("\n", -1)) {
      var entry = line.split(":", -1);
      if (entry.length >= fields && number(entry[2]) >= 0) {
        entries.add(entry);
      }
    }
    return entries;
  }

  /**
   * Who a command is to run as.
   *
   * @param identity its numbers
   * @param name the user's name, empty if it has none
   * @param home the home directory; {@code /} if it is not known
   */
  record Account(IdentityRequest identity, String name, String home) {}

  /**
   * Reads {@code USER} or {@code USER:GROUP}, each a name or a number. Without a group it is the
   * user's own, and for a number that is no user's, the same number. A user gets supplementary
   * groups only where no group is given.
   *
   * @throws BadRequest naming what is unknown
   */
  Account account(String text) {
    int colon = text.indexOf(':');
    String user = colon < 0 ? text : text.substring(0, colon);
    String[] entry = find(users, user);
    int uid = entry != null ? number(entry[2]) : number(user);
    if (uid < 0) {
      throw unknown(text, user, "user", "passwd");
    }
    int gid;
    List<Integer> others = List.of();
    if (colon >= 0) {
      gid = group(text, text.substring(colon + 1));
    } else if (entry != null) {
      gid = number(entry[3]);
      others = memberships(entry[0], gid);
    } else {
      gid = uid;
    }
    var identity = new IdentityRequest(uid, gid, others);
    return entry == null
        ? new Account(identity, "", "/")
        : new Account(identity, entry[0], entry[5].isEmpty() ? "/" : entry[5]);
  }

  /** The account of a number, if it has one. */
  Optional<Account> ofNumber(int uid) {
    var entry = find(users, Integer.toString(uid));
    return entry == null ? Optional.empty() : Optional.of(account(entry[0]));
  }

  private int group(String text, String group) {
    var entry = find(groups, group);
    int gid = entry != null ? number(entry[2]) : number(group);
    if (gid < 0) {
      throw unknown(text, group, "group", "group");
    }
    return gid;
  }

  private List<Integer> memberships(String user, int own) {
    var all = new LinkedHashSet<Integer>();
    for (var group : groups) {
      int gid = number(group[2]);
      if (gid != own && List.of(group[3].split(",", -1)).contains(user)) {
        all.add(gid);
      }
    }
    return List.copyOf(all);
  }

  private BadRequest unknown(String text, String name, String what, String file) {
    return Malformed.value(
        "--user",
        text,
        "names a " + what + ", \"" + name + "\", that is not in " + root + "/etc/" + file,
        "a name that is, or numbers, for example 1000:1000");
  }

  /** By name, else by number. */
  private static String @Nullable [] find(List<String[]> entries, String word) {
    for (var entry : entries) {
      if (entry[0].equals(word)) {
        return entry;
      }
    }
    int number = number(word);
    for (var entry : entries) {
      if (number >= 0 && number(entry[2]) == number) {
        return entry;
      }
    }
    return null;
  }

  /** 0 to 2^31-1; -1 for anything else. */
  private static int number(String text) {
    if (text.isEmpty() || text.length() > 10) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value > Integer.MAX_VALUE ? -1 : (int) value;
  }
}
