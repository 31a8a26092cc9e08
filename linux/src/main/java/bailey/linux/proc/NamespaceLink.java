package bailey.linux.proc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The name of a namespace as links of /proc/PID/ns and /proc/PID/fd and the root field of nsfs
 * mounts have it: {@code net:[4026531840]} (namespaces(7)).
 *
 * @param kind such as {@code net}; also {@code pid} for the link {@code pid_for_children}
 * @param inode its number, which no other namespace has at the same time
 */
public record NamespaceLink(String kind, long inode) {
  /** Of a link in a ns or fd folder of /proc, empty if it is none or may not be read. */
  public static Optional<NamespaceLink> read(String link) {
    try {
      return parse(Files.readSymbolicLink(Path.of(link)).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Of such a text, empty if it is none. */
  public static Optional<NamespaceLink> parse(String text) {
    int open = text.indexOf(":[");
    if (open <= 0 || !text.endsWith("]")) {
      return Optional.empty();
    }
    for (int i = 0; i < open; i++) {
      char c = text.charAt(i);
      if ((c < 'a' || c > 'z') && c != '_') {
        return Optional.empty();
      }
    }
    var inode = Digits.decimal(text.substring(open + 2, text.length() - 1));
    return inode.isEmpty()
        ? Optional.empty()
        : Optional.of(new NamespaceLink(text.substring(0, open), inode.getAsLong()));
  }

  @Override
  public String toString() {
    return kind + ":[" + inode + "]";
  }
}
