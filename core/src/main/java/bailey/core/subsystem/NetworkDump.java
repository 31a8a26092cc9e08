package bailey.core.subsystem;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Interfaces and addresses in the kernel's answers to two dump requests of rtnetlink(7). Total:
 * what is cut short or not known is passed over.
 */
public final class NetworkDump {
  /** RTM_NEWLINK and RTM_NEWADDR, linux/rtnetlink.h. */
  private static final int NEW_LINK = 16;

  private static final int NEW_ADDRESS = 20;

  /** struct nlmsghdr, ifinfomsg and ifaddrmsg. */
  private static final int HEADER = 16;

  private static final int LINK = 16;
  private static final int ADDRESS = 8;

  /** IFLA_IFNAME, IFA_ADDRESS, IFA_LOCAL. */
  private static final int NAME = 3;

  private static final int PEER = 1;
  private static final int LOCAL = 2;

  private static final int IFF_UP = 1;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  private final Map<Integer, List<String>> links = new LinkedHashMap<>();
  private final Map<Integer, List<String>> addresses = new LinkedHashMap<>();

  /** A message that the kernel does not send: answers were left unread. */
  private static final int MORE = 0x7FFF;

  private boolean isCutShort;

  private NetworkDump() {}

  /** What stands for answers that were not read. */
  public static byte[] more() {
    var message = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    return message.putInt(HEADER).putShort((short) MORE).array();
  }

  /**
   * Lines {@code NAME up|down ADDRESS/BITS...} in the kernel's order; {@code ...} where there are
   * more.
   *
   * @param answers all of both, in the byte order of the machine, which is little-endian on all
   *     that bailey runs on
   */
  public static String interfaces(byte[] answers) {
    var dump = new NetworkDump();
    var buffer = ByteBuffer.wrap(answers).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.remaining() >= HEADER) {
      int start = buffer.position();
      int length = buffer.getInt(start);
      if (length < HEADER || length > buffer.remaining()) {
        break;
      }
      var body = buffer.slice(start + HEADER, length - HEADER).order(ByteOrder.LITTLE_ENDIAN);
      dump.message(buffer.getShort(start + 4), body);
      buffer.position((int) Math.min((long) start + aligned(length), buffer.limit()));
    }
    return dump.text();
  }

  private String text() {
    addresses.forEach(
        (index, list) -> {
          var link = links.get(index);
          if (link != null) {
            link.addAll(list);
          }
        });
    var lines = new ArrayList<String>();
    links.values().forEach(link -> lines.add(String.join(" ", link)));
    if (isCutShort) {
      lines.add("...");
    }
    return String.join("\n", lines);
  }

  private static int aligned(int length) {
    return (length + 3) & ~3;
  }

  private void message(int type, ByteBuffer body) {
    if (type == MORE) {
      isCutShort = true;
    } else if (type == NEW_LINK && body.limit() >= LINK) {
      var name = attributes(body, LINK).get(NAME);
      if (name != null) {
        boolean up = (body.getInt(8) & IFF_UP) != 0;
        links.put(
            body.getInt(4), new ArrayList<>(List.of(interfaceName(name), up ? "up" : "down")));
      }
    } else if (type == NEW_ADDRESS && body.limit() >= ADDRESS) {
      var attributes = attributes(body, ADDRESS);
      // of a point-to-point interface the other end is the address, and its own the local one
      var address = attributes.containsKey(LOCAL) ? attributes.get(LOCAL) : attributes.get(PEER);
      if (address != null && (address.length == IPV4_BYTES || address.length == IPV6_BYTES)) {
        addresses
            .computeIfAbsent(body.getInt(4), _ -> new ArrayList<>())
            .add(text(address) + "/" + Byte.toUnsignedInt(body.get(1)));
      }
    }
  }

  /** struct rtattr: length, type, and the value, each at a multiple of 4. */
  private static Map<Integer, byte[]> attributes(ByteBuffer body, int from) {
    var attributes = new LinkedHashMap<Integer, byte[]>();
    int at = from;
    while (at + 4 <= body.limit()) {
      int length = Short.toUnsignedInt(body.getShort(at));
      if (length < 4 || at + length > body.limit()) {
        break;
      }
      var value = new byte[length - 4];
      body.get(at + 4, value);
      attributes.put(Short.toUnsignedInt(body.getShort(at + 2)), value);
      at += aligned(length);
    }
    return attributes;
  }

  private static String interfaceName(byte[] value) {
    var text = new String(value, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  private static String text(byte[] address) {
    if (address.length == IPV6_BYTES) {
      return text6(address);
    }
    var parts = new ArrayList<String>();
    for (byte part : address) {
      parts.add(Integer.toString(Byte.toUnsignedInt(part)));
    }
    return String.join(".", parts);
  }

  /** As RFC 5952 has it: the longest run of two or more zero groups is {@code ::}. */
  private static String text6(byte[] address) {
    var groups = new ArrayList<String>();
    for (int i = 0; i < IPV6_BYTES; i += 2) {
      int group = (address[i] & 0xFF) << 8 | (address[i + 1] & 0xFF);
      var digits = HexFormat.of().toHexDigits((short) group).replaceAll("^0+", "");
      groups.add(digits.isEmpty() ? "0" : digits);
    }
    int start = -1;
    int most = 1;
    for (int i = 0; i < groups.size(); i++) {
      int n = 0;
      while (i + n < groups.size() && groups.get(i + n).equals("0")) {
        n++;
      }
      if (n > most) {
        start = i;
        most = n;
      }
    }
    return start < 0
        ? String.join(":", groups)
        : String.join(":", groups.subList(0, start))
            + "::"
            + String.join(":", groups.subList(start + most, groups.size()));
  }
}
