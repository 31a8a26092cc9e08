package bailey.core.kernel;

/**
 * An address of a network interface.
 *
 * @param bytes of it in hexadecimal digits: 8 of IPv4, 32 of IPv6
 * @param bits how many of them name the network
 */
public record NetAddress(String bytes, int bits) {}
