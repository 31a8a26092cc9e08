package bailey.core.bundle;

import bailey.core.kernel.NetAddress;
import java.util.List;

/**
 * A network interface of the machine that becomes the container's.
 *
 * @param outside its name on the machine
 * @param inside its name in the container
 * @param addresses that it had, and gets again: the kernel takes them away when it is moved
 */
public record NetDevice(String outside, String inside, List<NetAddress> addresses) {
  /** Copies. */
  public NetDevice {
    addresses = List.copyOf(addresses);
  }
}
