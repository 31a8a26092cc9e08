package bailey.linux.proc;

import bailey.core.kernel.SocketInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The files of /proc/PID/net that list sockets: unix, and those of the internet protocols
 * (proc_pid_net(5)). IPv4 addresses of IPv6 sockets are given as what they are.
 */
public final class SocketTable {
  private static final List<String> INTERNET =
      List.of("tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6");

  /** Where the fields are, between blanks. */
  private static final int LOCAL = 1;

  private static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final int INODE = 9;

  private static final int UNIX_INODE = 6;
  private static final int UNIX_PATH = 7;

  /** Digits of an IPv6 address, and of the words that the kernel writes it in. */
  private static final int IPV6_DIGITS = 32;

  private static final int WORD_DIGITS = 8;

  /** ::ffff:0:0/96 as the kernel writes it: words in the byte order of the machine. */
  private static final String MAPPED = "0000000000000000FFFF0000";

  /** TCP_LISTEN, TCP_TIME_WAIT: these have no process at the other end. */
  private static final List<String> UNCONNECTED = List.of("0A", "06");

  private SocketTable() {}

  /** The sockets in the network namespace of a process. */
  public static List<SocketInfo> readAll(long pid) {
    var all = new ArrayList<SocketInfo>();
    String folder = "/proc/" + pid + "/net/";
    for (var protocol : INTERNET) {
      all.addAll(internet(protocol, KernelFile.readOrEmpty(folder + protocol)));
    }
    all.addAll(unix(KernelFile.readOrEmpty(folder + "unix")));
    return all;
  }

  /** Of the text of a file such as tcp or udp6. */
  static List<SocketInfo> internet(String protocol, String text) {
    var all = new ArrayList<SocketInfo>();
    for (var line : KernelFile.lines(text)) {
      var words = KernelFile.words(line);
      if (words.size() <= INODE) {
        continue;
      }
      var local = address(words.get(LOCAL));
      var remote = address(words.get(REMOTE));
      var inode = Digits.decimal(words.get(INODE));
      if (local.isPresent() && remote.isPresent() && inode.isPresent()) {
        boolean connected =
            !words.get(REMOTE).endsWith(":0000") && !UNCONNECTED.contains(words.get(STATE));
        all.add(
            new SocketInfo(
                inode.getAsLong(),
                protocol,
                local.get(),
                connected ? remote.get() : "",
                OptionalLong.empty()));
      }
    }
    return all;
  }

  /** Of the text of the file unix. */
  static List<SocketInfo> unix(String text) {
    var all = new ArrayList<SocketInfo>();
    for (var line : KernelFile.lines(text)) {
      var words = KernelFile.words(line);
      if (words.size() > UNIX_INODE) {
        var inode = Digits.decimal(words.get(UNIX_INODE));
        if (inode.isPresent()) {
          all.add(
              new SocketInfo(
                  inode.getAsLong(),
                  "unix",
                  String.join(" ", words.subList(UNIX_PATH, words.size())),
                  "",
                  OptionalLong.empty()));
        }
      }
    }
    return all;
  }

  /** {@code 0100007F:1F90} is 127.0.0.1:8080; the kernel's word order is that of the machine. */
  private static Optional<String> address(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String digits = text.substring(0, colon).toUpperCase(Locale.ROOT);
    var port = Digits.parse(text.substring(colon + 1), 16);
    if (digits.startsWith(MAPPED)) {
      digits = digits.substring(MAPPED.length());
    }
    boolean six = digits.length() == IPV6_DIGITS;
    if (port.isEmpty() || (!six && digits.length() != WORD_DIGITS)) {
      return Optional.empty();
    }
    var address = new StringBuilder(six ? "[" : "");
    for (int word = 0; word < digits.length(); word += WORD_DIGITS) {
      for (int at = word + WORD_DIGITS - 2; at >= word; at -= 2) {
        var octet = Digits.parse(digits.substring(at, at + 2), 16);
        if (octet.isEmpty()) {
          return Optional.empty();
        }
        boolean first = address.length() == (six ? 1 : 0);
        if (six) {
          address.append(!first && (at - word) % 4 == 2 ? ":" : "");
          address.append(digits, at, at + 2);
        } else {
          address.append(first ? "" : ".").append(octet.getAsLong());
        }
      }
    }
    return Optional.of(
        (six ? address.toString().toLowerCase(Locale.ROOT) + "]" : address)
            + ":"
            + port.getAsLong());
  }
}
