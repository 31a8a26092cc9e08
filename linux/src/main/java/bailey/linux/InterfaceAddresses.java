package bailey.linux;

import bailey.core.kernel.NetAddress;
import bailey.linux.proc.KernelFile;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The addresses of network interfaces of this process's network namespace. */
final class InterfaceAddresses {
  private InterfaceAddresses() {}

  /** Those that are of more than the link or this host; empty where there is no such interface. */
  static Optional<List<NetAddress>> of(String device) {
    // the JDK finds those with addresses only
    boolean there =
        KernelFile.read("/proc/self/net/dev").stream()
            .flatMap(String::lines)
            .anyMatch(line -> line.strip().startsWith(device + ":"));
    return there ? Optional.of(wide(device)) : Optional.empty();
  }

  private static List<NetAddress> wide(String device) {
    try {
      return Stream.ofNullable(NetworkInterface.getByName(device))
          .flatMap(found -> found.getInterfaceAddresses().stream())
          .filter(address -> isWide(address.getAddress()))
          .map(InterfaceAddresses::read)
          .toList();
    } catch (SocketException _) {
      return List.of(); // it has just gone: moving it will say so
    }
  }

  private static NetAddress read(InterfaceAddress address) {
    return new NetAddress(
        HexFormat.of().formatHex(address.getAddress().getAddress()),
        address.getNetworkPrefixLength());
  }

  private static boolean isWide(InetAddress address) {
    return !address.isLinkLocalAddress()
        && !address.isLoopbackAddress()
        && !address.isMulticastAddress();
  }
}
